"""Orders, payments and payouts of the demo, through the use cases of checkout, studio and staff."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.accounts import notify
from shop.core.money import Rupiah
from shop.demo.couriers import Couriers
from shop.demo.events import OrderStep
from shop.demo.memory import Memory
from shop.demo.orders import Order, Part
from shop.demo.points import Points
from shop.demo.undoing import Undoing
from shop.ledger import paid_out, pay_out
from shop.ledger.models import Payout
from shop.orders import accept, cancel, checkout, complete, decline, hand_over, ready
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments import expire, settle
from shop.payments.models import Payment
from shop.payments.states import Method

_AT_POINT = 4
"""Of every so many orders one is fetched at a point where it can be."""


@dataclass(frozen=True)
class Placed:
    """An order of the plan as it stands in the shop."""

    order_id: uuid.UUID
    parts: dict[str, uuid.UUID]
    payment_id: uuid.UUID | None
    cash: bool


class Counter:
    """Where the demo's orders are placed, moved and paid."""

    def __init__(self, stage: Memory, points: Points, couriers: Couriers) -> None:
        self.stage = stage
        self.points = points
        self.couriers = couriers
        self.undoing = Undoing(stage)
        self.prices: dict[str, int] = {}
        self.placed: dict[int, Placed] = {}
        self.batches: dict[date, list[uuid.UUID]] = defaultdict(list)

    def place(self, order: Order) -> None:
        """A guest's checkout."""
        stage, session = self.stage, self.stage.session
        wanted = checkout.PlaceOrder(
            key=f"demo-{order.number}",
            language="id",
            buyer_name=order.buyer.name,
            buyer_phone=order.buyer.phone,
            buyer_id=None,
            kelurahan_code=order.buyer.kelurahan,
            address=order.buyer.address,
            method=Method(order.method),
            parts=tuple(
                self._wanted(part, at_point=order.number % _AT_POINT == 0) for part in order.parts
            ),
        )
        placed = checkout.place(session, wanted)
        session.flush()  # the queries below read what was just written
        rows = session.execute(
            select(SellerOrder.seller_id, SellerOrder.id).where(SellerOrder.order_id == placed.id)
        )
        of_seller = {row.seller_id: row.id for row in rows}
        cash = order.method == "cash"
        payment_id = (
            None
            if cash
            else session.scalar(select(Payment.id).where(Payment.order_id == placed.id))
        )
        parts = {p.seller: of_seller[stage.sellers[p.seller]] for p in order.parts}
        for part in order.parts:
            self.couriers.expect(order, part, parts[part.seller])
        self.placed[order.number] = Placed(placed.id, parts, payment_id, cash)

    def _wanted(self, part: Part, *, at_point: bool) -> checkout.PartWanted:
        """What is fetched is fetched at a point now and then, where the seller brings to one."""
        points = self.points.brings_to(part.seller)
        kind = DeliveryKind(part.delivery)
        if kind is DeliveryKind.PICKUP and at_point and points:
            kind = DeliveryKind.POINT
        return checkout.PartWanted(
            seller_id=self.stage.sellers[part.seller],
            delivery_kind=kind,
            point_id=points[0] if kind is DeliveryKind.POINT else None,
            note=part.note,
            lines=tuple(
                (self.stage.variants[slug], pieces, Rupiah(self.prices[slug]))
                for slug, pieces in part.items
            ),
        )

    def step(self, event: OrderStep) -> None:
        """What buyer, seller, staff or the clock did next."""
        placed = self.placed[event.number]
        if event.seller is None:
            self._whole(event, placed)
        else:
            self._part(event, placed.parts[event.seller], event.seller, cash=placed.cash)

    def _whole(self, event: OrderStep, placed: Placed) -> None:
        session = self.stage.session
        match event.kind:
            case "claimed" if placed.payment_id:
                settle.claim(session, placed.payment_id)
            case "paid" if placed.payment_id:
                settle.settle(
                    session,
                    placed.payment_id,
                    actor="staff",
                    person_id=self.stage.staff["finance"],
                    evidence="Mutasi rekening",
                )
            case "expired":
                expire.expire_due(session)
            case "cancelled":
                cancel.cancel(session, placed.order_id, actor="buyer", person_id=None)

    def _part(self, event: OrderStep, part_id: uuid.UUID, seller: str, *, cash: bool) -> None:
        session, person = self.stage.session, self.stage.keeper(seller)
        match event.kind:
            case "accepted":
                accept.accept(session, part_id, person)
            case "ready":
                ready.ready(session, part_id, person)
            case "handed_over":
                carrier = self.couriers.brings.get(part_id)
                hand_over.hand_over(
                    session, part_id, person,
                    cash_received=cash and carrier is None, carrier_id=carrier,
                )  # fmt: skip
            case "completed":
                complete.complete(session, part_id, actor="buyer")
            case "declined":
                decline.decline(session, part_id, person, reason="Bahan sedang habis")
        self.couriers.after(event.kind, part_id)
        self.undoing.after(event.kind, event.number, part_id, person)

    def make_payouts(self, day: date) -> None:
        """Friday's batch."""
        session = self.stage.session
        self.couriers.hand_in(day)
        batch = pay_out.make_batch(
            session, key=f"demo-{day:%Y-%m-%d}", person_id=self.stage.staff["finance"]
        )
        if batch is not None:
            pay_out.approve_batch(session, batch.id, person_id=self.stage.staff["manager"])
            self.batches[day] = list(
                session.scalars(select(Payout.id).where(Payout.batch_id == batch.id))
            )

    def pay_payouts(self, day: date, reference: str) -> None:
        """The bank has paid them, and what buyers get back."""
        self.undoing.send_money_back(reference)
        for payout_id in self.batches.pop(day, []):
            paid_out.mark_paid(
                self.stage.session,
                payout_id,
                reference=reference,
                person_id=self.stage.staff["finance"],
            )

    def mark_old_news_seen(self) -> None:
        """Only today's news is still new."""
        for person_id in {*self.stage.accounts.values(), *self.stage.staff.values()}:
            notify.mark_seen(self.stage.session, person_id, before=self.stage.plan.today)
