"""Photos: what becomes of a good one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

import shop
from shop.core.images import (
    TONES,
    BadImage,
    master_key,
    normalise,
    rendition_key,
    rendition_widths,
    renditions,
)
from tests.photos import difference, lively, opened, quarters, saved

_UNDO = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_stands_upright(kind: str, orientation: int) -> None:
    lying = quarters()
    undo = _UNDO[orientation]
    if undo is not None:
        lying = lying.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = normalise(saved(lying, kind, exif=exif, quality=95))
    assert (photo.width, photo.height) == (240, 160)
    assert difference(quarters(), opened(photo.jpeg)) < 6


def test_nothing_of_the_maker_s_home_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (0.0, 55.0, 6.5), 3: "E", 4: (104.0, 26.0, 47.0)})
    photo = normalise(
        saved(
            lively(1500, 1000),
            "JPEG",
            exif=exif,
            xmp=b"<x:xmpmeta>SecretPlace</x:xmpmeta>",
            comment=b"SecretWords",
            icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        )
    )
    kept = [photo.jpeg, photo.thumbnail.data, *(each.data for each in renditions(photo.jpeg))]
    assert len(kept) == 11
    for data in kept:
        assert not re.search(rb"Secret|xmpmeta|ICC_PROFILE", data)
        image = opened(data)
        assert not dict(image.getexif())
        assert not image.info.keys() & {"exif", "xmp", "icc_profile", "comment"}


def test_png_text_is_dropped() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretName")
    assert b"SecretName" not in normalise(saved(quarters(), "PNG", pnginfo=text)).jpeg


def test_large_photo_is_shrunk_and_small_one_left() -> None:
    large = normalise(saved(lively(5000, 2500), "PNG", compress_level=1))
    assert (large.width, large.height) == opened(large.jpeg).size == (2048, 1024)
    assert (large.thumbnail.width, large.thumbnail.height) == (640, 320)
    small = normalise(saved(quarters(90, 60), "JPEG"))
    assert (small.width, small.height) == (90, 60)
    assert (small.thumbnail.width, small.thumbnail.height) == (90, 60)


def test_extreme_shapes_survive() -> None:
    for size in ((1, 1), (1, 5000), (60_000, 2)):
        assert max(opened(normalise(saved(Image.new("RGB", size), "PNG")).jpeg).size) <= 2048


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16"])
def test_other_pixels_become_srgb(mode: str) -> None:
    grey = Image.linear_gradient("L")
    if mode == "I;16":
        wide = Image.new("I;16", grey.size)
        wide.putdata([value * 257 for value in grey.get_flattened_data()])
        source = saved(wide, "PNG")
    else:
        source = saved(grey.convert("RGB").convert(mode), "JPEG" if mode == "CMYK" else "PNG")
    result = opened(normalise(source).jpeg)
    assert result.mode == "RGB"
    shrunk = result.resize((16, 16), Image.Resampling.BOX)
    assert difference(shrunk, grey.resize((16, 16), Image.Resampling.BOX).convert("RGB")) < 6


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_transparent_becomes_white(kind: str) -> None:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 120, 160))
    result = opened(normalise(saved(image, kind)).jpeg)
    assert min(result.crop((0, 0, 100, 160)).getextrema()[0]) > 250
    assert result.getpixel((180, 40)) != (255, 255, 255)


def test_transparent_colour_of_a_palette_becomes_white() -> None:
    image = quarters().quantize(4)
    clear = image.getpixel((10, 10))
    result = opened(normalise(saved(image, "PNG", transparency=clear)).jpeg)
    pixel = result.getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


def test_first_frame_of_several_is_taken() -> None:
    second = Image.new("RGB", (240, 160), "black")
    for kind in ("MPO", "WEBP", "AVIF", "PNG"):
        many = saved(quarters(), kind, save_all=True, append_images=[second], quality=90)
        assert difference(quarters(), opened(normalise(many).jpeg)) < 8, kind


def test_same_photo_has_same_name() -> None:
    data = saved(lively(900, 700), "JPEG")
    one, other = normalise(data), normalise(data)
    assert one == other
    assert re.fullmatch("[0-9a-f]{64}", one.sha256)
    assert normalise(saved(quarters(), "PNG")).sha256 != one.sha256


def test_tone_is_the_nearest() -> None:
    for name, colour in TONES.items():
        assert normalise(saved(Image.new("RGB", (64, 64), colour), "PNG")).tone == name


def test_tones_are_those_of_the_stylesheet() -> None:
    css = Path(shop.__file__).parent / "static" / "css" / "components" / "photo.css"
    painted = re.findall(r"\.tone-(\w+) \{ --tone: (#\w{6}); \}", css.read_text("utf-8"))
    assert dict(painted) == TONES


@pytest.mark.parametrize(
    ("width", "steps"),
    [
        (2048, (320, 640, 1280)),
        (1280, (320, 640, 1280)),
        (960, (320, 640, 960)),
        (640, (320, 640)),
        (90, (90,)),
    ],
)
def test_renditions_are_never_enlarged(width: int, steps: tuple[int, ...]) -> None:
    assert rendition_widths(width) == steps
    made = list(renditions(normalise(saved(quarters(width, width // 2), "PNG")).jpeg))
    formats = ("avif", "webp", "jpeg")
    assert [(each.width, each.format) for each in made] == [(w, f) for w in steps for f in formats]
    for each in made:
        image = opened(each.data)
        assert image.size == (each.width, each.height)
        assert image.get_format_mimetype() == each.content_type


def test_thumbnail_is_the_rendition_to_come() -> None:
    photo = normalise(saved(lively(960, 960), "JPEG"))
    assert photo.thumbnail.format == "webp"
    assert opened(photo.thumbnail.data).size == (640, 640)


def test_keys_come_from_the_hash() -> None:
    assert master_key("abcdef") == "ab/abcdef.jpg"
    assert rendition_key("abcdef", 640, "webp") == "ab/abcdef-640.webp"
    assert rendition_key("abcdef", 320, "jpeg") == "ab/abcdef-320.jpg"


def test_broken_master_is_bad() -> None:
    with pytest.raises(BadImage):
        list(renditions(b"\xff\xd8\xff"))
