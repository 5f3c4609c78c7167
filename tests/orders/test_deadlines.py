"""What ends by itself is told before it does, and what has happened can be looked up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.i18n import day_time
from shop.core.settings import default_settings
from shop.orders.call_off import call_off_unanswered
from shop.orders.complete import complete_due
from shop.orders.decline import decline
from shop.orders.models import Order, SellerOrder
from shop.payments.expire import expire_due
from shop.payments.settle import claim
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    completed_part,
    handed_over_part,
    paid_order,
    payment_of,
    placed_order,
)
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
MOMENT = timedelta(seconds=1)


def page_of(client: FlaskClient, order: Order) -> str:
    answer = client.get(f"/o/{order.token}")
    assert answer.status_code == 200
    return answer.text


def state_of(session: Session, part: SellerOrder) -> str:
    session.commit()
    session.refresh(part)
    return part.state


def test_an_unpaid_order_says_until_when(session: Session, client: FlaskClient, noon: datetime):
    order = placed_order(session)
    part, until = order.parts[0], payment_of(session, order).expires_at
    session.commit()
    assert until is not None
    assert f"Bayar sebelum {day_time(until)}. Lewat itu" in page_of(client, order)
    with clock.at(until - MOMENT):
        expire_due(session)
        assert state_of(session, part) == "unpaid"
    with clock.at(until):
        expire_due(session)
    assert state_of(session, part) == "expired"
    assert "Lewat itu pesanan ditutup" not in page_of(client, order)
    assert "Ditutup karena lewat waktu" in page_of(client, order)


def test_what_a_person_looks_for_does_not_end_by_itself(session: Session, client: FlaskClient):
    order = placed_order(session)
    claim(session, payment_of(session, order).id)
    session.commit()
    assert "Lewat itu pesanan ditutup" not in page_of(client, order)


@pytest.mark.parametrize("method", [Method.TRANSFER, Method.CASH])
def test_a_waiting_part_says_until_when_it_is_answered(
    session: Session, client: FlaskClient, noon: datetime, method: Method
):
    seller = make_seller(session, "Rohana")
    order = paid_order(session, (offer(session, seller, on_hand=5), 1), method=method)
    part = order.parts[0]
    session.commit()
    assert part.answer_by is not None
    page = page_of(client, order)
    assert f"Rohana menjawab paling lambat {day_time(part.answer_by)}. Lewat itu" in page
    assert ("dan uangnya dikembalikan" in page) is (method is Method.TRANSFER)
    with clock.at(part.answer_by - MOMENT):
        call_off_unanswered(session)
        assert state_of(session, part) == "waiting"
    with clock.at(part.answer_by):
        call_off_unanswered(session)
    assert state_of(session, part) == "cancelled"
    page = page_of(client, order)
    assert "menjawab paling lambat" not in page
    assert "Penjual tidak menjawab sampai batas waktunya" in page


def test_a_handed_over_part_says_when_it_completes(
    session: Session, client: FlaskClient, noon: datetime
):
    settings = default_settings()
    settings.completed_after_days = 5
    session.add(settings)
    part = handed_over_part(session)
    session.commit()
    ends = noon + timedelta(days=5)
    told = f"selesai sendiri {day_time(ends)}, kecuali Anda melaporkan masalah."
    assert told in page_of(client, part.order)
    with clock.at(ends - MOMENT):
        complete_due(session)
        assert state_of(session, part) == "handed_over"
    with clock.at(ends):
        complete_due(session)
    assert state_of(session, part) == "completed"
    assert "selesai sendiri" not in page_of(client, part.order)


def test_cash_that_nobody_recorded_does_not_complete_by_itself(
    session: Session, client: FlaskClient
):
    part = handed_over_part(session, method=Method.CASH, cash_received=False)
    session.commit()
    assert "selesai sendiri" not in page_of(client, part.order)


def test_the_history_tells_what_by_whom_as_a_role_and_when(session: Session, client: FlaskClient):
    part = completed_part(session)
    session.commit()
    history = page_of(client, part.order).partition("Riwayat")[2]
    order_of_words = [
        "Pesanan selesai oleh Anda", "Diserahkan oleh penjual", "Selesai dibuat oleh penjual",
        "Pesanan diterima oleh penjual", "Diteruskan ke penjual otomatis",
        "Pesanan dibuat oleh Anda",
    ]  # fmt: skip
    places = [history.index(words) for words in order_of_words]
    assert places == sorted(places)
    assert day_time(part.order.placed_at) in history


def test_what_parts_go_through_together_is_told_once(session: Session, client: FlaskClient):
    one, two = make_seller(session, "Rohana"), make_seller(session, "Yuliana")
    things = (offer(session, one, on_hand=5), 1), (offer(session, two, on_hand=5), 1)
    order = paid_order(session, *things)
    declined = next(part for part in order.parts if part.seller_id == two.id)
    decline(session, declined.id, None, "Ikan tidak ada")
    session.commit()
    history = page_of(client, order).partition("Riwayat")[2]
    assert history.count("Diteruskan ke penjual") == 1
    assert "Tidak bisa dibuat oleh penjual: Yuliana" in history
    assert "Ikan tidak ada" in history
