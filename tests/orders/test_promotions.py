"""Promotions: what goes off, who bears it, and what the books say of it."""

from __future__ import annotations

import contextlib
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.money import Rupiah
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.sales import earned_of
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.add_promotion import (
    BadPromotion,
    NewPromotion,
    NotHers,
    WordTaken,
    add_promotion,
)
from shop.orders.cancel import cancel
from shop.orders.cancel_lines import cancel_lines
from shop.orders.checkout import Changed, place
from shop.orders.complete import complete
from shop.orders.end_promotion import end_promotion
from shop.orders.give_back import give_back
from shop.orders.hand_over import hand_over
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.models_promotion import Promotion, Target
from shop.orders.place_order import ChangeKind, PlaceOrder
from shop.orders.ready import ready
from shop.orders.states import DeliveryKind
from shop.payments.settle import settle
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.catalog.offered import offer as offered
from tests.factories.orders import filled_in, payment_of
from tests.factories.promotions import make_promotion
from tests.factories.sellers import make_seller

DELIVERY = DeliveryKind.DELIVERY


def offer(
    session: Session, seller: Seller | None = None, price: int = 15_000, on_hand: int = 50
) -> Variant:
    thing = offered(session, seller, on_hand=on_hand)
    thing.price = Rupiah(price)
    return thing


def order_of(session: Session, *things: tuple[Variant, int], **more: object) -> Order:
    return place(session, filled_in(*things, **more))  # type: ignore[arg-type]


def to_the_end(session: Session, part: SellerOrder) -> None:
    accept(session, part.id, None)
    ready(session, part.id, None)
    hand_over(session, part.id, None, cash_received=True)
    complete(session, part.id, actor="buyer")


def paid(session: Session, order: Order) -> SellerOrder:
    settle(session, payment_of(session, order).id, actor="staff", person_id=None)
    return order.parts[0]


def kinds_of(changed: Changed) -> list[tuple[ChangeKind, int, int]]:
    return [(one.kind, one.before, one.now) for one in changed.changes]


def test_a_share_goes_off_and_the_sums_are_what_the_buyer_pays(session: Session):
    thing = offer(session, price=15_000)
    made = make_promotion(session, basis_points=1_000)
    order = order_of(session, (thing, 2))
    (part,), (line,) = order.parts, order.parts[0].lines
    assert (line.gross, line.discount, line.subsidy, line.total) == (30_000, 3_000, 3_000, 27_000)
    assert line.promotion_id == made.id
    assert order.goods == part.goods == part.total == 27_000
    assert payment_of(session, order).amount == 27_000 + order.unique_code


def test_without_one_nothing_goes_off(session: Session):
    line = order_of(session, (offer(session), 1)).parts[0].lines[0]
    assert (line.promotion_id, line.discount, line.total) == (None, 0, line.unit_price)


def test_rupiah_are_spread_over_lines_by_largest_remainder(session: Session):
    seller, other = make_seller(session, "Rohana"), make_seller(session, "Melur")
    things = [(offer(session, seller, price=10_000), 1) for _ in range(2)]
    make_promotion(session, off=10_000, subsidy_points=3_333)
    order = order_of(session, *things, (offer(session, other, price=10_000), 1))
    lines = [line for part in order.parts for line in part.lines]
    assert sorted(line.discount for line in lines) == [3_333, 3_333, 3_334]
    assert sum(line.subsidy for line in lines) == 3_333
    assert order.goods == 20_000


def test_each_line_has_the_one_that_takes_most_off_and_they_do_not_add_up(session: Session):
    seller = make_seller(session)
    dear, other = offer(session, seller, price=50_000), offer(session, seller, price=10_000)
    make_promotion(session, "Semua", basis_points=1_000)
    half = make_promotion(session, "Separuh", basis_points=5_000, product_id=other.product_id)
    lines = {one.variant_id: one for one in order_of(session, (dear, 1), (other, 1)).parts[0].lines}
    assert lines[dear.id].discount == 5_000
    assert (lines[other.id].discount, lines[other.id].promotion_id) == (5_000, half.id)


def test_it_is_for_its_category_seller_and_product_only(session: Session):
    seller, other = make_seller(session, "Rohana"), make_seller(session, "Melur")
    hers, another = offer(session, seller, price=10_000), offer(session, other, price=10_000)
    make_promotion(session, off=1_000, seller_id=seller.id)
    order = order_of(session, (hers, 1), (another, 1))
    off = {line.variant_id: line.discount for part in order.parts for line in part.lines}
    assert off == {hers.id: 1_000, another.id: 0}
    category = session.get_one(Product, another.product_id).category_slug
    make_promotion(session, off=9_000, category_slug=category, minimum=20_001)
    assert order_of(session, (hers, 1), (another, 1)).goods == 19_000


def test_from_its_minimum_on_and_never_above_its_cap(session: Session):
    thing = offer(session, price=10_000)
    make_promotion(session, basis_points=5_000, minimum=20_000, cap=7_000)
    assert order_of(session, (thing, 1)).goods == 10_000
    assert order_of(session, (thing, 2)).goods == 13_000


def test_a_word_must_be_typed(session: Session):
    thing = offer(session, price=10_000)
    make_promotion(session, off=2_000, word="raya 26")
    assert order_of(session, (thing, 1)).goods == 10_000
    assert order_of(session, (thing, 1), word="lain").goods == 10_000
    assert order_of(session, (thing, 1), word="Raya26 ").goods == 8_000


def test_bringing_is_cheaper_or_free(session: Session):
    thing = offer(session, price=20_000)
    made = make_promotion(session, off=4_000, target=Target.DELIVERY, subsidy_points=5_000)
    part = order_of(session, (thing, 1), delivery=DELIVERY).parts[0]
    assert (part.delivery, part.delivery_discount, part.delivery_subsidy) == (6_000, 4_000, 2_000)
    end_promotion(session, made.id, person_id=None)
    make_promotion(session, basis_points=10_000, target=Target.DELIVERY)
    free = order_of(session, (thing, 1), delivery=DELIVERY)
    assert (free.delivery, free.total) == (0, 20_000 + free.unique_code)
    assert order_of(session, (thing, 1)).parts[0].delivery_promotion_id is None


def test_before_and_after_its_time_nothing_goes_off(session: Session):
    thing = offer(session, price=10_000)
    start = clock.now() + timedelta(hours=1)
    make_promotion(session, off=1_000, starts_at=start, ends_at=start + timedelta(hours=1))
    assert order_of(session, (thing, 1)).goods == 10_000
    with clock.at(start):
        assert order_of(session, (thing, 1)).goods == 9_000
    with clock.at(start + timedelta(hours=1)):
        assert order_of(session, (thing, 1)).goods == 10_000


def test_one_that_ended_meanwhile_is_told(session: Session):
    thing = offer(session, price=10_000)
    made = make_promotion(session, off=1_000)
    wanted = filled_in((thing, 1), promotions_seen=((made.id, 1_000),), total_seen=9_000)
    end_promotion(session, made.id, person_id=None)
    with pytest.raises(Changed) as told:
        place(session, wanted)
    assert kinds_of(told.value) == [(ChangeKind.PROMOTION, 1_000, 0)]
    assert told.value.changes[0].name == "Hari jadi"


def test_one_that_began_meanwhile_is_told(session: Session):
    thing = offer(session, price=10_000)
    wanted = filled_in((thing, 1), promotions_seen=(), total_seen=10_000)
    make_promotion(session, off=1_000)
    with pytest.raises(Changed) as told:
        place(session, wanted)
    assert kinds_of(told.value) == [(ChangeKind.PROMOTION, 0, 1_000)]


@pytest.mark.both
def test_a_budget_is_never_exceeded_and_is_free_again_when_an_order_is_undone(session: Session):
    thing = offer(session, price=10_000, on_hand=50)
    made = make_promotion(session, off=3_000, budget=5_000)
    first = order_of(session, (thing, 1), key="one")
    assert order_of(session, (thing, 1), key="one") is first
    second = order_of(session, (thing, 1))
    assert [first.goods, second.goods] == [7_000, 8_000]
    assert order_of(session, (thing, 1)).goods == 10_000
    session.refresh(made)
    assert made.taken == 5_000
    cancel(session, first.id, actor="buyer", person_id=None)
    session.refresh(made)
    assert made.taken == 2_000
    assert order_of(session, (thing, 1)).goods == 7_000


@pytest.mark.both
def test_many_buyers_at_once_never_pass_the_budget(app: Flask, session: Session):
    thing = offer(session, price=10_000)
    made = make_promotion(session, off=2_000, budget=5_000)
    wanted = [filled_in((thing, 1), key=f"at-once-{number}") for number in range(8)]
    which = made.id
    session.commit()
    session.close()

    def press(one: PlaceOrder) -> None:
        with app.app_context(), contextlib.suppress(Changed):
            place(db.session(), one)
            db.session.commit()

    with ThreadPoolExecutor(len(wanted)) as pool:
        list(pool.map(press, wanted))
    off = list(session.scalars(select(OrderLine.discount).where(OrderLine.promotion_id == which)))
    assert len(off) >= 2
    assert sum(off) == session.get_one(Promotion, which).taken <= 5_000


def test_what_the_programme_bears_is_hers_at_completion(session: Session):
    set_rule(session, 500, None)
    make_promotion(session, off=6_000, subsidy_points=5_000)
    order = order_of(session, (offer(session, price=30_000), 1))
    part = paid(session, order)
    to_the_end(session, part)
    assert part.fee == 1_200
    assert balance(session, A.PROMOTION) == 3_000
    assert balance(session, A.PAYABLE, part.seller_id) == -(24_000 - 1_200 + 3_000)
    assert earned_of(session, part.id, consigned=False) == 25_800


@pytest.mark.parametrize("method", [Method.CASH, Method.TRANSFER])
def test_in_cash_the_subsidy_is_owed_to_her(session: Session, method: Method):
    make_promotion(session, off=6_000)
    order = order_of(session, (offer(session, price=30_000), 1), method=method)
    part = order.parts[0] if method is Method.CASH else paid(session, order)
    to_the_end(session, part)
    owed = 6_000 if method is Method.CASH else 30_000
    assert balance(session, A.PAYABLE, part.seller_id) == -owed


def test_pieces_that_never_came_take_their_part_of_it(session: Session):
    make_promotion(session, off=3_000)
    part = paid(session, order_of(session, (offer(session, price=10_000), 3)))
    cancel_lines(session, part.id, {part.lines[0].id: 1}, reason="habis", person_id=None)
    to_the_end(session, part)
    assert balance(session, A.PROMOTION) == 2_000
    assert balance(session, A.PAYABLE, part.seller_id) == -20_000


def test_what_goes_back_at_her_cost_takes_it_back_and_at_the_programmes_it_does_not(
    session: Session,
):
    make_promotion(session, off=2_000)
    part = paid(session, order_of(session, (offer(session, price=10_000), 2)))
    to_the_end(session, part)
    line = part.lines[0]
    for share, left in ((0, 2_000), (9_000, 1_000)):
        give_back(
            session, part.id, lines={line.id: (1, 9_000)}, delivery=0, seller_share=share,
            reason="basi", person_id=None, key=f"back-{share}",
        )  # fmt: skip
        assert balance(session, A.PROMOTION) == left
    assert balance(session, A.PAYABLE, part.seller_id) == -10_000


def test_an_undone_part_has_no_subsidy(session: Session):
    make_promotion(session, off=2_000)
    order = order_of(session, (offer(session, price=10_000), 1))
    part = paid(session, order)
    cancel(session, order.id, actor="staff", person_id=None, reason="hujan")
    assert balance(session, A.PROMOTION) == balance(session, A.PAYABLE, part.seller_id) == 0


def test_the_same_key_makes_one(session: Session):
    wanted = NewPromotion("Raya", amount=1_000)
    made = [add_promotion(session, wanted, key="k", person_id=None) for _ in range(2)]
    assert made[0] is made[1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("word", "a!"),
        ("basis_points", 9_001),
        ("basis_points", 0),
        ("amount", 0),
        ("minimum", -1),
        ("cap", 0),
        ("budget", 0),
        ("subsidy_points", 10_001),
        ("ends_at", clock.now() - timedelta(days=1)),
    ],
)
def test_what_cannot_be_is_refused(session: Session, field: str, value: object):
    measure = {"amount": 1_000} if field != "basis_points" else {}
    wanted = NewPromotion(**({"name": "Raya"} | measure | {field: value}))  # type: ignore[arg-type]
    with pytest.raises(BadPromotion) as told:
        add_promotion(session, wanted, key="k", person_id=None)
    assert told.value.field == field


def test_a_word_belongs_to_one_that_has_not_ended(session: Session):
    made = make_promotion(session, word="RAYA")
    with pytest.raises(WordTaken):
        make_promotion(session, word="raya")
    end_promotion(session, made.id, person_id=None)
    assert make_promotion(session, word="raya").word == "RAYA"


def test_a_seller_makes_and_ends_her_own_at_her_own_cost_only(session: Session):
    seller, other = make_seller(session, "Rohana"), make_seller(session, "Melur")
    hers = offer(session, seller)
    good = NewPromotion("Beli banyak", amount=1_000, product_id=hers.product_id)
    for wanted, who in (
        (good, other.id),
        (dataclasses.replace(good, product_id=None), seller.id),
        (dataclasses.replace(good, subsidy_points=1), seller.id),
    ):
        with pytest.raises(NotHers):
            add_promotion(session, wanted, key="k", person_id=None, by_seller=who)
    made = add_promotion(session, good, key="k", person_id=None, by_seller=seller.id)
    assert (made.seller_id, made.by_seller) == (seller.id, True)
    staffs = make_promotion(session, seller_id=seller.id)
    for one, who in ((made, other.id), (staffs, seller.id)):
        with pytest.raises(NotHers):
            end_promotion(session, one.id, person_id=None, by_seller=who)
    for _ in range(2):
        end_promotion(session, made.id, person_id=None, by_seller=seller.id)
    first = made.ended_at
    assert first is not None
    end_promotion(session, made.id, person_id=None)
    assert session.get_one(Promotion, made.id).ended_at == first
