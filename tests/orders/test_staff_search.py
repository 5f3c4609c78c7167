"""Staff find orders by part of a name: each order is looked at once, with a state or without."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.orders import queries_staff
from tests.orders.test_many_orders import Work, counted

pytestmark = [pytest.mark.both, pytest.mark.slow]


def steps(session: Session, words: str, state: str = "") -> int:
    session.rollback()
    with counted() as total:
        queries_staff.orders(session, words, state, 1)
    return total()


def test_a_state_beside_a_name_is_asked_of_each_order_by_itself(app: Flask, session: Session):
    work = Work(app, session)
    work.grow(session, 1_000)
    name, both = steps(session, "bukan siapa"), steps(session, "bukan siapa", "completed")
    assert name > 500
    assert both <= 1.5 * name
    name, both = steps(session, "embeli 99"), steps(session, "embeli 99", "completed")
    assert both <= 3 * name


def test_names_are_looked_through_once_for_page_and_count(app: Flask, session: Session):
    work = Work(app, session)
    work.grow(session, 500)
    few = steps(session, "bukan siapa")
    work.grow(session, 1_000)
    assert steps(session, "bukan siapa") <= 2.2 * few


def test_what_is_found_is_the_same_whatever_the_page(session: Session, app: Flask):
    work = Work(app, session)
    work.grow(session, 100)
    first, last = (queries_staff.orders(session, "embeli", "", number) for number in (1, 4))
    assert (len(first.rows), len(last.rows), first.total) == (30, 10, 100)
    assert [order.buyer_name for order in first.rows][:2] == ["Pembeli 0", "Pembeli 1"]
    assert last.rows[-1].buyer_name == "Pembeli 99"
    done = queries_staff.orders(session, "embeli", "completed", 1)
    assert {part.state for order in done.rows for part in order.parts} <= {"completed"}
