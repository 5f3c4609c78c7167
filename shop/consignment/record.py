"""Writing down what became of pieces at a point: sold, taken back, or lost."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Table, func, select, update
from sqlalchemy.orm import Session

from shop.catalog import consign
from shop.consignment.models import (
    Consignment,
    ConsignmentCount,
    ConsignmentEvent,
    ConsignmentLine,
)
from shop.consignment.states import CONSIGNMENT, ConsignmentState, CountKind, PaidBy
from shop.core import ids
from shop.core.lifecycle import move
from shop.core.money import Rupiah, portion
from shop.ledger.consigned import book_sold
from shop.ledger.states import AccountKind

LONGEST_KEY = 40
HOLDERS = {
    PaidBy.POINT: AccountKind.POINT,
    PaidBy.SELLER: AccountKind.CASH,
    PaidBy.PROGRAMME: AccountKind.BANK,
}
_LINES = cast("Table", ConsignmentLine.__table__)


class TooMany(Exception):
    """More pieces than still lie there (`left`)."""

    def __init__(self, line_id: uuid.UUID, left: int) -> None:
        super().__init__(f"only {left} left")
        self.line_id = line_id
        self.left = left


class NotConfirmed(Exception):
    """Only staff, who see the bank's list, can say that the programme has the money."""


@dataclass(frozen=True)
class Counted:
    """What became of pieces of one line since it was last looked at."""

    line_id: uuid.UUID
    sold: int = 0
    returned: int = 0
    lost: int = 0

    def kinds(self) -> Iterator[tuple[CountKind, int]]:
        """Each kind that there is something of."""
        for kind, pieces in zip(CountKind, (self.sold, self.returned, self.lost), strict=True):
            if pieces:
                yield kind, pieces


def record(
    session: Session,
    consignment_id: uuid.UUID,
    counted: Sequence[Counted],
    *,
    paid_by: PaidBy,
    key: str,
    person_id: uuid.UUID | None,
    actor: str = "seller",
) -> bool:
    """Write it down, book what was sold, put back what came back; close when nothing lies there.

    `paid_by` tells who holds the money of what was sold. All of it happens or nothing; False where
    this `key` has done so before. Raises `TooMany`, `NotConfirmed`, and `ValueError` for what no
    form of ours sends.
    """
    lines = held(session, consignment_id)
    _check(counted, lines, key)
    if paid_by is PaidBy.PROGRAMME and actor != "staff":
        raise NotConfirmed
    prefix = f"{consignment_id.hex}:{key}:"
    if _done_before(session, prefix):
        return False
    with session.begin_nested():
        sold = []
        for one in sorted(counted, key=lambda c: c.line_id):
            for kind, pieces in one.kinds():
                _add(session, lines[one.line_id], kind, pieces)
                row = _row(lines[one.line_id], kind, pieces, paid_by, person_id)
                row.key = f"{prefix}{one.line_id.hex}:{kind.value}"
                session.add(row)
                session.flush()
                if kind is CountKind.SOLD:
                    sold.append(row)
                if kind is CountKind.RETURNED:
                    back = {lines[one.line_id].variant_id: pieces}
                    key_back = f"back:{row.id.hex}"
                    consign.put_back(session, back, key=key_back, person_id=person_id)
        _close_if_done(session, consignment_id, actor, person_id)
        for row in sold:  # the books come last, as everywhere
            if row.amount:
                book_sold(
                    session, seller_id=lines[row.line_id].seller_id, count_id=row.id,
                    amount=row.amount, fee=row.fee, holder=HOLDERS[paid_by], person_id=person_id,
                )  # fmt: skip
    return True


def held(session: Session, consignment_id: uuid.UUID) -> dict[uuid.UUID, ConsignmentLine]:
    """Its lines; nobody else records anything of it until this transaction ends."""
    session.execute(
        select(Consignment.id).where(Consignment.id == consignment_id).with_for_update()
    ).scalar_one()
    rows = session.scalars(
        select(ConsignmentLine)
        .where(ConsignmentLine.consignment_id == consignment_id)
        .execution_options(populate_existing=True)
    )
    return {line.id: line for line in rows}


def _check(counted: Sequence[Counted], lines: dict[uuid.UUID, ConsignmentLine], key: str) -> None:
    if not key or len(key) > LONGEST_KEY or ":" in key:
        raise ValueError("a key of 1 to 40 signs")
    named = [one.line_id for one in counted]
    if len(set(named)) != len(named) or not set(named) <= lines.keys():
        raise ValueError("a line of another consignment, or one twice")
    if any(min(one.sold, one.returned, one.lost) < 0 for one in counted):
        raise ValueError("pieces below nothing")
    if not any(list(one.kinds()) for one in counted):
        raise ValueError("nothing to write down")


def _done_before(session: Session, prefix: str) -> bool:
    known = select(ConsignmentCount.id).where(
        ConsignmentCount.key.startswith(prefix, autoescape=True)
    )
    return session.scalar(known.limit(1)) is not None


def _add(session: Session, line: ConsignmentLine, kind: CountKind, pieces: int) -> None:
    """Count them, if so many lie there: one conditional UPDATE decides. Raises `TooMany`."""
    column = _LINES.c[kind.value]
    accounted = _LINES.c.sold + _LINES.c.returned + _LINES.c.lost
    done = session.execute(
        update(_LINES)
        .where(_LINES.c.id == line.id, accounted + pieces <= _LINES.c.quantity)
        .values({column: column + pieces})
    )
    session.expire(line, [kind.value])
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise TooMany(line.id, line.quantity - line.sold - line.returned - line.lost)


def _row(
    line: ConsignmentLine,
    kind: CountKind,
    pieces: int,
    paid_by: PaidBy,
    person_id: uuid.UUID | None,
) -> ConsignmentCount:
    is_sale = kind is CountKind.SOLD
    amount = (line.unit_price - line.point_share) * pieces if is_sale else 0
    return ConsignmentCount(
        id=ids.new_id(),
        line_id=line.id,
        kind=kind.value,
        quantity=pieces,
        amount=Rupiah(amount),
        fee=portion(amount, line.basis_points),
        paid_by=paid_by.value if is_sale else None,
        person_id=person_id,
    )


def _close_if_done(
    session: Session, consignment_id: uuid.UUID, actor: str, person_id: uuid.UUID | None
) -> None:
    lying = session.scalar(
        select(
            func.sum(_LINES.c.quantity - _LINES.c.sold - _LINES.c.returned - _LINES.c.lost)
        ).where(_LINES.c.consignment_id == consignment_id)
    )
    if lying:
        return
    move(
        session, CONSIGNMENT, cast("Table", Consignment.__table__),
        cast("Table", ConsignmentEvent.__table__), consignment_id, ConsignmentState.CLOSED,
        actor=actor, person_id=person_id,
    )  # fmt: skip
    session.expire(session.get_one(Consignment, consignment_id), ["state"])
