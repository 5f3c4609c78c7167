"""Staff look at a seller's first product before it is shown."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.catalog.models import Product
from shop.catalog.publish import move
from shop.catalog.states import ProductState
from shop.core import clock
from shop.sellers.hold import one_at_a_time
from shop.sellers.queries import people_running
from shop.sellers.states import SellerState

APPROVED = "product_approved"
DECLINED = "product_declined"


class SellerNotApproved(Exception):
    """The seller is looked at first: nothing of theirs is shown before that."""


class ReasonMissing(Exception):
    """Who is declined must be able to read why."""


def approve_product(session: Session, product_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Put a waiting product on the shelf and tell the seller.

    Raises `SellerNotApproved`, and `IllegalMove` where it does not wait (any more).
    """
    product = session.get_one(Product, product_id)
    seller = one_at_a_time(session, product.seller_id)
    if seller.state != SellerState.APPROVED:
        raise SellerNotApproved
    move(session, product_id, ProductState.LIVE, "staff", person_id, published_at=clock.now())
    audit.write(session, person_id, "product.approve", "product", product_id)
    _tell(session, product, APPROVED)


def decline_product(
    session: Session, product_id: uuid.UUID, person_id: uuid.UUID, reason: str
) -> None:
    """Send a waiting product back with the reason. Raises `ReasonMissing`, `IllegalMove`."""
    if not reason.strip():
        raise ReasonMissing
    move(session, product_id, ProductState.DECLINED, "staff", person_id, reason=reason)
    audit.write(session, person_id, "product.decline", "product", product_id, reason=reason)
    _tell(session, session.get_one(Product, product_id), DECLINED, reason=reason)


def _tell(session: Session, product: Product, kind: str, **detail: str) -> None:
    notify.tell(
        session,
        people_running(session, product.seller_id),
        kind,
        seller_id=product.seller_id,
        link=f"/sell/products/{product.id}",
        event=notify.just_now(product.id),
        product=product.name,
        **detail,
    )
