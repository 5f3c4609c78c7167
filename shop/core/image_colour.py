"""Bring every kind of pixel to sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")


def is_flat(image: Image.Image) -> bool:
    """Whether `flattened` would give the picture back as it is."""
    return image.mode in ("L", "CMYK", "RGB") and "transparency" not in image.info


def flattened(image: Image.Image) -> Image.Image:
    """The same picture in mode L, CMYK or RGB: 8 bits, no palette, on white where transparent.

    Grey and CMYK are left so that `as_srgb` can still read them by their colour profile.
    """
    if is_flat(image):
        return image
    if image.mode.startswith("I"):  # 16 bits; converting at once would cut them off at 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        paint = image.convert("RGBA")
        paper = Image.new("RGBA", paint.size, "white")
        return Image.alpha_composite(paper, paint).convert("RGB")
    return image.convert("L" if image.mode == "1" else "RGB")


def as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in mode RGB, read by its ICC `profile` if it has a usable one."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            changed = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
        except Exception:  # noqa: BLE001 - a broken profile: the plain colours are the best left
            changed = None
        if changed is not None:
            return _bare(changed)
    return _bare(image.convert("RGB"))


def _bare(image: Image.Image) -> Image.Image:
    image.info.clear()  # encoders write some of it out again, comments for one
    return image
