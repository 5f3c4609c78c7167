"""Telling the people who run a seller's studio about their orders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.orders.models import Order, SellerOrder
from shop.sellers.models import MemberRole, Seller, SellerMember

NEW = "order_new"
UNPAID_AGAIN = "order_unpaid_again"
PAID_AGAIN = "order_paid_again"
CANCELLED = "order_cancelled"
CALLED_OFF = "order_called_off"
LESS = "order_less"
UNANSWERED = "order_unanswered"
FEE_WANTED = "fee_wanted"
ACCEPTED = "order_accepted"
READY = "order_ready"
HANDED_OVER = "order_handed_over"
_RUN_THE_STUDIO = (MemberRole.OWNER.value, MemberRole.TREASURER.value, MemberRole.MANAGER.value)


def tell_buyer(session: Session, part_id: uuid.UUID, kind: str) -> None:
    """Tell who ordered how far this part has come, once for each kind."""
    order_id, number, token, seller = session.execute(
        select(Order.id, Order.number, Order.token, Seller.name)
        .join(SellerOrder, SellerOrder.order_id == Order.id)
        .join(Seller, Seller.id == SellerOrder.seller_id)
        .where(SellerOrder.id == part_id)
    ).one()
    notify.tell_buyer(
        session, order_id, kind, event=part_id.hex, link=f"/o/{token}",
        number=number, seller=seller,
    )  # fmt: skip


def tell_sellers(
    session: Session,
    part_ids: Iterable[uuid.UUID],
    kind: str,
    *,
    link: str = "",
    event: str = "",
    **detail: Any,
) -> None:
    """Leave a notification for each person who can act on these parts.

    Without a `link` it leads to the part's page. `event` tells what can happen to a part several
    times apart from its like; `detail` is that of `notify.tell`.
    """
    rows = session.execute(
        select(SellerOrder.id, SellerOrder.seller_id, Order.number, Order.buyer_name,
               SellerMember.person_id)
        .join(Order, SellerOrder.order_id == Order.id)
        .join(SellerMember, SellerMember.seller_id == SellerOrder.seller_id)
        .where(
            SellerOrder.id.in_(list(part_ids)),
            SellerMember.role.in_(_RUN_THE_STUDIO),
            SellerMember.left_on.is_(None),
        )
        .order_by(SellerOrder.id, SellerMember.joined_on)
    ).all()  # fmt: skip
    people: dict[uuid.UUID, list[uuid.UUID]] = {}
    about = {}
    for part_id, seller_id, number, buyer_name, person_id in rows:
        about[part_id] = (seller_id, number, buyer_name)
        if person_id is not None:
            people.setdefault(part_id, []).append(person_id)
    news = [
        notify.Told(
            people.get(part_id, ()), seller_id, link or f"/sell/orders/{part_id}",
            f"{part_id.hex}:{event}", {"number": number, "buyer": buyer_name, **detail},
        )
        for part_id, (seller_id, number, buyer_name) in about.items()
    ]  # fmt: skip
    notify.tell_all(session, kind, news)
