"""The goods are with the buyer, or on their way to her; and whose hand her cash is in."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments, move_part, pieces
from shop.orders.states import SELLER_ORDER, SellerOrderState
from shop.orders.tell import HANDED_OVER, tell_buyer
from shop.payments import carry, settle
from shop.payments.models import Payment
from shop.payments.states import Method, PaymentState

_LEFT = (SellerOrderState.HANDED_OVER, SellerOrderState.DISPUTED)
_WITH_HER = (
    SellerOrderState.ACCEPTED,
    SellerOrderState.READY,
    SellerOrderState.HANDED_OVER,
    SellerOrderState.DISPUTED,
)


def hand_over(
    session: Session,
    seller_order_id: uuid.UUID,
    person_id: uuid.UUID | None,
    *,
    cash_received: bool = False,
    carrier_id: uuid.UUID | None = None,
) -> None:
    """Let the pieces leave the house, and book the cash where it was `cash_received` just now.

    `carrier_id` is the courier or the point that is to take the cash instead.
    Raises `IllegalMove`, `payments.carry.UnknownHolder`.
    """
    payment = held_payments(session, [seller_order_id]).get(seller_order_id)
    move_part(
        session, seller_order_id, SellerOrderState.HANDED_OVER,
        actor="seller", person_id=person_id, handed_over_at=clock.now(),
    )  # fmt: skip
    key = f"{SellerOrderState.HANDED_OVER.value}:{seller_order_id.hex}"
    reserve.hand_over(session, pieces(session, seller_order_id), key=key)
    tell_buyer(session, seller_order_id, HANDED_OVER)
    if (
        cash_received
        and payment is not None
        and payment.method == Method.CASH
        and payment.state == PaymentState.PENDING
    ):
        settle.settle_cash(session, payment.id, person_id=person_id)
    elif carrier_id is not None:
        _let_carry(session, payment, carrier_id, person_id)


def let_carry(
    session: Session,
    seller_order_id: uuid.UUID,
    person_id: uuid.UUID | None,
    *,
    carrier_id: uuid.UUID,
) -> None:
    """A courier or a point is to take the cash of a part that has left the house already.

    Raises `IllegalMove`, `AlreadySettled`, `payments.carry.UnknownHolder`.
    """
    payment = held_payments(session, [seller_order_id]).get(seller_order_id)
    part = session.get_one(SellerOrder, seller_order_id, populate_existing=True)
    if part.state not in _LEFT:
        raise IllegalMove(SELLER_ORDER.name, "carried")
    _let_carry(session, payment, carrier_id, person_id)


def _let_carry(
    session: Session,
    payment: Payment | None,
    carrier_id: uuid.UUID,
    person_id: uuid.UUID | None,
) -> None:
    if payment is None:
        raise IllegalMove(SELLER_ORDER.name, "carried")
    carry.name_carrier(session, payment.id, carrier_id, person_id=person_id)


def receive_cash(session: Session, seller_order_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """The buyer's cash for a part has come into the seller's hand, whoever was to take it.

    Raises `IllegalMove` where the part is not paid in cash or nobody has accepted it yet,
    `AlreadySettled` the second time.
    """
    payment = held_payments(session, [seller_order_id]).get(seller_order_id)
    part = session.get_one(SellerOrder, seller_order_id, populate_existing=True)
    if payment is None or payment.method != Method.CASH or part.state not in _WITH_HER:
        raise IllegalMove(SELLER_ORDER.name, "paid in cash")
    if payment.carrier_id is not None:
        carry.name_carrier(session, payment.id, None, person_id=person_id)
    settle.settle_cash(session, payment.id, person_id=person_id)
