"""What people undo in the walk through orders, and what the books and the shelf must say of it.

The acts count for themselves what they took off and gave back, so that the lines of the orders are
held against them; the books are worked out anew from parts, lines and refunds.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core.money import portion
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.cancel import cancel, cancel_part
from shop.orders.cancel_lines import cancel_lines
from shop.orders.chosen_lines import (
    BadShare,
    NothingChosen,
    StillInTheHouse,
    TooManyPieces,
    TooMuchBack,
)
from shop.orders.complete import complete
from shop.orders.decline import decline
from shop.orders.decline_lines import decline_lines
from shop.orders.give_back import give_back
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.move import move_part
from shop.orders.return_part import return_part
from shop.orders.states import UNDONE
from shop.orders.states import SellerOrderState as S
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.refund import NotPaid
from shop.payments.states import Method, PaymentState

NOT_UNDONE = (BadShare, NothingChosen, NotPaid, StillInTheHouse, TooManyPieces, TooMuchBack)
WHY = "Bahan habis"
ENDED = UNDONE | {S.COMPLETED}
LEFT = (S.HANDED_OVER, S.DISPUTED, S.COMPLETED, S.RETURNED)
RATE = 733


class Undoing:
    """Acts that undo, and the model of what they leave."""

    session: Session
    dice: Any
    variants: list[Variant]
    made: list[int]

    def begin_counting(self) -> None:
        self.off: Counter[uuid.UUID] = Counter()
        self.back: Counter[uuid.UUID] = Counter()
        self.restocked: Counter[uuid.UUID] = Counter()

    def undo(self) -> None:
        """A whole part or order is called off or declined, one that was begun now and then."""
        begun = self.dice.random() < 0.4
        part = self.pick(SellerOrder, *((S.ACCEPTED, S.READY) if begun else ()))
        if part is None:
            return
        actor = self.dice.choice(["seller", "buyer", "staff"])
        if actor == "seller":
            self.attempt(decline, part.id, None, WHY)
        elif self.dice.random() < 0.5:
            self.attempt(cancel, part.order_id, actor=actor, person_id=None)
        else:
            terms = {"seller_share": self.share()} if actor == "staff" else {}
            self.attempt(cancel_part, part.id, actor=actor, person_id=None, **terms)

    def undo_some(self) -> None:
        """Some pieces of a line are declined or cancelled, at whose cost ever."""
        part = self.pick(SellerOrder)
        if part is None:
            return
        line, pieces = part.lines[0], self.dice.randint(0, 3)
        common = {"person_id": None, "reason": WHY}
        if self.dice.random() < 0.5:
            done = self.attempt(decline_lines, part.id, {line.id: pieces}, **common)
        else:
            terms = {"seller_share": self.share(), "delivery": self.dice.choice([None, 0, 10_000])}
            done = self.attempt(cancel_lines, part.id, {line.id: pieces}, **common, **terms)
        if done:
            self.off[line.id] += pieces

    def give_back(self) -> None:
        """Staff give back rupiah, and pieces where they had left."""
        part = self.pick(SellerOrder)
        if part is None:
            return
        line, pieces = part.lines[0], self.dice.choice([0, 0, 1, 2])
        rupiah = self.dice.choice([0, 1, 7_000, 15_003, 30_006])
        delivery, restock = self.dice.choice([0, 0, 4_000]), self.dice.random() < 0.5
        self.presses += 1
        done = self.attempt(
            give_back, part.id, lines={line.id: (pieces, rupiah)}, delivery=delivery,
            seller_share=self.dice.choice([0, (rupiah + delivery) // 2, rupiah + delivery]),
            reason=WHY, person_id=None, key=f"b{self.presses}", restock=restock,
        )  # fmt: skip
        if done:
            self.back[line.id] += pieces
            self.restocked[line.variant_id] += pieces if restock else 0

    def complain(self) -> None:
        """A buyer reports a problem; it is solved, or staff decide."""
        part = self.pick(SellerOrder, S.HANDED_OVER, S.DISPUTED)
        if part is None:
            return
        self.attempt(move_part, part.id, S.DISPUTED, actor="buyer", person_id=None)
        what = self.dice.random()
        if what < 0.2:
            self.attempt(complete, part.id, "staff")
        elif what < 0.7:
            self.attempt(move_part, part.id, S.HANDED_OVER, actor="buyer", person_id=None)
        elif what < 0.9:
            restock, line = self.dice.random() < 0.5, part.lines[0]
            left = line.quantity - line.cancelled - line.refunded
            share = self.dice.choice([0, 5_000, 10**6])
            done = self.attempt(
                return_part, part.id, seller_share=share, reason=WHY, person_id=None,
                restock=restock,
            )  # fmt: skip
            if done:
                self.back[line.id] += left
                self.restocked[line.variant_id] += left if restock else 0

    def take_back(self) -> None:
        """Staff take back what was handed over, without a complaint."""
        part = self.pick(SellerOrder, S.HANDED_OVER)
        if part is None:
            return
        line = part.lines[0]
        left = line.quantity - line.cancelled - line.refunded
        if self.attempt(
            return_part, part.id, seller_share=0, reason=WHY, person_id=None, restock=False
        ):
            self.back[line.id] += left

    def share(self) -> int | None:
        """What the seller bears, a share of nothing known: it may be refused."""
        return self.dice.choice([None, None, 0, 5_000])

    def stock_is_what_the_parts_say(self) -> None:
        for which, variant in enumerate(self.variants):
            self.session.refresh(variant)
            lines = self.lines_of(variant)
            promised = (S.UNPAID, S.WAITING, S.ACCEPTED, S.READY)
            assert variant.reserved == sum(
                line.quantity - line.cancelled for line, part in lines if part.state in promised
            )
            gone = sum(line.quantity - line.cancelled for line, part in lines if part.state in LEFT)
            if variant.on_hand is not None:
                there = self.made[which] - gone + self.restocked[variant.id]
                assert variant.on_hand == there

    def lines_say_what_was_done(self) -> None:
        for variant in self.variants:
            for line, part in self.lines_of(variant):
                assert line.refunded == self.back[line.id]
                if part.state in (S.DECLINED, S.CANCELLED):
                    assert line.cancelled + line.refunded == line.quantity
                else:
                    assert line.cancelled == self.off[line.id]

    def the_books_are_what_the_parts_say(self) -> None:
        assert (self.session.scalar(select(func.sum(Account.balance))) or 0) == 0
        fees = goodwill = 0
        arrivals, refunds_of = self.arrivals(), self.refunds()
        for variant in self.variants:
            held = owed = cash = 0
            for line, part in self.lines_of(variant):
                came, by = arrivals.get(part.id, (0, ""))
                asked = part.total - line.lowered
                assert came in (0, asked)
                refunds = refunds_of[part.id]
                borne = sum(refund.seller_share for refund in refunds)
                goodwill += sum(refund.amount - refund.seller_share for refund in refunds)
                assert sum(refund.amount for refund in refunds) <= came
                if not came:
                    continue
                in_hand = asked if by == Method.CASH else 0
                if part.state not in ENDED:
                    held += asked - borne
                    cash += in_hand
                    continue
                fee = portion(line.total - line.lowered - line.borne, RATE)
                fee = fee if part.state == S.COMPLETED else 0
                fees += fee
                owed += asked - borne - fee - in_hand
            assert -balance(self.session, A.HELD, variant.seller_id) == held
            assert -balance(self.session, A.PAYABLE, variant.seller_id) == owed
            assert balance(self.session, A.CASH, variant.seller_id) == cash
        assert -balance(self.session, A.FEE) == fees
        assert balance(self.session, A.GOODWILL) == goodwill
        due = self.session.scalar(select(func.sum(Refund.amount))) or 0
        assert -balance(self.session, A.REFUNDS) == due

    def lines_of(self, variant: Variant) -> list[tuple[OrderLine, SellerOrder]]:
        """Every line about this thing; each seller sells one, so a part has one line."""
        rows = self.session.execute(
            select(OrderLine, SellerOrder)
            .join(SellerOrder, OrderLine.seller_order_id == SellerOrder.id)
            .where(OrderLine.variant_id == variant.id)
            .execution_options(populate_existing=True)
        )
        return [(line, part) for line, part in rows]

    def arrivals(self) -> dict[uuid.UUID, tuple[int, str]]:
        """How much money came for a part in time, and by which way."""
        rows = self.session.execute(
            select(PaymentPart.seller_order_id, PaymentPart.amount, Payment.method)
            .join(Payment)
            .where(Payment.state == PaymentState.SETTLED.value)
        )
        return {row.seller_order_id: (row.amount, row.method) for row in rows}

    def refunds(self) -> defaultdict[uuid.UUID | None, list[Refund]]:
        """What goes back of which part."""
        found: defaultdict[uuid.UUID | None, list[Refund]] = defaultdict(list)
        for refund in self.session.scalars(select(Refund)):
            found[refund.seller_order_id].append(refund)
        return found

    def pick(self, table: type, *states: StrEnum) -> Any:
        raise NotImplementedError

    def attempt(self, act: object, *args: object, **kwargs: object) -> bool:
        raise NotImplementedError
