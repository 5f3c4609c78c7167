"""Pieces are promised once, never more than there are, and all of an order or nothing."""

from __future__ import annotations

import threading
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import StockMove, Variant
from shop.catalog.reserve import NotReserved, SoldOut, hand_over, release, reserve
from shop.core.db import db
from tests.catalog.offered import offer

pytestmark = pytest.mark.both


def numbers(session: Session, variant: Variant) -> tuple[int | None, int]:
    session.refresh(variant)
    return variant.on_hand, variant.reserved


def test_reserving_promises_pieces(session: Session):
    variant = offer(session, on_hand=5)
    reserve(session, {variant.id: 3}, key="order-1")
    assert numbers(session, variant) == (5, 3)
    assert variant.available == 2


def test_more_than_available_is_sold_out_and_says_how_many_are_left(session: Session):
    variant = offer(session, on_hand=5)
    reserve(session, {variant.id: 3}, key="order-1")
    with pytest.raises(SoldOut) as caught:
        reserve(session, {variant.id: 3}, key="order-2")
    assert (caught.value.variant_id, caught.value.available) == (variant.id, 2)
    assert numbers(session, variant) == (5, 3)


def test_all_of_an_order_or_nothing(session: Session):
    plenty, scarce = offer(session, on_hand=9), offer(session, on_hand=1)
    with pytest.raises(SoldOut):
        reserve(session, {plenty.id: 2, scarce.id: 2}, key="order-1")
    assert numbers(session, plenty) == (9, 0)
    assert session.scalar(select(func.count()).select_from(StockMove)) == 0


def test_a_repeated_key_changes_nothing(session: Session):
    variant = offer(session, on_hand=5)
    for _ in range(3):
        reserve(session, {variant.id: 2}, key="order-1")
    assert numbers(session, variant) == (5, 2)
    for _ in range(3):
        release(session, {variant.id: 2}, key="expired-1")
    assert numbers(session, variant) == (5, 0)


def test_after_sold_out_the_same_key_may_try_again(session: Session):
    variant = offer(session, on_hand=1)
    reserve(session, {variant.id: 1}, key="other")
    with pytest.raises(SoldOut):
        reserve(session, {variant.id: 1}, key="order-1")
    release(session, {variant.id: 1}, key="other-expired")
    reserve(session, {variant.id: 1}, key="order-1")
    assert numbers(session, variant) == (1, 1)


def test_handing_over_takes_pieces_out_of_the_house(session: Session):
    variant = offer(session, on_hand=5)
    reserve(session, {variant.id: 3}, key="order-1")
    for _ in range(2):
        hand_over(session, {variant.id: 3}, key="handed-1")
    assert numbers(session, variant) == (2, 0)


def test_what_is_made_to_order_has_no_end(session: Session):
    variant = offer(session, on_hand=None)
    reserve(session, {variant.id: 400}, key="order-1")
    assert numbers(session, variant) == (None, 400)
    hand_over(session, {variant.id: 400}, key="handed-1")
    assert numbers(session, variant) == (None, 0)
    moves = session.execute(select(StockMove.on_hand_change, StockMove.reserved_change)).all()
    assert sorted(map(tuple, moves)) == [(0, -400), (0, 400)]


@pytest.mark.parametrize("act", [release, hand_over])
def test_more_than_was_promised_is_refused(session: Session, act):
    variant = offer(session, on_hand=5)
    reserve(session, {variant.id: 1}, key="order-1")
    with pytest.raises(NotReserved):
        act(session, {variant.id: 2}, key="too-many")
    assert numbers(session, variant) == (5, 1)


@pytest.mark.parametrize("quantity", [0, -1])
def test_quantities_below_one_are_refused(session: Session, quantity: int):
    variant = offer(session, on_hand=5)
    with pytest.raises(ValueError, match="1 or more"):
        reserve(session, {variant.id: quantity}, key="order-1")


@pytest.mark.slow
def test_sixteen_buyers_at_once_get_exactly_what_there_is(app: Flask, session: Session):
    variant_id = offer(session, on_hand=50).id
    session.commit()
    won: list[str] = []
    start = threading.Barrier(16)

    def buy(buyer: int) -> None:
        with app.app_context():
            start.wait()
            for attempt in range(25):
                try_one(variant_id, f"{buyer}-{attempt}", won)
            db.session.remove()

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    variant = session.get_one(Variant, variant_id)
    session.refresh(variant)
    assert len(won) == 50
    assert (variant.on_hand, variant.reserved) == (50, 50)
    assert session.scalar(select(func.sum(StockMove.reserved_change))) == 50


def try_one(variant_id: uuid.UUID, key: str, won: list[str]) -> None:
    try:
        reserve(db.session(), {variant_id: 1}, key=key)
    except SoldOut:
        db.session.rollback()
    else:
        db.session.commit()
        won.append(key)
