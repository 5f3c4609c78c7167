"""Many buyers at once: nothing is sold twice, no key makes two orders, nobody waits for ever.

Each proof has a planted fault beside it that makes its count go wrong, so a zero means something,
and each counts the orders that did go through, so a shop that refuses everybody does not pass.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import Client

from shop.catalog import reserve
from shop.catalog.models import Variant
from shop.core import ids
from shop.orders import checkout, form_key
from shop.orders.models import Order, OrderLine
from shop.orders.place_order import PartWanted
from tests.catalog.offered import offer
from tests.orders.pages import BUYER
from tests.proofs import planted

pytestmark = [pytest.mark.both, pytest.mark.slow]
AT_ONCE = 32
Form = dict[str, Any]
Basket = Sequence[tuple[uuid.UUID, uuid.UUID, int]]
"""Seller, variant, how many."""


def one_of(variant: Variant, quantity: int = 1) -> tuple[uuid.UUID, uuid.UUID, int]:
    return (variant.seller_id, variant.id, quantity)


def form(basket: Basket) -> Form:
    """A checkout form that picks these up, as a visitor without a cart would send it."""
    ways = {f"way-{seller.hex}": "pickup" for seller, _, _ in basket}
    return (
        BUYER
        | ways
        | {
            "key": form_key.once_more(""),
            "line": [f"{s.hex}:{v.hex}:{quantity}:15000" for s, v, quantity in basket],
            "total": 15_000 * sum(quantity for _, _, quantity in basket),
        }
    )


def all_press(app: Flask, session: Session, forms: Sequence[Form]) -> Counter[int]:
    """All of them press the button at once; how often each answer came."""
    session.commit()
    session.close()

    def press(sent: Form) -> int:
        return Client(app).post("/checkout", data=sent).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(press, forms))


def faults(answers: Counter[int]) -> int:
    return sum(times for status, times in answers.items() if status >= 500)


def sold(session: Session, variant_id: uuid.UUID) -> int:
    session.rollback()
    pieces = select(func.sum(OrderLine.quantity)).where(OrderLine.variant_id == variant_id)
    return session.scalar(pieces) or 0


def orders(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Order)) or 0


@pytest.mark.parametrize("attempt", range(3))
def test_200_buyers_get_the_last_ten_pieces(app: Flask, session: Session, attempt: int):
    variant = offer(session, on_hand=10)
    basket, variant_id = [one_of(variant)], variant.id
    answers = all_press(app, session, [form(basket) for _ in range(200)])
    assert answers == {303: 10, 409: 190}
    assert sold(session, variant_id) == 10
    assert session.get_one(Variant, variant_id).reserved == 10


def test_a_naive_reservation_oversells(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    """Planted: what was left when the form was drawn is trusted as the button is pressed."""
    variant = offer(session, on_hand=10)
    basket, variant_id = [one_of(variant)], variant.id

    def naive(session: Session, wanted: reserve.Wanted, *, key: str) -> None:
        for thing, quantity in wanted.items():
            session.execute(update(Variant).where(Variant.id == thing).values(reserved=quantity))

    monkeypatch.setattr(reserve, "promise", naive)
    all_press(app, session, [form(basket) for _ in range(40)])
    assert sold(session, variant_id) > 10


def test_50_presses_of_one_key_make_one_order(app: Flask, session: Session):
    basket = [one_of(offer(session, on_hand=100))]
    answers = all_press(app, session, [form(basket)] * 50)
    assert answers == {303: 50}
    assert orders(session) == 1
    assert sold(session, basket[0][1]) == 1


def test_without_the_key_they_make_many(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    """Planted: the form's key is not kept with the order."""
    basket = [one_of(offer(session, on_hand=100))]
    real = checkout.insert_once

    def forgetful(session: Session, table: Any, **values: Any) -> bool:
        return real(session, table, **(values | {"key": ids.new_token()}))

    monkeypatch.setattr(checkout, "insert_once", forgetful)
    all_press(app, session, [form(basket)] * 20)
    assert orders(session) > 1


def test_two_lines_of_one_thing_do_not_pass_together(app: Flask, session: Session):
    variant = offer(session, on_hand=15)
    basket, variant_id = [one_of(variant, 2), one_of(variant)], variant.id
    answers = all_press(app, session, [form(basket) for _ in range(40)])
    assert answers == {303: 5, 409: 35}
    assert sold(session, variant_id) == 15


def test_lines_that_are_not_added_up_are_caught(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    """Planted: each line is looked at by itself. The database refuses what that lets through."""
    basket = [one_of(variant := offer(session, on_hand=15), 2), one_of(variant)]
    monkeypatch.setattr(PartWanted, "merged", lambda part: part.lines)
    assert faults(all_press(app, session, [form(basket) for _ in range(10)])) > 0


def opposite(session: Session, number: int) -> list[Form]:
    one, two = offer(session, on_hand=number), offer(session, on_hand=number)
    there, back = [one_of(one), one_of(two)], [one_of(two), one_of(one)]
    return [form(there if turn % 2 else back) for turn in range(number)]


def test_baskets_in_opposite_order_do_not_wait_for_each_other(app: Flask, session: Session):
    answers = all_press(app, session, opposite(session, 200))
    assert answers == {303: 200}
    session.rollback()
    assert session.scalars(select(Variant.reserved)).all() == [200, 200]


def test_unsorted_baskets_lock_each_other_up(
    app: Flask, session: Session, database: str, monkeypatch: pytest.MonkeyPatch
):
    """Planted: things are taken in the order of the basket. SQLite has one writer: no deadlock."""
    monkeypatch.setattr(reserve, "_held", reserve._held)  # put back in the end
    planted.unsorted()
    answers = all_press(app, session, opposite(session, 8))
    assert (faults(answers) > 0) == (database == "postgresql")
