"""Two couriers of the demo, who take cash at doors for some weeks and hand it in on Fridays."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from shop.demo.memory import Memory
from shop.demo.orders import Order, Part
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from shop.payments import carry
from shop.payments.models import Payment, PaymentPart
from shop.payments.queries_holders import sellers_of
from shop.sellers.keep_holders import add_courier

_COURIERS = (("Pak Jamal", "+6281270010001"), ("Iwan Setiawan", "+6281270010002"))
_SINCE = timedelta(days=30)
_GIVEN = 2
"""To so many sellers a courier brings the money himself."""


class Couriers:
    """Who brings what, and who has which cash."""

    def __init__(self, stage: Memory) -> None:
        self.stage = stage
        self.holders: list[uuid.UUID] = []
        self.brings: dict[uuid.UUID, uuid.UUID] = {}
        self.unsaid: set[uuid.UUID] = set()

    def open(self) -> None:
        """The programme finds them."""
        for name, phone in _COURIERS:
            found = add_courier(
                self.stage.session, self.stage.staff["finance"], name=name, phone=phone
            )
            self.holders.append(found.id)

    def expect(self, order: Order, part: Part, part_id: uuid.UUID) -> None:
        """Every second delivery in cash of the last weeks goes with one of them.

        Of what is not completed yet nobody has said that he has the cash.
        """
        cash = order.method == "cash" and part.delivery == "delivery"
        left = part.handed_over_at
        if not cash or left is None or left < self.stage.plan.now - _SINCE:
            return
        if part.completed_at is None:
            self.unsaid.add(part_id)
        elif order.number % 2:
            return
        self.brings[part_id] = self.holders[len(self.brings) % len(self.holders)]

    def after(self, kind: str, part_id: uuid.UUID) -> None:
        """Staff write down that he has the cash."""
        if kind != "handed_over" or part_id not in self.brings or part_id in self.unsaid:
            return
        session = self.stage.session
        payment_id = session.scalars(
            select(Payment.id)
            .join(PaymentPart, PaymentPart.payment_id == Payment.id)
            .where(PaymentPart.seller_order_id == part_id)
        ).one()
        carry.take(session, payment_id, person_id=self.stage.staff["finance"])

    def hand_in(self, day: date) -> None:
        """All that they carry, on Fridays."""
        for number, holder_id in enumerate(self.holders, 1):
            amount = carry.left_with(self.stage.session, holder_id)
            if amount:
                carry.hand_in(
                    self.stage.session, holder_id, amount, reference=f"SETOR {day:%d%m}{number}",
                    person_id=self.stage.staff["finance"], key=f"demo-{day}",
                )  # fmt: skip

    def close(self) -> None:
        """Some of what the last one carries he gave to its sellers himself, who are owed it."""
        session, holder_id = self.stage.session, self.holders[-1]
        for seller, amount in sellers_of(session, holder_id)[:_GIVEN]:
            if -balance(session, AccountKind.PAYABLE, seller.id) >= amount:
                carry.hand_in(
                    session, holder_id, amount, reference="", seller_id=seller.id,
                    person_id=self.stage.staff["finance"], key=f"demo-{seller.id}",
                )  # fmt: skip
