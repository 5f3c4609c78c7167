"""Photos to test with, made on the spot."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageStat

QUARTERS = ("red", "green", "blue", "yellow")


def quarters(width: int = 240, height: int = 160) -> Image.Image:
    """A picture whose four quarters differ, so that its every turn shows."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(QUARTERS):
        corner = (number % 2 * width // 2, number // 2 * height // 2)
        image.paste(Image.new("RGB", (width // 2, height // 2), colour), corner)
    return image


def lively(width: int, height: int) -> Image.Image:
    """A picture with as much detail as a photo: smooth shapes under fine grain."""
    shapes = quarters(8, 8).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((width, height), 30).convert("RGB")
    return Image.blend(shapes, grain, 0.4)


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    """The bytes of `image` in one of Pillow's formats."""
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture in `data`, decoded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, from 0 (same) to 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one, other.convert(one.mode))).mean)


def huge_jpeg(width: int, height: int) -> bytes:
    """A baseline JPEG of any size, made without ever holding its pixels.

    One row of blocks is encoded and then repeated, with a restart marker between the copies.
    """
    strip = saved(lively(width, 16), "JPEG", quality=40, restart_marker_rows=1)
    frame = strip.index(b"\xff\xc0")
    scan = strip.index(b"\xff\xda")
    body = scan + 2 + int.from_bytes(strip[scan + 2 : scan + 4], "big")
    head = strip[: frame + 5] + height.to_bytes(2, "big") + strip[frame + 7 : body]
    row = strip[body:-2]
    rows = -(-height // 16)
    marked = b"".join(row + bytes([0xFF, 0xD0 + number % 8]) for number in range(rows - 1))
    return head + marked + row + b"\xff\xd9"


def with_size(jpeg: bytes, width: int, height: int) -> bytes:
    """`jpeg` with another size claimed in its header."""
    frame = max(jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2"))
    claimed = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return jpeg[: frame + 5] + claimed + jpeg[frame + 9 :]
