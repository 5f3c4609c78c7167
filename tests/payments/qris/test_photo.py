"""A code is read from photos as people take them, and refused by name where it cannot be."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps

from shop.core.images import BadImage, ImageFault
from shop.payments.qris import BadQris, picture_png, read, read_picture
from shop.payments.qris.faults import QrisFault as F
from tests.payments.qris.codes import DYNAMIC, STATIC, VECTORS, changed
from tests.payments.qris.photos import Look, photo, sticker
from tests.photos import lively, saved

EASY = {
    "straight": Look(tilt=0, angle=0),
    "turned": Look(),
    "from the side": Look(tilt=0.3),
    "far away": Look(cover=0.15),
    "blurred": Look(blur=4),
    "very blurred": Look(blur=5),
    "grainy": Look(grain=50),
    "pale": Look(contrast=0.08),
    "very pale": Look(contrast=0.05, quality=90),
    "half in the shade": Look(shade=0.9),
    "sent by a messenger": Look(quality=8),
    "all of it": Look(tilt=0.2, blur=1.5, grain=20, contrast=0.4, shade=0.5, quality=40),
}
"""Photos a person would call readable. Measured: all of 40 of each are read."""


def refused(data: bytes) -> F:
    with pytest.raises(BadQris) as caught:
        read_picture(data)
    return caught.value.fault


@pytest.mark.parametrize("name", EASY)
def test_photos_as_phones_take_them_are_read(name: str):
    dice = random.Random(name)
    found = [read_picture(photo(STATIC, EASY[name], dice)).text for _ in range(3)]
    assert found == [STATIC] * 3


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_each_kind_of_photo_the_shop_takes_is_read(format: str):
    assert read_picture(saved(sticker(STATIC).convert("RGB"), format)).text == STATIC


def test_a_photo_stored_on_its_side_a_white_code_on_black_and_a_see_through_one_are_read():
    exif = Image.Exif()
    exif[0x0112] = 6
    side = saved(sticker(STATIC).rotate(90, expand=True), "JPEG", exif=exif)
    dark = saved(ImageOps.invert(sticker(STATIC)), "PNG")
    clear = io.BytesIO()
    segno.make(STATIC).save(clear, kind="png", scale=6, light=None)
    for data in (side, dark, clear.getvalue()):
        assert read_picture(data).text == STATIC


def test_a_small_code_in_a_big_photo_is_read():
    look = Look(side=4000, cover=0.12, angle=20)
    assert read_picture(photo(STATIC, look, random.Random(1))).text == STATIC


def test_a_tiny_picture_is_read():
    code = Image.open(io.BytesIO(picture_png(STATIC, 100))).resize((150, 150))
    assert read_picture(saved(code, "PNG")).text == STATIC


def beside(*texts: str) -> bytes:
    """Several codes on one wall."""
    sheets = [sticker(text, 400) for text in texts]
    wall = Image.new("L", (sum(sheet.width for sheet in sheets), sheets[0].height), 200)
    for number, sheet in enumerate(sheets):
        wall.paste(sheet, (number * sheet.width, 0))
    return saved(wall, "JPEG")


def test_other_codes_beside_it_do_not_matter():
    link, wifi = "https://wa.me/6281200000000", "WIFI:S:warung;T:WPA;P:rahasia;;"
    assert read_picture(beside(link, STATIC, wifi)).text == STATIC
    assert read_picture(beside(STATIC, STATIC)).text == STATIC
    assert read_picture(beside(VECTORS["emvco-spec-sample"]["payload"], STATIC)).text == STATIC


def test_two_qris_leave_open_which_one_is_meant():
    assert refused(beside(STATIC, VECTORS["qris-static-toko-contoh"]["payload"])) is F.SEVERAL_CODES


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("https://pelantar.example/", F.NOT_QRIS),
        (VECTORS["emvco-spec-sample"]["payload"], F.OTHER_COUNTRY),
        (VECTORS["neg-crc-zeros"]["payload"], F.INVALID_CRC),
        (VECTORS["neg-duplicate-tag"]["payload"], F.INVALID_DUPLICATE),
        (VECTORS["tpi-dynamic-over-limit"]["payload"], F.OVER_LIMIT),
        (STATIC[:150], F.TRUNCATED),
        (changed(t53="458"), F.OTHER_CURRENCY),
    ],
)
def test_the_fault_of_a_code_in_a_photo_is_told(text: str, fault: F):
    assert refused(saved(sticker(text), "JPEG")) is fault
    assert refused(beside("https://pelantar.example/", text)) is fault


def test_a_dynamic_code_is_read_too():
    assert read_picture(saved(sticker(DYNAMIC), "JPEG")).amount == 47_123


def test_without_a_readable_code_the_photo_is_refused():
    blurred = sticker(STATIC).filter(ImageFilter.GaussianBlur(25))
    half = sticker(STATIC).crop((0, 0, 500, 700))
    for picture in (lively(600, 400), Image.new("L", (300, 300), 255), blurred, half):
        assert refused(saved(picture, "JPEG")) is F.NO_CODE_FOUND


def test_what_is_no_photo_is_told_as_everywhere():
    with pytest.raises(BadImage) as caught:
        read_picture(b"halo")
    assert caught.value.reason is ImageFault.NOT_AN_IMAGE
    with pytest.raises(BadImage):
        read_picture(saved(sticker(STATIC), "JPEG")[:300])


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1500))
def test_whatever_the_bytes_are_the_fault_has_a_name(noise: bytes, at: int):
    whole = saved(sticker(STATIC, 200), "PNG")
    for data in (noise, whole[:at] + noise + whole[at + len(noise) :]):
        try:
            assert read_picture(data).text == STATIC
        except (BadImage, BadQris):
            continue


@pytest.mark.parametrize("name", ["pelantar", "dapur"])
def test_a_sample_says_so_across_the_code_and_is_still_read_by_a_phone(name: str):
    text = changed(t59=name.upper())
    assert read(text).is_sample
    look = replace(EASY["all of it"], contrast=0.8)
    drawn = Image.open(io.BytesIO(picture_png(text, 700)))
    assert read_picture(saved(drawn.rotate(33, expand=True), "JPEG", quality=look.quality))
