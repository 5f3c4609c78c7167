"""A small model of the shop in plain numbers: what must be true after each thing people do.

It knows nothing of tables. Each part of an order has one line and is picked up; a piece costs
Rp15.000, of which the programme keeps a tenth.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shop.core.money import portion
from shop.orders.states import SellerOrderState as S
from shop.payments.states import Method
from shop.payments.states import PaymentState as P

PRICE = 15_000
BASIS_POINTS = 1_000
DAY = timedelta(days=1)
MAY_STILL_COME = 7 * DAY
EARNED_AFTER = 3 * DAY
IN_THE_HOUSE = (S.WAITING, S.ACCEPTED, S.READY)
PROMISED = (S.UNPAID, *IN_THE_HOUSE)
OUT = (S.HANDED_OVER, S.DISPUTED)
UNDONE = (S.DECLINED, S.CANCELLED, S.RETURNED, S.EXPIRED)


@dataclass
class Money:
    """One payment: of an order, or, in cash, of one part."""

    id: uuid.UUID
    method: Method
    amount: int
    expires_at: datetime | None
    state: P = P.PENDING

    @property
    def paid(self) -> bool:
        """Whether it is there, for the order."""
        return self.state is P.SETTLED


@dataclass
class Part:
    """One seller's part: pieces that live, rupiah asked for, given back, and borne by her."""

    id: uuid.UUID
    line_id: uuid.UUID
    seller: int
    live: int
    money: Money
    state: S
    asked: int = 0
    back: int = 0
    borne: int = 0
    answer_by: datetime | None = None
    handed_at: datetime | None = None
    complaint: uuid.UUID | None = None
    answered: bool = False

    @property
    def left(self) -> int:
        """Rupiah that can still go back."""
        return self.asked - self.back

    @property
    def stands(self) -> int:
        """Rupiah that count as sold."""
        return self.asked - self.borne

    @property
    def fee(self) -> int:
        """What the programme keeps of it."""
        return portion(self.stands, BASIS_POINTS)

    def price_of(self, pieces: int) -> int:
        """What so many of its pieces are worth by now."""
        return min(PRICE * pieces, self.left * pieces // self.live) if self.live else 0


@dataclass
class Shelf:
    """A seller's one thing: pieces there (None: made to order)."""

    on_hand: int | None


@dataclass
class Order:
    """Its parts and its payments."""

    id: uuid.UUID
    parts: list[Part]
    moneys: list[Money]


@dataclass
class ModelShop:
    """All of it, and how it answers to what people do."""

    shelves: list[Shelf]
    orders: list[Order] = field(default_factory=list)
    due: dict[str, int] = field(default_factory=dict)
    """Rupiah that are to go back, by what made them due."""
    goodwill: int = 0
    paid_out: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def parts(self) -> list[Part]:
        """Of all orders."""
        return [part for order in self.orders for part in order.parts]

    def promised(self, seller: int) -> int:
        """Pieces that orders hold."""
        return sum(p.live for p in self.parts if p.seller == seller and p.state in PROMISED)

    def available(self, seller: int, pieces: int) -> bool:
        """Whether so many can be had."""
        there = self.shelves[seller].on_hand
        return there is None or there - self.promised(seller) >= pieces

    def held(self, seller: int) -> int:
        """Buyers' money for what is not received yet."""
        states = (*IN_THE_HOUSE, *OUT)
        return sum(
            p.stands for p in self.parts
            if p.seller == seller and p.money.paid and p.state in states
        )  # fmt: skip

    def cash(self, seller: int) -> int:
        """In her hand, for what is not done yet."""
        states = (*IN_THE_HOUSE, *OUT)
        return sum(
            p.asked for p in self.parts
            if p.seller == seller and p.money.paid and p.state in states
            and p.money.method is Method.CASH
        )  # fmt: skip

    def payable(self, seller: int) -> int:
        """What she is owed."""
        owed = -self.paid_out[seller]
        for part in self.parts:
            if part.seller != seller or not part.money.paid:
                continue
            ended = part.state is S.COMPLETED or part.state in UNDONE
            owed += part.stands if ended else 0
            owed -= part.fee if part.state is S.COMPLETED else 0
            owed -= part.asked if ended and part.money.method is Method.CASH else 0
        return owed

    def move_stock(self, seller: int, pieces: int) -> None:
        """Pieces come to her, or leave her."""
        shelf = self.shelves[seller]
        if shelf.on_hand is not None:
            shelf.on_hand += pieces

    def begin(self, part: Part, now: datetime) -> None:
        """It is work now."""
        part.state, part.answer_by = S.WAITING, now + DAY

    def give_back(self, part: Part, rupiah: int, borne: int) -> None:
        """So much is due back, of which she bears `borne`."""
        if rupiah:
            part.back += rupiah
            part.borne += borne
            self.goodwill += rupiah - borne
            self.due[f"{part.id}:{part.back}"] = rupiah

    def undo(self, part: Part, state: S, *, programme: bool = False) -> None:
        """It will not come, or came back: all that is left of it goes back."""
        if part.money.paid:
            self.give_back(part, part.left, 0 if programme else part.left)
        else:
            part.money.state = P.CANCELLED
        part.state, part.live = state, 0

    def settle(self, order: Order, money: Money, now: datetime) -> None:
        """Money came: for the order, or too late for it."""
        expired = [part for part in order.parts if part.state is S.EXPIRED]
        in_time = money.expires_at is None or money.expires_at > now - MAY_STILL_COME
        if money.state is P.CANCELLED or (
            money.state is P.EXPIRED
            and not (in_time and all(self.available(p.seller, p.live) for p in expired))
        ):
            money.state = P.LATE
            self.due[f"late:{money.id}"] = money.amount
            return
        money.state = P.SETTLED
        for part in order.parts:
            if part.state in (S.UNPAID, S.EXPIRED):
                self.begin(part, now)

    def pass_time(self, now: datetime) -> None:
        """What nobody paid, answered or complained about ends."""
        for order in self.orders:
            for money in order.moneys:
                if money.state is P.PENDING and money.expires_at and money.expires_at <= now:
                    money.state = P.EXPIRED
                    for part in order.parts:
                        part.state = S.EXPIRED if part.state is S.UNPAID else part.state
        for part in self.parts:
            if part.state is S.WAITING and part.answer_by and part.answer_by <= now:
                self.undo(part, S.CANCELLED)
        for part in self.parts:
            over = part.handed_at is not None and part.handed_at <= now - EARNED_AFTER
            if part.state is S.HANDED_OVER and over and part.money.paid:
                part.state = S.COMPLETED
