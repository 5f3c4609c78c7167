"""The twelve tones that stand in for a photo until it has loaded."""

from __future__ import annotations

from PIL import Image

# The same twelve as in static/css/components/photo.css, which paints them.
TONES = {
    "teak": "#7b583a",
    "wood": "#b08a66",
    "drift": "#a89b88",
    "linen": "#cfc3ae",
    "slate": "#3d4345",
    "sea": "#2b6159",
    "turmeric": "#c6923f",
    "cream": "#ddcba6",
    "brick": "#97533c",
    "leaf": "#66804a",
    "rose": "#c79d8e",
    "cocoa": "#574034",
}


def tone_of(image: Image.Image) -> str:
    """The name of the tone nearest to the mean colour of `image` (mode RGB)."""
    mean = image.resize((1, 1), Image.Resampling.BOX).tobytes()
    here = _oklab(mean)
    return min(TONES, key=lambda name: _distance(here, _LABS[name]))


def _oklab(rgb: bytes) -> tuple[float, float, float]:
    """OKLab of an sRGB colour, in which distance is what the eye sees.

    Source: B. Ottosson, "A perceptual color space for image processing" (2020).
    """
    red, green, blue = (_linear(value / 255) for value in rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(value: float) -> float:
    if value <= 0.04045:
        return value / 12.92
    return float(((value + 0.055) / 1.055) ** 2.4)


def _distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


_LABS = {name: _oklab(bytes.fromhex(code[1:])) for name, code in TONES.items()}
