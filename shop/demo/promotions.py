"""Promotions of the demo: of the programme, of a seller, shared, and orders that have them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import or_, select

from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.core import clock
from shop.demo.memory import Memory
from shop.orders import accept, checkout, complete, hand_over, ready
from shop.orders.add_promotion import NewPromotion, add_promotion
from shop.orders.end_promotion import end_promotion
from shop.orders.models_promotion import Target
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers.models import Seller
from shop.sellers.states import SellerState

_DEAR = 10_000
"""Rupiah: what is cheaper is no good example."""
_BY_WORD = 2
"""The order whose buyer typed the word."""


def promote(stage: Memory) -> None:
    """A promotion of each bearer since two hours ago, and what was bought with them since.

    The programme's is for whoever types its word, so that no other order of the demo has it.
    """
    session, now = stage.session, stage.plan.now
    things = session.scalars(
        select(Variant)
        .join(Variant.product)
        .join(Seller, Seller.id == Variant.seller_id)
        .where(
            Seller.state == SellerState.APPROVED.value,
            Seller.minimum_order <= Variant.price,
            Product.state == ProductState.LIVE.value,
            Variant.price >= _DEAR,
            or_(Variant.on_hand.is_(None), Variant.on_hand - Variant.reserved > 1),
        )
        .order_by(Variant.id)
        .limit(2)
    ).all()
    if len(things) < 2:
        return
    own, other = things
    with clock.at(now - timedelta(hours=2)):
        _begin(stage, own, other)
    for number, thing in enumerate((own, other, own)):
        with clock.at(now - timedelta(minutes=90 - number)):
            part_id = _buy(stage, number, thing, "MERDEKA" if number == _BY_WORD else "")
        _fetch(stage, number, part_id)


def _begin(stage: Memory, own: Variant, other: Variant) -> None:
    """One that is over, one of a seller's own, one that both bear, one of the programme."""
    session, staff = stage.session, stage.staff["admin"]
    over = add_promotion(
        session,
        NewPromotion(
            "Antar gratis akhir pekan", "Free weekend delivery", target=Target.DELIVERY,
            basis_points=10_000, subsidy_points=10_000, minimum=50_000, cap=10_000,
        ),
        key="demo-over", person_id=staff,
    )  # fmt: skip
    end_promotion(session, over.id, person_id=staff)
    add_promotion(
        session,
        NewPromotion("Harga kenalan", "First taste", basis_points=1_000, product_id=own.product_id),
        key="demo-own", person_id=None, by_seller=own.seller_id,
    )  # fmt: skip
    add_promotion(
        session,
        NewPromotion(
            "Coba buatan tetangga", "Try your neighbours", amount=3_000, subsidy_points=5_000,
            product_id=other.product_id, budget=150_000,
        ),
        key="demo-both", person_id=staff,
    )  # fmt: skip
    add_promotion(
        session,
        NewPromotion(
            "Merdeka belanja", "Independence", word="MERDEKA", basis_points=2_000, cap=20_000,
            subsidy_points=10_000, budget=500_000, ends_at=clock.now() + timedelta(days=30),
        ),
        key="demo-word", person_id=staff,
    )  # fmt: skip


def _buy(stage: Memory, number: int, thing: Variant, word: str) -> uuid.UUID:
    session, buyer = stage.session, stage.plan.orders[-10 - number].buyer
    line = (thing.id, 1, thing.price)
    order = checkout.place(
        session,
        checkout.PlaceOrder(
            key=f"demo-promotion-{number}", language="id", buyer_name=buyer.name,
            buyer_phone=buyer.phone, buyer_id=None, kelurahan_code=buyer.kelurahan,
            address=buyer.address, method=Method.CASH, word=word,
            parts=(checkout.PartWanted(thing.seller_id, DeliveryKind.PICKUP, "", (line,)),),
        ),
    )  # fmt: skip
    return order.parts[0].id


def _fetch(stage: Memory, number: int, part_id: uuid.UUID) -> None:
    """Just now, after all that was booked before: paid in cash, and all but one completed."""
    session = stage.session
    accept.accept(session, part_id, None)
    if number == _BY_WORD:
        return
    ready.ready(session, part_id, None)
    hand_over.hand_over(session, part_id, None, cash_received=True)
    complete.complete(session, part_id, actor="buyer")
