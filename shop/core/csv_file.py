"""Tables as files that spreadsheets and banks open."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from werkzeug.wrappers import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table line by line. Texts that a spreadsheet would run as a formula are defused."""
    writer = csv.writer(_Echo())
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([_plain(cell) for cell in row])


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download called `name`, of a table that is small enough to be held whole."""
    text = "".join(csv_lines(head, rows))
    response = Response(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """Gives each line back to `writerow` in place of keeping it."""

    def write(self, line: str) -> str:
        return line


def _plain(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell
