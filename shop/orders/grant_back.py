"""Money of a part goes back: on its lines, in a refund, and in the books, all or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from shop.core.money import split
from shop.orders.chosen_lines import BadShare, TooMuchBack
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.states import SellerOrderState
from shop.orders.worth import PartWorth, worth
from shop.payments import refund
from shop.payments.models import Payment, Refund
from shop.payments.refund import Back, Terms

Count = Literal["cancelled", "refunded"]
"""As what pieces count that are undone: they never left the house, or their money went back."""


@dataclass(frozen=True)
class Act:
    """Who undoes something, why, and on what terms; money in rupiah.

    `actor` is as in the life-cycle table. `seller_share`: what the seller bears of what goes back
    (None: all). `delivery`: what goes back of the delivery fee (None: what the rule says).
    """

    actor: str
    person_id: uuid.UUID | None
    reason: str
    seller_share: int | None = None
    delivery: int | None = None


def grant_back(
    session: Session,
    found: PartWorth,
    payment: Payment,
    back: Sequence[Back],
    act: Act,
    *,
    count: Count,
    ended: bool,
    key: str,
) -> Refund | None:
    """Count these pieces as cancelled or refunded, and make their rupiah due back.

    The payment is held against others. None where no rupiah was left in them.
    Raises `TooMuchBack`, `BadShare`, `payments.refund.NotPaid`.
    """
    part, delivery = found.part, act.delivery or 0
    amount = delivery + sum(taken.rupiah for taken in back)
    borne = amount if act.seller_share is None else act.seller_share
    if not 0 <= borne <= amount:
        raise BadShare(amount)
    weights = [*(taken.rupiah for taken in back), delivery]
    shares = split(borne, weights) if amount else [0] * len(weights)
    for taken, share in zip(back, shares, strict=False):
        _take(session, part.id, taken, share, count)
    _take_delivery(session, part.id, delivery, shares[-1])
    fee, subsidy = found.fee, found.subsidy
    session.expire(part, ["delivery_back", "delivery_borne"])
    after = worth(session, part)
    if not amount:
        return None
    terms = Terms(delivery, borne, tuple(back), ended)
    if ended and part.state == SellerOrderState.COMPLETED:
        less = subsidy - after.subsidy
        terms = replace(terms, fee_back=fee - after.fee, subsidy_back=less)
    return refund.grant(
        session, payment_id=payment.id, seller_order_id=part.id, seller_id=part.seller_id,
        amount=amount, reason=act.reason, person_id=act.person_id, key=key, terms=terms,
    )  # fmt: skip


def _take(session: Session, part_id: uuid.UUID, taken: Back, share: int, count: str) -> None:
    line = OrderLine
    pieces = {count: getattr(line, count) + taken.pieces}
    done = session.execute(
        update(line)
        .where(
            line.id == taken.line_id,
            line.seller_order_id == part_id,
            line.quantity - line.cancelled - line.refunded >= taken.pieces,
            line.total - line.lowered - line.given_back >= taken.rupiah,
        )
        .values(given_back=line.given_back + taken.rupiah, borne=line.borne + share, **pieces)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise TooMuchBack(taken.line_id, 0)


def _take_delivery(session: Session, part_id: uuid.UUID, delivery: int, share: int) -> None:
    if not delivery:
        return
    if delivery < 0:
        raise TooMuchBack(None, 0)
    done = session.execute(
        update(SellerOrder)
        .where(
            SellerOrder.id == part_id, SellerOrder.delivery - SellerOrder.delivery_back >= delivery
        )
        .values(
            delivery_back=SellerOrder.delivery_back + delivery,
            delivery_borne=SellerOrder.delivery_borne + share,
        )
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise TooMuchBack(None, 0)
