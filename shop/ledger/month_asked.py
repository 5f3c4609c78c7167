"""The month that the address of a statement asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import abort, request

from shop.core import clock


def month_asked(months: Sequence[date] = ()) -> date | None:
    """The Jakarta month written `?month=2026-11`, else the newest of `months`, or none.

    404 for anything else.
    """
    text = request.args.get("month")
    if not text:
        return months[0] if months else None
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=clock.WIB).date()
    except ValueError:
        abort(404)
