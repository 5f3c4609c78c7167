"""The production sheet as PDF, to hang up in the kitchen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from reportlab.platypus import Flowable

from shop.core.i18n import chosen
from shop.core.letters import load_faces
from shop.core.paper import SHEETS, Sheet, heads, line_above, pdf, table, words_of
from shop.orders import words
from shop.orders.queries_making import MakingDay, ToMake, Wanted


def making_pdf(days: Sequence[MakingDay], stall: str) -> bytes:
    """What to make, a table a day, on A4."""
    load_faces()
    sheet, title = SHEETS["A4"], gettext("Yang dibuat")
    story: list[Flowable] = [words_of(f"{stall}: {title}", sheet.style(1.5, bold=True))]
    story += [_day(found, sheet) for found in days]
    return pdf(sheet, story, title=title, author=stall)


def thing(found: ToMake) -> str:
    """`Nasi lemak, pedas (bungkus), +3 belum diterima`."""
    name = ", ".join(filter(None, (chosen(found, "name"), found.variant_name)))
    unit = chosen(found, "unit")
    said = f"{name} ({unit})" if unit else name
    if found.pieces and found.waiting:
        said += ", " + gettext("+%(pieces)d belum diterima", pieces=found.waiting)
    return said


def order(found: Wanted) -> str:
    """`3 · 4F2K7MQ9 Ratna “pedas”, belum diterima`."""
    said = f"{found.pieces} · {found.number} {found.buyer}"
    said += f" “{found.note}”" if found.note else ""
    return said + (f", {gettext('belum diterima')}" if found.waiting else "")


def _day(found: MakingDay, sheet: Sheet) -> Flowable:
    rows: list[list[Any]] = [[words_of(words.day_heading(found.day), sheet.style(1.3, bold=True))]]
    lines = heads(3)
    for item in found.things:
        lines.append(line_above(len(rows)))
        for_orders = [words_of(order(wanted), sheet.style(0.9)) for wanted in item.orders]
        pieces = words_of(_pieces(item), sheet.style(1.4, bold=True))
        rows.append([pieces, words_of(thing(item), sheet.style(1.1)), for_orders[0]])
        rows += [["", "", other] for other in for_orders[1:]]
    first, second = sheet.text * 4, sheet.width * 0.4
    return table(rows, (first, second, sheet.width - first - second), *lines)


def _pieces(item: ToMake) -> str:
    """`12`; `+3` where nothing is accepted yet."""
    return str(item.pieces) if item.pieces else f"+{item.waiting}"
