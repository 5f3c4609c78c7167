"""What of a sale belongs to a lot, and what is left to be shared by a group's rule."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from shop.core.money import split
from shop.ledger import sales

Since = Mapping[uuid.UUID, date]
"""Product → the first day whose sales go to its lots."""


def by_line(sale: sales.Sale, earned: int, since: Since) -> dict[uuid.UUID, int]:
    """The rupiah of `earned` that go to lots, by line: lines and delivery have it by their worth.

    Together with what is left they are `earned`, whatever became of the sale.
    """
    lines = [line for line in sale.lines if is_pooled(line, sale.sold_on, since)]
    values = [max(line.value, 0) for line in sale.lines] + [max(sale.delivery, 0)]
    if not lines or not any(values):
        return {}
    parts = split(earned, values)
    found = dict(zip([line.id for line in sale.lines], parts, strict=False))
    return {line.id: found[line.id] for line in lines}


def is_pooled(line: sales.SoldLine, sold_on: date, since: Since) -> bool:
    """Whether a line sold on this day goes to a lot."""
    first = since.get(line.product_id) if line.product_id else None
    return first is not None and first <= sold_on


def left_to_share(session: Session, sale: sales.Sale, earned: int) -> tuple[sales.Sale, int]:
    """The sale without its pooled lines, and what of `earned` rupiah is not theirs."""
    since = sales.pooled(session, sale.seller_id)
    to_lots = by_line(sale, earned, since)
    if not to_lots:
        return sale, earned
    lines = tuple(line for line in sale.lines if line.id not in to_lots)
    return replace(sale, lines=lines), earned - sum(to_lots.values())
