"""Goods left at a point: what is refused, and that they leave the shelf once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import StockMove, Variant
from shop.catalog.reserve import SoldOut, reserve
from shop.catalog.states import ProductState
from shop.consignment.leave import Left, NoPoint, NotForSale, ShareTooBig, leave
from shop.consignment.models import Consignment
from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.core import clock
from shop.ledger.fees import set_rule
from shop.sellers.models import SellerKind, ShareRule
from shop.sellers.states import SellerState
from tests.catalog.offered import offer
from tests.factories.consignment import consigned, make_point
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def on_hand(session: Session, variant: Variant) -> int | None:
    session.refresh(variant)
    return variant.on_hand


def test_it_is_off_the_shelf_at_once_and_once(session: Session):
    variant, point = offer(session, on_hand=12), make_point(session)
    for _ in range(2):
        made = leave(
            session, variant.seller_id, point.id, [Left(variant.id, 10, 1_000)],
            key="form", person_id=None, note="Di rak depan",
        )  # fmt: skip
    assert on_hand(session, variant) == 2
    assert session.scalar(select(func.count()).select_from(Consignment)) == 1
    (line,) = made.lines
    assert (line.quantity, line.unit_price, line.point_share) == (10, 15_000, 1_000)
    assert len(made.number) == 8
    moves = session.scalars(select(StockMove.on_hand_change)).all()
    assert moves == [-10]


def test_the_same_key_of_another_seller_is_another_form(session: Session):
    first, second = (offer(session, on_hand=5) for _ in range(2))
    point = make_point(session)
    made = [
        leave(session, v.seller_id, point.id, [Left(v.id, 1, 0)], key="form", person_id=None).id
        for v in (first, second)
    ]
    assert made[0] != made[1]


def test_price_fee_and_rule_are_kept_as_they_were(session: Session):
    set_rule(session, 500, None)
    seller = make_seller(session, "KUBE Melur", SellerKind.GROUP)
    rule = ShareRule(
        seller_id=seller.id, valid_from=clock.today(), basis="equal", reserve_basis_points=1_000,
        decided_on=clock.today(), decided_by="rapat",
    )  # fmt: skip
    session.add(rule)
    session.flush()
    (line,) = consigned(session, offer(session, seller, on_hand=20)).lines
    set_rule(session, 900, None)
    assert line.basis_points == 500
    assert line.share_rule_id == rule.id


def test_pieces_promised_to_orders_stay(session: Session):
    variant = offer(session, on_hand=10)
    reserve(session, {variant.id: 3}, key="order")
    with pytest.raises(SoldOut) as gone:
        consigned(session, variant, 8)
    assert gone.value.available == 7
    assert on_hand(session, variant) == 10
    assert session.scalar(select(func.count()).select_from(Consignment)) == 0
    consigned(session, variant, 7)
    assert on_hand(session, variant) == 3


def test_what_is_made_to_order_has_no_number_to_change(session: Session):
    variant = offer(session, on_hand=None)
    made = consigned(session, variant, 8)
    assert on_hand(session, variant) is None
    counted = [Counted(made.lines[0].id, returned=8)]
    record(session, made.id, counted, paid_by=PaidBy.POINT, key="k", person_id=None)
    assert on_hand(session, variant) is None
    assert session.scalar(select(func.count()).select_from(StockMove)) == 0


def test_only_at_open_places_that_take_goods(session: Session):
    variant = offer(session, on_hand=10)
    for point in (
        make_point(session, consigns=False),
        make_point(session, closed_at=clock.now()),
    ):
        with pytest.raises(NoPoint):
            consigned(session, variant, point=point)


def test_only_her_own_things_that_are_for_sale(session: Session):
    point, mine = make_point(session), offer(session, on_hand=10)
    theirs = offer(session, on_hand=10)
    hidden = offer(session, mine.product.seller, on_hand=10, state=ProductState.HIDDEN)
    for other in (theirs, hidden):
        with pytest.raises(NotForSale):
            leave(
                session, mine.seller_id, point.id, [Left(mine.id, 1, 0), Left(other.id, 1, 0)],
                key="k", person_id=None,
            )  # fmt: skip
    mine.product.seller.state = SellerState.SUSPENDED.value
    session.flush()
    with pytest.raises(NotForSale):
        consigned(session, mine, 1)
    assert on_hand(session, mine) == 10


def test_impossible_numbers_are_refused(session: Session):
    variant, point = offer(session, on_hand=10), make_point(session)
    with pytest.raises(ShareTooBig):
        consigned(session, variant, 1, share=15_001)
    for things in (
        [],
        [Left(variant.id, 0, 0)],
        [Left(variant.id, -1, 0)],
        [Left(variant.id, 1_001, 0)],
        [Left(variant.id, 1, -1)],
        [Left(variant.id, 1, 0), Left(variant.id, 1, 0)],
    ):
        with pytest.raises(ValueError, match=r".+"):
            leave(session, variant.seller_id, point.id, things, key="k", person_id=None)
    for key in ("", "k" * 41):
        with pytest.raises(ValueError, match="key"):
            leave(
                session, variant.seller_id, point.id, [Left(variant.id, 1, 0)],
                key=key, person_id=None,
            )  # fmt: skip
    assert on_hand(session, variant) == 10
