"""A count of consigned pieces was wrong: take it back, with all that came of it."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import CursorResult, Table, select, update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog import consign
from shop.consignment.hand_on import outstanding
from shop.consignment.models import (
    Consignment,
    ConsignmentCount,
    ConsignmentEvent,
    ConsignmentLine,
    ConsignmentPayment,
)
from shop.consignment.record import NotConfirmed, held
from shop.consignment.states import CONSIGNMENT, ConsignmentState, CountKind, PaidBy
from shop.core import ids
from shop.core.lifecycle import move
from shop.ledger.consigned import book_taken_back

LONGEST_REASON = 300
_LINES = cast("Table", ConsignmentLine.__table__)


class NotACount(Exception):
    """No count of this consignment, or one that takes another back."""


class HandedOn(Exception):
    """The point has handed on money of it: `missing` rupiah more than it would have had.

    `last` is what it handed on last.
    """

    def __init__(self, missing: int, last: ConsignmentPayment) -> None:
        super().__init__(f"{missing} handed on too much")
        self.missing = missing
        self.last = last


def take_back(
    session: Session,
    consignment_id: uuid.UUID,
    count_id: uuid.UUID,
    reason: str,
    *,
    person_id: uuid.UUID | None,
    actor: str = "seller",
) -> bool:
    """Undo one count: the pieces lie there again, its entries are reversed; False where it is done.

    What was paid out of it already is owed by the seller and netted. Raises `NotACount`,
    `HandedOn`, `record.NotConfirmed` (the bank's list is the staff's), `catalog.reserve.SoldOut`
    where pieces that came back are promised to a buyer by now, and `ValueError` for a reason that
    no form of ours sends.
    """
    if not 0 < len(reason) <= LONGEST_REASON or not reason.strip():
        raise ValueError("a reason of 1 to 300 signs")
    lines = held(session, consignment_id)
    wrong = session.get(ConsignmentCount, count_id, populate_existing=True)
    if wrong is None or wrong.line_id not in lines or wrong.reverses_id is not None:
        raise NotACount
    if wrong.paid_by == PaidBy.PROGRAMME and actor != "staff":
        raise NotConfirmed
    known = select(ConsignmentCount.id).where(ConsignmentCount.reverses_id == count_id)
    if session.scalar(known) is not None:
        return False
    _check_money(session, consignment_id, wrong)
    line = lines[wrong.line_id]
    with session.begin_nested():
        _uncount(session, line, wrong)
        session.add(_counter(wrong, reason, person_id))
        session.flush()
        if wrong.kind == CountKind.RETURNED:
            pieces, key = {line.variant_id: wrong.quantity}, f"take-back:{wrong.id.hex}"
            consign.take_out(session, pieces, key=key, person_id=person_id)
        _open_again(session, consignment_id, reason, actor, person_id)
        if actor == "staff":
            audit.write(
                session, person_id, "consignment.taken_back", "consignment", consignment_id,
                kind=wrong.kind, pieces=wrong.quantity, amount=wrong.amount, reason=reason,
            )  # fmt: skip
        if wrong.amount:  # the books come last, as everywhere
            book_taken_back(
                session, seller_id=line.seller_id, count_id=wrong.id, reason=reason,
                person_id=person_id,
            )  # fmt: skip
    return True


def _check_money(session: Session, consignment_id: uuid.UUID, wrong: ConsignmentCount) -> None:
    """Raise `HandedOn` where the point would have handed on what it never had."""
    if wrong.paid_by != PaidBy.POINT:
        return
    missing = wrong.amount - outstanding(session, consignment_id)
    if missing > 0:
        last = session.scalars(
            select(ConsignmentPayment)
            .where(ConsignmentPayment.consignment_id == consignment_id)
            .order_by(ConsignmentPayment.at.desc(), ConsignmentPayment.id.desc())
            .limit(1)
        ).one()
        raise HandedOn(missing, last)


def _uncount(session: Session, line: ConsignmentLine, wrong: ConsignmentCount) -> None:
    column = _LINES.c[wrong.kind]
    done = session.execute(
        update(_LINES)
        .where(_LINES.c.id == line.id, column >= wrong.quantity)
        .values({column: column - wrong.quantity})
    )
    session.expire(line, [wrong.kind])
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise LookupError("the line does not hold what was counted")


def _counter(wrong: ConsignmentCount, reason: str, person_id: uuid.UUID | None) -> ConsignmentCount:
    return ConsignmentCount(
        id=ids.new_id(),
        key=f"take-back:{wrong.id.hex}",
        line_id=wrong.line_id,
        kind=wrong.kind,
        quantity=wrong.quantity,
        amount=wrong.amount,
        fee=wrong.fee,
        paid_by=wrong.paid_by,
        reverses_id=wrong.id,
        reason=reason,
        person_id=person_id,
    )


def _open_again(
    session: Session,
    consignment_id: uuid.UUID,
    reason: str,
    actor: str,
    person_id: uuid.UUID | None,
) -> None:
    consignment = session.get_one(Consignment, consignment_id, populate_existing=True)
    if consignment.state == ConsignmentState.OPEN:
        return
    move(
        session, CONSIGNMENT, cast("Table", Consignment.__table__),
        cast("Table", ConsignmentEvent.__table__), consignment_id, ConsignmentState.OPEN,
        actor=actor, person_id=person_id, reason=reason,
    )  # fmt: skip
    session.expire(consignment, ["state"])
