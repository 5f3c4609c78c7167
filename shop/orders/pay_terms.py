"""How an order is to be paid: what to whom, what from credit, and whose its code is."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.orders.place_order import Change, ChangeKind, PlaceOrder
from shop.orders.queries_sale import Terms
from shop.orders.quote import Quote
from shop.payments.collect import collecting
from shop.payments.credit import LEAST_LEFT, hold
from shop.payments.states import Method


class Changed(Exception):
    """Something is not as the buyer saw it; nothing was placed."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(", ".join(change.kind for change in changes))
        self.changes = changes


@dataclass(frozen=True)
class PayTerms:
    """The `direct` sellers collect by themselves; of the rest `credit` rupiah are the buyer's.

    Her code becomes credit where `codes_are_credit` and she is signed in.
    """

    direct: frozenset[uuid.UUID]
    credit: int
    codes_are_credit: bool


def pay_terms(session: Session, wanted: PlaceOrder, quoted: Quote, now: Terms) -> PayTerms:
    """The terms of this moment; the credit is held until the payment has it. Raises `Changed`."""
    sellers = [part.wanted.seller_id for part in quoted.parts]
    asks = now.sellers_collect and not wanted.arranged
    direct = collecting(session, wanted.method, sellers) if asks else frozenset[uuid.UUID]()
    credit = _credit(session, wanted, quoted, direct)
    return PayTerms(direct, credit, now.codes_are_credit)


def _credit(
    session: Session, wanted: PlaceOrder, quoted: Quote, direct: Collection[uuid.UUID]
) -> int:
    if not wanted.credit or wanted.buyer_id is None:
        return 0
    ours = [part for part in quoted.parts if part.wanted.seller_id not in direct]
    most = sum(part.goods + part.delivery for part in ours) - LEAST_LEFT
    if wanted.method is Method.CASH or wanted.arranged:
        most = 0
    most = max(0, min(most, hold(session, wanted.buyer_id)))
    if wanted.credit > most:
        raise Changed([Change(ChangeKind.CREDIT, before=wanted.credit, now=most)])
    return wanted.credit
