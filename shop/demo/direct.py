"""A seller of the demo who is paid by buyers directly, and orders of the last hour with her."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from shop.catalog.models import Product, Variant
from shop.catalog.states import ProductState
from shop.core import clock
from shop.core.images import normalise
from shop.core.storage import Storage
from shop.demo.memory import Memory
from shop.orders import accept, checkout, complete, hand_over, ready
from shop.orders.models import Order
from shop.orders.states import DeliveryKind
from shop.payments.allow import Risk, allow
from shop.payments.collect_own import set_collects, set_own_qris
from shop.payments.models import Payment
from shop.payments.qris import picture_png, read
from shop.payments.settle import claim, settle
from shop.payments.states import Method
from shop.sellers.models import Seller
from shop.sellers.states import SellerState

_SAMPLE_CODE = (
    "00020101021126680016ID.CO.CONTOH.WWW011893600000000000001202150000000000000120303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10000000000020303UMI5204549953033605802ID"
    "5918DAPUR RUMAH CONTOH6013TANJUNGPINANG61052911462070703A016304A9BC"
)
"""Its acquirer's number is nobody's, as that of the programme's."""
_STAGES = ("asked", "claimed", "completed")


def pay_directly(stage: Memory, storage: Storage) -> None:
    """The programme allows it, a seller switches it on, and her orders stand at different stages.

    One of them is paid in two steps: to her and, for somebody else's things, to the programme.
    """
    session, now = stage.session, stage.plan.now
    allow(session, Risk.SELLERS_COLLECT, warning_read=True, person_id=stage.staff["admin"])
    slug = next(account.seller for account in stage.plan.sign_ins if account.seller)
    seller_id, keeper = stage.sellers[slug], stage.keeper(slug)
    image = normalise(picture_png(_SAMPLE_CODE, 640))
    set_own_qris(session, storage, seller_id, image, read(_SAMPLE_CODE), person_id=keeper)
    set_collects(session, seller_id, on=True, person_id=keeper)
    for number, state in enumerate(_STAGES):
        with clock.at(now - timedelta(minutes=50)):
            order = _place(stage, slug, number)
        if order is None:
            return
        _go_on(stage, slug, order, state)  # just now, after all that was booked before


def _place(stage: Memory, slug: str, number: int) -> Order | None:
    """By QRIS; the first one with something of another seller."""
    own, other = _thing(stage, slug, ours=True), _thing(stage, slug, ours=False)
    if own is None or other is None:
        return None
    buyer = stage.plan.orders[-1 - number].buyer
    return checkout.place(
        stage.session,
        checkout.PlaceOrder(
            key=f"demo-direct-{number}", language="id", buyer_name=buyer.name,
            buyer_phone=buyer.phone, buyer_id=None, kelurahan_code=buyer.kelurahan,
            address=buyer.address, method=Method.QRIS,
            parts=tuple(
                checkout.PartWanted(
                    one.seller_id, DeliveryKind.PICKUP, "", ((one.id, 1, one.price),)
                )
                for one in ((own, other) if number == 0 else (own,))
            ),
        ),
    )  # fmt: skip


def _go_on(stage: Memory, slug: str, order: Order, state: str) -> None:
    session, keeper = stage.session, stage.keeper(slug)
    payment_id = session.scalars(
        select(Payment.id).where(Payment.order_id == order.id, Payment.collector_id.is_not(None))
    ).one()
    if state == "claimed":
        claim(session, payment_id)
    if state != "completed":
        return
    settle(session, payment_id, actor="seller", person_id=keeper)
    part_id = order.parts[0].id
    accept.accept(session, part_id, keeper)
    ready.ready(session, part_id, keeper)
    hand_over.hand_over(session, part_id, keeper)
    complete.complete(session, part_id, actor="buyer")


def _thing(stage: Memory, slug: str, *, ours: bool) -> Variant | None:
    """Something that can be had now, of this seller or of another one."""
    seller_id = stage.sellers[slug]
    whose = Variant.seller_id == seller_id if ours else Variant.seller_id != seller_id
    return stage.session.scalars(
        select(Variant)
        .join(Variant.product)
        .join(Seller, Seller.id == Variant.seller_id)
        .where(
            whose,
            Seller.state == SellerState.APPROVED.value,
            Seller.minimum_order <= Variant.price,
            Product.state == ProductState.LIVE.value,
            or_(Variant.on_hand.is_(None), Variant.on_hand > Variant.reserved),
        )
        .order_by(Variant.id)
    ).first()
