"""Reading a seller's orders, always through the seller."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.catalog.models import Product
from shop.core import clock
from shop.core.models import ShopSettings
from shop.core.paging import Slice, sliced
from shop.orders.models import OrderLine, SellerOrder, SellerOrderEvent
from shop.orders.states import SellerOrderState as S
from shop.payments.models import Payment, PaymentPart
from shop.payments.states import Method, PaymentState

_LEFT = OrderLine.quantity - OrderLine.cancelled - OrderLine.refunded
A_PAGE = 20
MOST_SHOWN = 60

GROUPS: dict[str, tuple[S, ...]] = {
    "new": (S.WAITING,),
    "making": (S.ACCEPTED,),
    "ready": (S.READY,),
    "done": (S.HANDED_OVER, S.DISPUTED, S.COMPLETED),
    "undone": (S.DECLINED, S.CANCELLED, S.RETURNED),
}
"""The corners of the orders page, by the word in its address."""


@dataclass(frozen=True)
class Work:
    """A part on a seller's list. `owes_cash`: she has yet to get `part.asked` rupiah in cash;
    `carrier` is who is to take them instead, where nobody has said yet that they were taken.
    """

    part: SellerOrder
    owes_cash: bool
    carrier: str = ""

    @property
    def day(self) -> date:
        """For which day it is; what is late counts as for today."""
        return max(self.part.due_on, clock.today())

    @property
    def things(self) -> list[tuple[int, OrderLine]]:
        """How many of what, without what was called off; of a part undone, what it was."""
        lines = self.part.lines
        left = [(line.quantity - line.cancelled - line.refunded, line) for line in lines]
        kept = [(pieces, line) for pieces, line in left if pieces]
        return kept or [(line.quantity, line) for line in lines]


@dataclass(frozen=True)
class ToMake:
    """How many pieces of one thing are to be made by today."""

    quantity: int
    name: str
    name_en: str
    variant_name: str
    unit: str
    unit_en: str


@dataclass(frozen=True)
class Today:
    """A seller's day: new orders, what to make, what to hand over, cash not yet written down."""

    new: Sequence[Work]
    make: Sequence[ToMake]
    hand_over: Sequence[Work]
    cash: Sequence[Work]


def today(session: Session, seller_id: uuid.UUID) -> Today:
    """What this seller has to do today; what is late counts as for today."""
    due = SellerOrder.due_on <= clock.today()
    waiting_cash = (
        select(PaymentPart.id)
        .join(Payment)
        .where(
            PaymentPart.seller_order_id == SellerOrder.id,
            Payment.method == Method.CASH.value,
            Payment.state == PaymentState.PENDING.value,
            Payment.carrier_id.is_(None),
        )
        .exists()
    )
    return Today(
        new=_work(session, _of(seller_id, (S.WAITING,))),
        make=_to_make(session, seller_id, clock.today()),
        hand_over=_work(session, _of(seller_id, (S.ACCEPTED, S.READY)).where(due)),
        cash=_work(session, _of(seller_id, (S.HANDED_OVER, S.DISPUTED)).where(waiting_cash)),
    )


def work_of(session: Session, seller_id: uuid.UUID, group: str, number: int) -> Slice[Work]:
    """One page of a corner of the list: open work by its day, the rest newest first."""
    states = GROUPS[group]
    if group in ("done", "undone"):
        newest = (SellerOrder.placed_at.desc(), SellerOrder.id.desc())
        page = _newest(seller_id, states, number)
        chosen = _parts().where(SellerOrder.id.in_(page)).order_by(*newest)
    else:
        chosen = _of(seller_id, states).limit(A_PAGE + 1).offset((number - 1) * A_PAGE)
    return sliced(_work(session, chosen), number, A_PAGE)


def _newest(seller_id: uuid.UUID, states: Collection[S], number: int) -> Select[uuid.UUID]:
    """The ids of one page over several states: of each state no more is read than may show."""
    each = [
        select(SellerOrder.id, SellerOrder.placed_at)
        .where(SellerOrder.seller_id == seller_id, SellerOrder.state == state.value)
        .order_by(SellerOrder.placed_at.desc(), SellerOrder.id.desc())
        .limit(number * A_PAGE + 1)
        .subquery()
        for state in states
    ]
    found = union_all(*[select(one.c.id, one.c.placed_at) for one in each]).subquery()
    page = (
        select(found.c.id)
        .order_by(found.c.placed_at.desc(), found.c.id.desc())
        .limit(A_PAGE + 1)
        .offset((number - 1) * A_PAGE)
        .subquery()
    )
    return select(page.c.id)


@dataclass(frozen=True)
class PartView:
    """One part with all that its page tells."""

    work: Work
    payment: Payment | None
    events: Sequence[SellerOrderEvent]

    @property
    def part(self) -> SellerOrder:
        """The part itself."""
        return self.work.part

    def ends_at(self, settings: ShopSettings) -> datetime | None:
        """When the clock completes it, if the buyer says nothing; cash must be written down first.

        None where nothing ends by itself.
        """
        work, handed_over_at = self.work, self.part.handed_over_at
        waits = work.owes_cash or work.carrier
        if self.part.state != S.HANDED_OVER or handed_over_at is None or waits:
            return None
        return handed_over_at + timedelta(days=settings.completed_after_days)

    @property
    def known(self) -> bool:
        """Whether the seller may see whom it is for: it was work for her at some time."""
        return any(event.target == S.WAITING for event in self.events)


def part_of(session: Session, seller_id: uuid.UUID, part_id: uuid.UUID) -> PartView | None:
    """A part, if it is this seller's."""
    mine = (SellerOrder.id == part_id, SellerOrder.seller_id == seller_id)
    found = _work(session, _parts().where(*mine))
    if not found:
        return None
    return PartView(
        work=found[0],
        payment=_payments(session, [part_id]).get(part_id),
        events=session.scalars(
            select(SellerOrderEvent)
            .where(SellerOrderEvent.thing_id == part_id)
            .order_by(SellerOrderEvent.happened_at, SellerOrderEvent.id)
        ).all(),
    )


def _parts() -> Select[SellerOrder]:
    return select(SellerOrder).options(
        joinedload(SellerOrder.order),
        joinedload(SellerOrder.seller),
        selectinload(SellerOrder.lines),
    )


def _of(seller_id: uuid.UUID, states: Collection[S]) -> Select[SellerOrder]:
    conditions: list[ColumnElement[bool]] = [
        SellerOrder.seller_id == seller_id,
        SellerOrder.state.in_([state.value for state in states]),
    ]
    by_day = (SellerOrder.due_on, SellerOrder.placed_at, SellerOrder.id)
    return _parts().where(*conditions).order_by(*by_day).limit(MOST_SHOWN)


def _work(session: Session, chosen: Select[SellerOrder]) -> list[Work]:
    parts = session.scalars(chosen).all()
    payments = _payments(session, [part.id for part in parts])
    return [_as_work(part, payments.get(part.id)) for part in parts]


def _as_work(part: SellerOrder, payment: Payment | None) -> Work:
    waits = (
        payment is not None
        and payment.method == Method.CASH
        and payment.state == PaymentState.PENDING
    )
    carrier = payment.carrier if payment is not None and waits else None
    return Work(part, waits and carrier is None, carrier.name if carrier else "")


def _payments(session: Session, part_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Payment]:
    if not part_ids:
        return {}
    rows = session.execute(
        select(PaymentPart.seller_order_id, Payment)
        .join(Payment, PaymentPart.payment_id == Payment.id)
        .where(PaymentPart.seller_order_id.in_(part_ids))
        .options(joinedload(Payment.carrier))
        .order_by(Payment.created_at)
    )
    return {part_id: payment for part_id, payment in rows}  # noqa: C416


def _to_make(session: Session, seller_id: uuid.UUID, day: date) -> list[ToMake]:
    rows = session.execute(
        select(
            func.sum(_LEFT), Product.name, Product.name_en, OrderLine.variant_name,
            Product.unit, Product.unit_en,
        )
        .join(SellerOrder, OrderLine.seller_order_id == SellerOrder.id)
        .join(Product, OrderLine.product_id == Product.id)
        .where(
            SellerOrder.seller_id == seller_id,
            SellerOrder.state == S.ACCEPTED.value,
            SellerOrder.due_on <= day,
            _LEFT > 0,
        )
        .group_by(
            Product.id, Product.name, Product.name_en, OrderLine.variant_name, Product.unit,
            Product.unit_en,
        )
        .order_by(func.sum(_LEFT).desc(), Product.name)
    ).all()  # fmt: skip
    return [ToMake(int(row[0]), *row[1:]) for row in rows]
