"""Photos: what is refused, and that nothing else goes wrong."""

from __future__ import annotations

import random
import threading
import time
import warnings
from pathlib import Path
from typing import Literal

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel, force_locale
from PIL import Image

import shop
from shop.core import image_decode
from shop.core.image_formats import decodes_in_one_pass
from shop.core.images import BadImage, ImageFault, fault_message, normalise
from tests.photos import lively, quarters, saved, with_size

# 34 bytes that claim 16,383 x 16,383 pixels.
_WEBP_BOMB = bytes.fromhex("524946461a000000574542505650384c0e0000002ffebfff0f071011fd0f4444ff03")


def fault_of(data: bytes) -> ImageFault:
    with pytest.raises(BadImage) as caught:
        normalise(data)
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", ImageFault.NOT_AN_IMAGE),
        (b"Halo, ini surat.", ImageFault.NOT_AN_IMAGE),
        (b"<html><script>alert(1)</script>", ImageFault.NOT_AN_IMAGE),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", ImageFault.UNSUPPORTED),
        (b"%PDF-1.7 ...", ImageFault.UNSUPPORTED),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", ImageFault.UNSUPPORTED),
        (saved(quarters(), "GIF"), ImageFault.UNSUPPORTED),
        (saved(quarters(), "BMP"), ImageFault.UNSUPPORTED),
        (saved(quarters(), "TIFF"), ImageFault.UNSUPPORTED),
        (b"\xff\xd8\xff", ImageFault.DAMAGED),
        (b"\x89PNG\r\n\x1a\n", ImageFault.DAMAGED),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", ImageFault.DAMAGED),
    ],
)
def test_other_files_are_refused(data: bytes, reason: ImageFault) -> None:
    assert fault_of(data) == reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_photo_cut_short_is_refused(kind: str) -> None:
    data = saved(lively(400, 300), kind)
    assert fault_of(data[: len(data) // 2]) == ImageFault.DAMAGED


def test_too_many_bytes_are_refused() -> None:
    assert fault_of(saved(quarters(), "JPEG") + bytes(40_000_000)) == ImageFault.TOO_MANY_BYTES


@pytest.mark.parametrize("warning", ["error", "ignore"])
def test_bombs_are_refused_from_their_header(warning: Literal["error", "ignore"]) -> None:
    small = quarters(64, 64)
    flowing = saved(small, "JPEG", progressive=True)
    black = saved(Image.new("1", (10_000, 10_000)), "PNG", optimize=True)
    assert len(black) < 13_000
    bombs = {
        "PNG of 100 megapixels": black,
        "WebP of 268": _WEBP_BOMB,
        "WebP of 25": saved(Image.new("RGB", (5000, 5000)), "WEBP", lossless=True, method=0),
        "progressive JPEG of 100": with_size(flowing, 10_000, 10_000),
        "baseline JPEG of 225": with_size(saved(small, "JPEG"), 15_000, 15_000),
        "baseline JPEG of 4225": with_size(saved(small, "JPEG"), 65_000, 65_000),
    }
    for name, data in bombs.items():
        began = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter(warning, Image.DecompressionBombWarning)
            assert fault_of(data) == ImageFault.TOO_MANY_PIXELS, name
        assert time.process_time() - began < 0.2, name


def test_only_sequential_jpegs_decode_in_one_pass() -> None:
    plain = saved(quarters(), "JPEG")
    assert decodes_in_one_pass(plain)
    assert decodes_in_one_pass(saved(quarters().convert("L"), "JPEG"))
    assert decodes_in_one_pass(plain[:2] + b"\xff" + plain[2:])
    assert not decodes_in_one_pass(saved(quarters(), "JPEG", progressive=True))
    scan = plain.index(b"\xff\xda")
    assert not decodes_in_one_pass(plain[: scan + 4] + b"\1" + plain[scan + 5 :])
    assert not decodes_in_one_pass(plain[:scan])
    assert not decodes_in_one_pass(b"\xff\xd8")


def test_endless_scans_are_refused() -> None:
    flowing = saved(quarters(), "JPEG", progressive=True)
    last = flowing.rindex(b"\xff\xda")
    assert fault_of(flowing[:-2] + flowing[last:-2] * 50 + b"\xff\xd9") == ImageFault.DAMAGED


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_hostile_bytes_raise_nothing_else(kind: str) -> None:
    chance = random.Random(kind)
    exif = Image.Exif()
    exif[0x0112] = 6
    good = saved(lively(64, 48), kind, exif=exif, icc_profile=bytes(200))
    refused = 0
    for _ in range(200):
        bad = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            normalise(bytes(bad[: chance.randint(len(bad) // 2, len(bad) * 3)]))
        except BadImage:
            refused += 1
    assert 0 < refused <= 200


@pytest.mark.parametrize("error", [MemoryError(), SyntaxError(), OSError(), RecursionError()])
def test_every_error_of_a_decoder_is_a_bad_image(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Image.Image:
        raise error

    monkeypatch.setattr(image_decode, "_picture", fail)
    assert fault_of(saved(quarters(), "PNG")) == ImageFault.DAMAGED


@pytest.mark.parametrize(("heavy_above", "at_once"), [(1_000_000, 2), (0, 1)])
def test_few_pictures_are_decoded_at_once(
    heavy_above: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, peak, count = 0, 0, threading.Lock()
    real = image_decode._picture

    def counted(image: Image.Image, data: bytes, longest: int) -> Image.Image:
        nonlocal running, peak
        with count:
            running += 1
            peak = max(peak, running)
        time.sleep(0.02)
        result = real(image, data, longest)
        with count:
            running -= 1
        return result

    monkeypatch.setattr(image_decode, "_picture", counted)
    monkeypatch.setattr(image_decode, "_HEAVY_PIXELS", heavy_above)
    data = saved(quarters(), "PNG")
    threads = [threading.Thread(target=normalise, args=(data,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert peak == at_once


def test_every_fault_is_told_in_both_languages() -> None:
    app = Flask(__name__)
    Babel(app)
    po = Path(shop.__file__).parent / "translations" / "en" / "images.po"
    english = read_po(po.open("rb"))
    with app.test_request_context(), force_locale("id"):
        told = [fault_message(fault) for fault in ImageFault]
    assert len(set(told)) == len(ImageFault)
    assert {message.id for message in english if message.id} == set(told)
    assert all(message.string for message in english)
