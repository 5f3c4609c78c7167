"""A code read back says what was put in, and is drawn without a style."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from shop.core.qr import qr_png, qr_rows, qr_svg

LINK = "https://pelantar.example/o/3uXh0ZkqYc-1_aZ93kd03jdjw8s1aA0k?a=1&b=<2>"


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("text", ["A", LINK, "Bu Rohána, 海鲜"])
def test_the_picture_reads_back(text: str):
    assert read(Image.open(io.BytesIO(qr_png(text)))) == [text]


def test_the_rows_draw_the_same_code():
    rows = qr_rows(LINK)
    side = (len(rows) + 8) * 6
    image = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(rows):
        for x, length in row:
            box = ((x + 4) * 6, (y + 4) * 6, (x + 4 + length) * 6 - 1, (y + 5) * 6 - 1)
            draw.rectangle(box, fill=0)
    assert read(image) == [LINK]


def test_the_drawing_has_a_name_and_no_style():
    drawn = qr_svg(LINK, 'Kode "uji" <b>')
    assert drawn.startswith('<svg role="img" aria-label="Kode &#34;uji&#34; &lt;b&gt;"')
    assert "style" not in drawn
    assert "viewBox" in drawn
    assert 'aria-hidden="true"' in qr_svg(LINK)
