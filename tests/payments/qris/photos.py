"""Photos of QRIS stickers as phones make them, drawn on the spot."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass

import segno
from PIL import Image, ImageChops, ImageFilter

Point = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """How a photo came out."""

    side: int = 1600
    """Pixels of its longer side."""
    cover: float = 0.5
    """How much of that side the sticker takes."""
    tilt: float = 0.15
    """How far its corners are off, as a part of its side."""
    angle: float | None = None
    """Degrees it is turned by; any where None."""
    blur: float = 0
    """Radius in pixels."""
    grain: float = 0
    contrast: float = 1
    shade: float = 0
    """How much darker one edge is than the other."""
    quality: int = 85


def sticker(text: str, side: int = 800) -> Image.Image:
    """A sheet with the code in its middle."""
    file = io.BytesIO()
    segno.make(text, error="m", micro=False).save(file, kind="png", scale=10, border=4)
    code = Image.open(file).convert("L").resize((side, side), Image.Resampling.LANCZOS)
    sheet = Image.new("L", (side * 5 // 4, side * 5 // 3), 255)
    sheet.paste(code, (side // 8, side // 3))
    return sheet


def photo(text: str, look: Look, dice: random.Random) -> bytes:
    """A JPEG of the sticker on a wall."""
    wide, high = look.side, look.side * 3 // 4
    wall = Image.effect_noise((wide // 8, high // 8), 60).resize((wide, high))
    sheet = sticker(text)
    width = look.side * look.cover
    if width < sheet.width:
        sheet = sheet.resize((int(width), int(width * sheet.height / sheet.width)))
    size = (width, width * sheet.height / sheet.width)
    corners = _corners(size, (wide / 2, high / 2), look, dice)
    eight = _plane(sheet.size, corners)
    kind, smooth = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    laid = sheet.transform((wide, high), kind, eight, smooth)
    mask = Image.new("L", sheet.size, 255).transform((wide, high), kind, eight)
    wall.paste(laid, (0, 0), mask)
    return _taken(wall, look, dice)


def _taken(seen: Image.Image, look: Look, dice: random.Random) -> bytes:
    if look.shade:
        light = Image.linear_gradient("L").resize(seen.size).rotate(dice.choice([0, 180]))
        light = light.point([255 - int(look.shade * (255 - v)) for v in range(256)])
        seen = ImageChops.multiply(seen, light)
    seen = seen.point([int(128 + (v - 128) * look.contrast) for v in range(256)])
    if look.blur:
        seen = seen.filter(ImageFilter.GaussianBlur(look.blur))
    if look.grain:
        seen = Image.blend(seen, Image.effect_noise(seen.size, look.grain * 4), 0.25)
    file = io.BytesIO()
    seen.convert("RGB").save(file, "JPEG", quality=look.quality)
    return file.getvalue()


def _corners(
    size: tuple[float, float], middle: Point, look: Look, dice: random.Random
) -> list[Point]:
    turned = math.radians(dice.uniform(0, 360) if look.angle is None else look.angle)
    points = []
    for right, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = right * size[0] / 2, down * size[1] / 2
        off = 1 + dice.uniform(-look.tilt, look.tilt)
        points.append(
            (
                middle[0] + off * (x * math.cos(turned) - y * math.sin(turned)),
                middle[1] + off * (x * math.sin(turned) + y * math.cos(turned)),
            )
        )
    return points


def _plane(size: tuple[int, int], seen: list[Point]) -> list[float]:
    """Pillow's eight numbers that lay a sheet of `size` onto the four corners `seen`."""
    flat = [(0, 0), (size[0], 0), (size[0], size[1]), (0, size[1])]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):  # Gauss and Jordan
        best = max(range(i, 8), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for k in range(8):
            if k != i:
                share = rows[k][i] / rows[i][i]
                rows[k] = [a - share * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [rows[i][8] / rows[i][i] for i in range(8)]
