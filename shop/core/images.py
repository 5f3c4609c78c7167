"""Photos: from whatever a phone sends to what the shop keeps and shows."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from shop.core.image_decode import MAX_BYTES, decode
from shop.core.image_encode import (
    CONTENT_TYPES,
    FORMATS,
    PRIVATE,
    WIDTHS,
    Format,
    Rendition,
    encoded,
    master_key,
    rendition_key,
    rendition_widths,
    renditions,
    resized,
)
from shop.core.image_faults import BadImage, ImageFault, fault_message
from shop.core.tones import TONES, tone_of

__all__ = [
    "CONTENT_TYPES",
    "FORMATS",
    "MAX_BYTES",
    "PRIVATE",
    "TONES",
    "WIDTHS",
    "BadImage",
    "Format",
    "ImageFault",
    "NormalisedImage",
    "Rendition",
    "fault_message",
    "master_key",
    "normalise",
    "rendition_key",
    "rendition_widths",
    "renditions",
]

_LONGEST = 2048
_THUMBNAIL_WIDTH = 640


@dataclass(frozen=True, slots=True)
class NormalisedImage:
    """A photo as the shop keeps it; width and height in pixels."""

    jpeg: bytes
    """The master, from which every other size is made."""
    sha256: str
    """The master's hash, hexadecimal; its names in storage come from it."""
    width: int
    height: int
    tone: str
    """Which of the twelve tones stands in for it while it loads."""
    thumbnail: Rendition
    """A small rendition, made at once, for pages that are opened before the job has run."""


def normalise(data: bytes) -> NormalisedImage:
    """Check an uploaded photo and make its master and its first small rendition.

    The master is always written anew: upright, sRGB, no side above 2048 pixels, and nothing of
    what came with the file (place, camera, comments) goes into it. Takes about 35 CPU milliseconds
    for a photo of one megapixel, and waits while two others are being decoded. Raises `BadImage`.
    """
    image = decode(data, _LONGEST)
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    jpeg = file.getvalue()
    small = resized(image, _THUMBNAIL_WIDTH)
    return NormalisedImage(
        jpeg=jpeg,
        sha256=sha256(jpeg).hexdigest(),
        width=image.width,
        height=image.height,
        tone=tone_of(small),
        thumbnail=encoded(small, "webp"),
    )
