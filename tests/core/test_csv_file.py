"""Tables open in a spreadsheet as they are, and run nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from shop.core.csv_file import csv_file, csv_lines


@pytest.mark.parametrize("text", ["=1+1", "+62", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_defused(text: str):
    (_, line) = csv_lines(("a",), [(text,)])
    assert next(csv.reader(io.StringIO(line, newline=""))) == [f"'{text}"]


def test_other_texts_and_figures_come_back_as_they_were():
    row = ('Kedai "Bu Ani"; baru', "baris\nkedua", "🦐, a=b", -5, 0)
    lines = "".join(csv_lines(("a", "b", "c", "d", "e"), [row]))
    assert list(csv.reader(io.StringIO(lines, newline="")))[1] == [str(cell) for cell in row]


def test_a_line_is_written_before_the_next_row_is_asked_for():
    asked = []

    def rows() -> Iterator[tuple[int]]:
        for number in range(3):
            asked.append(number)
            yield (number,)

    lines = csv_lines(("n",), rows())
    assert next(lines) == "n\r\n"
    assert next(lines) == "0\r\n"
    assert asked == [0]


def test_a_download_has_a_name_and_tells_spreadsheets_its_letters():
    made = csv_file("daftar.csv", ("nama",), [("Melur",)])
    assert made.get_data() == "\ufeffnama\r\nMelur\r\n".encode()
    assert made.headers["Content-Disposition"] == 'attachment; filename="daftar.csv"'
