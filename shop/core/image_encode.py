"""Write the sizes and formats of a photo that pages show, and name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image

from shop.core.image_faults import BadImage, ImageFault

Format = Literal["avif", "webp", "jpeg"]

WIDTHS = (320, 640, 1280)
FORMATS: tuple[Format, ...] = ("avif", "webp", "jpeg")
CONTENT_TYPES: dict[Format, str] = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
}
PRIVATE = "private/"
"""The folder of the files that have no public address."""
_SUFFIXES: dict[Format, str] = {"avif": "avif", "webp": "webp", "jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a photo in one format; width and height in pixels."""

    width: int
    height: int
    format: Format
    data: bytes
    content_type: str


def rendition_widths(master_width: int) -> tuple[int, ...]:
    """The widths in which a photo of `master_width` pixels is shown: never wider than it is.

    A photo between two steps is also shown in its own width, so that nothing of it is lost.
    """
    steps = tuple(width for width in WIDTHS if width <= master_width)
    return steps if WIDTHS[-1] in steps or master_width in steps else (*steps, master_width)


def renditions(master_jpeg: bytes) -> Iterator[Rendition]:
    """All sizes and formats of a master, decoded once and made one by one as they are asked for.

    Takes about 2 CPU seconds, most of it for AVIF: work for a job. Raises `BadImage`.
    """
    try:
        master = Image.open(BytesIO(master_jpeg), formats=("JPEG",))
        master.load()
    except Exception as error:  # whatever the decoder says, the stored file is not a master
        raise BadImage(ImageFault.DAMAGED) from error
    for width in rendition_widths(master.width):
        small = resized(master, width)
        for name in FORMATS:
            yield encoded(small, name)


def resized(image: Image.Image, width: int) -> Image.Image:
    """`image` at `width` pixels, or as it is if it is not wider."""
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def encoded(image: Image.Image, format: Format) -> Rendition:
    """The rendition of a whole picture (mode RGB); the same picture gives the same bytes."""
    file = BytesIO()
    if format == "avif":
        # One thread: the web server's workers live on the same processors.
        image.save(file, "AVIF", quality=50, speed=8, max_threads=1)
    elif format == "webp":
        image.save(file, "WEBP", quality=75, method=2)  # 4, the default, takes twice as long
    else:
        image.save(file, "JPEG", quality=78, optimize=True)
    return Rendition(*image.size, format, file.getvalue(), CONTENT_TYPES[format])


def master_key(sha256: str, *, private: bool = False) -> str:
    """Where a photo's master is stored, `ab/abcdef….jpg`; private ones lie in a folder apart."""
    return f"{PRIVATE if private else ''}{sha256[:2]}/{sha256}.jpg"


def rendition_key(sha256: str, width: int, format: Format, *, private: bool = False) -> str:
    """Where a rendition of the master `sha256` is stored, `ab/abcdef…-640.webp`."""
    folder = PRIVATE if private else ""
    return f"{folder}{sha256[:2]}/{sha256}-{width}.{_SUFFIXES[format]}"
