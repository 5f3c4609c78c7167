"""A drawn code reads back; a sample carries its name; anything else is not drawn."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from shop.core.qr import qr_png, qr_svg
from shop.payments.qris import BadQris, picture_png, picture_svg, read, read_picture, with_amount
from tests.payments.qris.codes import STATIC, VECTORS

REAL = VECTORS["qris-static-toko-contoh"]["payload"]


@pytest.mark.parametrize("text", [STATIC, REAL, with_amount(read(STATIC), 10_000_000)])
@pytest.mark.parametrize("size", [1, 300, 720])
def test_the_picture_reads_back_and_is_no_smaller_than_asked(text: str, size: int):
    png = picture_png(text, size)
    assert Image.open(io.BytesIO(png)).width >= size
    if size >= 300:
        assert read_picture(png).text == text


def test_a_code_of_nobody_has_contoh_across_it():
    drawn = picture_svg(STATIC, "QRIS")
    assert ">CONTOH</text></svg>" in drawn
    assert "style" not in drawn
    colours = Image.open(io.BytesIO(picture_png(STATIC))).convert("RGB").getcolors(100_000)
    assert any(red > 120 and blue < 90 for _, (red, _green, blue) in colours or [])


def test_a_real_code_is_drawn_as_it_is():
    assert picture_svg(REAL, "QRIS") == qr_svg(REAL, "QRIS")
    assert picture_png(REAL, 1) == qr_png(REAL, 1)


@pytest.mark.parametrize("text", ["", STATIC[:-1], "https://pelantar.example/"])
def test_what_is_no_sound_code_is_not_drawn(text: str):
    for draw in (picture_svg, picture_png):
        with pytest.raises(BadQris):
            draw(text)
