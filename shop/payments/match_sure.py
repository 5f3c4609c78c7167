"""All lines that can be only one thing, at one press."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy.orm import Session

from shop.core.lifecycle import IllegalMove
from shop.payments import match_line
from shop.payments.match_line import DoesNotFit
from shop.payments.queries_bank import new_lines
from shop.payments.settle import AlreadySettled, Gone
from shop.payments.suggest_match import Suggestion, suggest

Chosen = tuple[uuid.UUID | None, uuid.UUID | None, date | None, uuid.UUID | None]
"""A payment, or an entry, or a day of QRIS, or a batch of payouts."""


def match_sure(session: Session, *, person_id: uuid.UUID | None) -> int:
    """Match every line that is sure; how many there were.

    Each stands for itself: what somebody else matched meanwhile, or what fits no more, is left as
    it is and keeps no other line back.
    """
    found = suggest(session, new_lines(session))
    wanted = [(line_id, chosen(some[0])) for line_id, some in found.items() if _sure(some)]
    return sum(_tried(session, line_id, one, person_id) for line_id, one in wanted)


def match_chosen(
    session: Session, line_id: uuid.UUID, one: Chosen, *, person_id: uuid.UUID | None
) -> None:
    """Match a line with the one thing that is named.

    Raises `IllegalMove`, `DoesNotFit`, and what `match_line.pay_with` raises.
    """
    payment_id, entry_id, day, batch_id = one
    if payment_id is not None:
        match_line.pay_with(session, line_id, payment_id, person_id=person_id)
    elif entry_id is not None:
        match_line.link(session, line_id, [entry_id], person_id=person_id)
    elif day is not None:
        match_line.acquired(session, line_id, day, person_id=person_id)
    elif batch_id is not None:
        match_line.pay_batch(session, line_id, batch_id, person_id=person_id)


def chosen(one: Suggestion) -> Chosen:
    """What a suggestion names."""
    payment, entry = one.payment, one.entry
    return (
        payment.id if payment else None, entry.id if entry else None, one.sales_day, one.batch_id
    )  # fmt: skip


def _sure(some: list[Suggestion]) -> bool:
    return bool(some) and some[0].sure


def _tried(session: Session, line_id: uuid.UUID, one: Chosen, person_id: uuid.UUID | None) -> bool:
    try:
        with session.begin_nested():
            match_chosen(session, line_id, one, person_id=person_id)
    except (IllegalMove, DoesNotFit, AlreadySettled, Gone):
        return False
    return True
