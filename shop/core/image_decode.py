"""Turn whatever a phone sends into an upright sRGB picture, in bounded memory.

What decoding the largest picture allowed adds to the process, as measured: 90 MB for a
200-megapixel JPEG decoded in one pass; at 60 megapixels 300 MB for PNG, 400 MB for HEIF, 520 MB for
AVIF and for a progressive CMYK JPEG; 400 MB for WebP at its 24 megapixels.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pi_heif
from PIL import Image

from shop.core.image_colour import as_srgb, flattened, is_flat
from shop.core.image_faults import BadImage, ImageFault
from shop.core.image_formats import (
    decodes_in_one_pass,
    is_turned_by_container,
    looks_like_other_media,
    looks_like_photo,
    scans,
)

MAX_BYTES = 40_000_000
_MAX_PIXELS_ONE_PASS = 210_000_000
_MAX_PIXELS = {
    "JPEG": 60_000_000,
    "MPO": 60_000_000,
    "PNG": 60_000_000,
    "AVIF": 60_000_000,
    "HEIF": 60_000_000,
    "WEBP": 24_000_000,  # its decoder takes 16 bytes a pixel
}
_JPEGS = ("JPEG", "MPO")
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")  # Pillow finds MPO by way of JPEG
_MAX_SIDE = 65_535  # what a JPEG can state; beyond it rows become absurd
_MAX_SCANS = 40  # an encoder writes ten; each costs 0.06 s at 60 megapixels
_BAND_PIXELS = 1_000_000

# Whole pictures above this size are decoded one at a time, everything else two at a time.
_HEAVY_PIXELS = 16_000_000
_slots = threading.BoundedSemaphore(2)
_heavy = threading.Lock()

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112  # EXIF tag, CIPA DC-008 section 4.6.5

# Pillow's own limit stands at 179 megapixels, below the largest phone camera. Ours is checked on
# every file before it is decoded; Pillow's is the net under it.
Image.MAX_IMAGE_PIXELS = _MAX_PIXELS_ONE_PASS
pi_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)


def decode(data: bytes, longest: int) -> Image.Image:
    """The photo in `data`: upright, sRGB, no side above `longest` pixels, without any metadata.

    Of several frames the first (in HEIF the primary one) is taken; what is transparent becomes
    white. Raises `BadImage` and nothing else, whatever the bytes are.
    """
    if len(data) > MAX_BYTES:
        raise BadImage(ImageFault.TOO_MANY_BYTES)
    if not looks_like_photo(data):
        other = looks_like_other_media(data)
        raise BadImage(ImageFault.UNSUPPORTED if other else ImageFault.NOT_AN_IMAGE)
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            whole = not (image.format in _JPEGS and decodes_in_one_pass(data))
            _check_limits(image, data, whole)
            with _turn(heavy=whole and image.width * image.height > _HEAVY_PIXELS):
                return _picture(image, data, longest)
    except BadImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadImage(ImageFault.TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders fail with errors of every kind on hostile bytes
        raise BadImage(ImageFault.DAMAGED) from error


def _check_limits(image: Image.Image, data: bytes, whole: bool) -> None:
    """Raise `BadImage` for what would take too much memory or time; only the header is read."""
    limit = _MAX_PIXELS[image.format or ""] if whole else _MAX_PIXELS_ONE_PASS
    if image.width * image.height > limit or max(image.size) > _MAX_SIDE:
        raise BadImage(ImageFault.TOO_MANY_PIXELS)
    if image.format in _JPEGS and whole and scans(data) > _MAX_SCANS:
        raise BadImage(ImageFault.DAMAGED)


@contextmanager
def _turn(*, heavy: bool) -> Iterator[None]:
    """Wait for this picture's turn, so that pictures in memory stay few."""
    if heavy:
        with _heavy, _slots:  # in this order: who waits for the other must not hold a slot
            yield
    else:
        with _slots:
            yield


def _picture(image: Image.Image, data: bytes, longest: int) -> Image.Image:
    # A JPEG is decoded at 1/2, 1/4 or 1/8, still no smaller than this; other formats as they are.
    image.draft(None, _fitted(image.size, longest))
    image.load()
    wanted = _fitted(image.size, longest)
    small = _reduced(image, wanted)
    if small.size != wanted:
        small = small.resize(wanted, Image.Resampling.LANCZOS)
    turned = _UPRIGHT.get(_orientation(image, data))
    if turned is not None:
        small = small.transpose(turned)
    return as_srgb(small, image.info.get("icc_profile"))


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """`size` in its proportions, shrunk until no side is above `longest`; never enlarged."""
    ratio = max(1.0, max(size) / longest)
    return max(1, round(size[0] / ratio)), max(1, round(size[1] / ratio))


def _reduced(image: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    """The picture flattened, and averaged down where it is at least four times `wanted`.

    It goes band by band, since every change of mode would otherwise copy the whole picture.
    """
    factor = max(1, max(image.size) // (2 * max(wanted)))
    if factor == 1 and is_flat(image):
        return image
    rows = max(1, _BAND_PIXELS // image.width // factor) * factor
    bands = [
        flattened(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(factor)
        for top in range(0, image.height, rows)
    ]
    small = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    for number, band in enumerate(bands):
        small.paste(band, (0, number * rows // factor))
    return small


def _orientation(image: Image.Image, data: bytes) -> int:
    """How the picture lies, 1 to 8 as EXIF counts; 1 where that cannot be read."""
    try:
        if image.format == "HEIF":
            stated = image.info.get("original_orientation")
            return 1 if stated is None or is_turned_by_container(data) else int(stated)
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - broken EXIF is no reason to refuse the photo
        return 1
