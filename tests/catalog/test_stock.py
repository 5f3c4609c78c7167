"""Counting: what the maker says there is, never less than what is promised."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, NoResultFound
from sqlalchemy.orm import Session

from shop.catalog.models import StockMove
from shop.catalog.reserve import reserve
from shop.catalog.stock import MOST_ON_HAND, StockBelowReserved, count, restock
from tests.catalog.offered import offer

pytestmark = pytest.mark.both


def test_a_count_sets_what_there_is_and_writes_the_difference(session: Session):
    variant = offer(session)
    count(session, variant.id, 12, key="a", person_id=None)
    count(session, variant.id, 7, key="b", person_id=None)
    assert variant.on_hand == 7
    moves = session.scalars(select(StockMove.on_hand_change).order_by(StockMove.id)).all()
    assert moves == [12, -5]


def test_a_count_repeated_by_a_double_click_counts_once(session: Session):
    variant = offer(session)
    count(session, variant.id, 12, key="a", person_id=None)
    count(session, variant.id, 7, key="b", person_id=None)
    count(session, variant.id, 12, key="a", person_id=None)
    assert variant.on_hand == 7


def test_promised_pieces_cannot_be_counted_away(session: Session):
    variant = offer(session)
    count(session, variant.id, 12, key="a", person_id=None)
    reserve(session, {variant.id: 5}, key="order")
    with pytest.raises(StockBelowReserved) as caught:
        count(session, variant.id, 4, key="b", person_id=None)
    assert caught.value.reserved == 5
    session.refresh(variant)
    assert variant.on_hand == 12
    count(session, variant.id, 5, key="c", person_id=None)
    assert variant.available == 0


def test_a_thing_made_to_order_from_now_on_has_no_number(session: Session):
    variant = offer(session)
    count(session, variant.id, 12, key="a", person_id=None)
    reserve(session, {variant.id: 5}, key="order")
    count(session, variant.id, None, key="b", person_id=None)
    assert (variant.on_hand, variant.reserved) == (None, 5)
    with pytest.raises(StockBelowReserved):
        count(session, variant.id, 4, key="c", person_id=None)


def test_restocking_adds_once_for_a_key(session: Session):
    variant = offer(session)
    count(session, variant.id, 2, key="a", person_id=None)
    for _ in range(2):
        restock(session, variant.id, 10, key="b", person_id=None)
    assert variant.on_hand == 12


def test_restocking_what_is_made_to_order_changes_nothing(session: Session):
    variant = offer(session, on_hand=None)
    restock(session, variant.id, 10, key="b", person_id=None)
    assert variant.on_hand is None


@pytest.mark.parametrize("wrong", [-1, MOST_ON_HAND + 1])
def test_senseless_counts_are_refused(session: Session, wrong: int):
    variant = offer(session)
    with pytest.raises(ValueError, match="pieces"):
        count(session, variant.id, wrong, key="a", person_id=None)
    with pytest.raises(ValueError, match="pieces"):
        restock(session, variant.id, wrong, key="a", person_id=None)


def test_a_stranger_id_is_not_found(session: Session):
    with pytest.raises(NoResultFound):
        count(session, uuid.uuid4(), 1, key="a", person_id=None)


def test_the_database_itself_refuses_to_oversell(session: Session):
    variant = offer(session)
    count(session, variant.id, 2, key="a", person_id=None)
    variant.reserved = 3
    with pytest.raises(DatabaseError, match="not_oversold"):
        session.flush()
