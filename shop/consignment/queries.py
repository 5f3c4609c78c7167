"""Reading consigned goods: through the seller, and all of them for staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from shop.accounts.models import Person
from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.consignment.hand_on import outstanding
from shop.consignment.models import (
    Consignment,
    ConsignmentCount,
    ConsignmentLine,
    ConsignmentPayment,
    standing,
)
from shop.consignment.states import ConsignmentState, PaidBy
from shop.core.paging import Page
from shop.ledger.models import Account
from shop.ledger.states import AccountKind
from shop.sellers.models import PickupPoint

A_PAGE = 20


@dataclass(frozen=True)
class Row:
    """A consignment in a list; pieces, and rupiah of the seller that the point still holds."""

    consignment: Consignment
    outstanding: int

    @property
    def lying(self) -> int:
        """Pieces that still lie there."""
        return sum(left(line) for line in self.consignment.lines)

    @property
    def sold(self) -> int:
        """Pieces that were sold."""
        return sum(line.sold for line in self.consignment.lines)

    @property
    def pieces(self) -> int:
        """Pieces that were left."""
        return sum(line.quantity for line in self.consignment.lines)


@dataclass(frozen=True)
class Happened:
    """One thing in its history: pieces of a kind, or money handed on (`kind` is `paid`).

    A count that takes another back says so by its `reason`; that other one is `undone`.
    """

    at: datetime
    kind: str
    name: str
    pieces: int
    amount: int
    with_whom: str
    person: str | None
    id: uuid.UUID | None = None
    reason: str = ""
    undone: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is a count that nobody took back."""
        return self.id is not None and not self.reason and not self.undone


def left(line: ConsignmentLine) -> int:
    """How many pieces of a line still lie at the point."""
    return line.quantity - line.sold - line.returned - line.lost


def own(session: Session, seller_id: uuid.UUID, consignment_id: uuid.UUID) -> Row | None:
    """A consignment, if it is this seller's."""
    mine = (Consignment.id == consignment_id, Consignment.seller_id == seller_id)
    return _one(session, _whole().where(*mine))


def for_staff(session: Session, consignment_id: uuid.UUID) -> Row | None:
    """Any consignment."""
    return _one(session, _whole().where(Consignment.id == consignment_id))


def of_seller(session: Session, seller_id: uuid.UUID, number: int) -> Page[Row]:
    """A seller's consignments, open ones first, the newest before the others."""
    return _page(session, number, Consignment.seller_id == seller_id)


def all_of(session: Session, number: int) -> Page[Row]:
    """Everybody's."""
    return _page(session, number)


def history(session: Session, consignment_id: uuid.UUID) -> list[Happened]:
    """What was recorded of it, the newest first."""
    counts = session.execute(_counts(consignment_id))
    payments = session.execute(
        select(
            ConsignmentPayment.at, ConsignmentPayment.amount, ConsignmentPayment.paid_to,
            Person.name,
        )
        .outerjoin(Person, Person.id == ConsignmentPayment.person_id)
        .where(ConsignmentPayment.consignment_id == consignment_id)
    )  # fmt: skip
    found = [Happened(*row) for row in counts]
    found += [Happened(at, "paid", "", 0, amount, to, who) for at, amount, to, who in payments]
    return sorted(found, key=lambda one: one.at, reverse=True)


def count_of(session: Session, consignment_id: uuid.UUID, count_id: uuid.UUID) -> Happened | None:
    """One count of it; None for one that takes another back."""
    row = session.execute(
        _counts(consignment_id).where(
            ConsignmentCount.id == count_id, ConsignmentCount.reverses_id.is_(None)
        )
    ).first()
    return Happened(*row) if row else None


def taking_points(session: Session) -> Sequence[PickupPoint]:
    """Open points that take goods on consignment."""
    return session.scalars(
        select(PickupPoint)
        .where(PickupPoint.consigns.is_(True), PickupPoint.closed_at.is_(None))
        .order_by(PickupPoint.position, PickupPoint.name)
    ).all()


def can_be_left(session: Session, seller_id: uuid.UUID) -> Sequence[Variant]:
    """What of a seller stands on the shelf now, by name."""
    return session.scalars(
        select(Variant)
        .join(Variant.product)
        .where(Variant.seller_id == seller_id, Product.state == ProductState.LIVE.value)
        .options(joinedload(Variant.product))
        .order_by(Product.name, Variant.position)
    ).all()


def at_all_points(session: Session) -> int:
    """How many rupiah of all sellers points hold."""
    held = select(func.sum(Account.balance)).where(Account.kind == AccountKind.POINT.value)
    return int(session.scalar(held) or 0)


def _counts(consignment_id: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """The counts of a consignment, as `Happened` has them."""
    back = aliased(ConsignmentCount)
    return (
        select(
            ConsignmentCount.at, ConsignmentCount.kind, ConsignmentLine.name,
            ConsignmentCount.quantity, ConsignmentCount.amount,
            func.coalesce(ConsignmentCount.paid_by, ""), Person.name, ConsignmentCount.id,
            ConsignmentCount.reason, back.id.is_not(None),
        )
        .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
        .outerjoin(Person, Person.id == ConsignmentCount.person_id)
        .outerjoin(back, back.reverses_id == ConsignmentCount.id)
        .where(ConsignmentLine.consignment_id == consignment_id)
    )  # fmt: skip


def _whole() -> Select[Consignment]:
    return select(Consignment).options(
        joinedload(Consignment.point),
        joinedload(Consignment.seller),
        selectinload(Consignment.lines),
    )


def _one(session: Session, chosen: Select[Consignment]) -> Row | None:
    found = session.scalars(chosen).first()
    return Row(found, outstanding(session, found.id)) if found else None


def _page(session: Session, number: int, *where: ColumnElement[bool]) -> Page[Row]:
    total = session.scalar(select(func.count()).select_from(Consignment).where(*where)) or 0
    rows = session.scalars(
        _whole()
        .where(*where)
        .order_by(
            Consignment.state == ConsignmentState.CLOSED.value,
            Consignment.created_at.desc(),
            Consignment.id.desc(),
        )
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    owed = _outstanding(session, [row.id for row in rows])
    return Page([Row(row, owed.get(row.id, 0)) for row in rows], number, A_PAGE, total)


def _outstanding(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What points still hold of each of these."""
    sold: dict[Any, int] = dict(
        session.execute(
            select(ConsignmentLine.consignment_id, func.sum(standing(ConsignmentCount.amount)))
            .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
            .where(
                ConsignmentLine.consignment_id.in_(ids),
                ConsignmentCount.paid_by == PaidBy.POINT.value,
            )
            .group_by(ConsignmentLine.consignment_id)
        ).all()
    )
    paid: dict[Any, int] = dict(
        session.execute(
            select(ConsignmentPayment.consignment_id, func.sum(ConsignmentPayment.amount))
            .where(ConsignmentPayment.consignment_id.in_(ids))
            .group_by(ConsignmentPayment.consignment_id)
        ).all()
    )
    return {one: int(sold.get(one, 0)) - int(paid.get(one, 0)) for one in ids}
