"""The clock makes the orders: in time, once, for no more than was agreed, and says what failed."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.catalog.models import Variant
from shop.catalog.states import ProductState
from shop.core import clock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.orders.events import NewsStopped
from shop.orders.models import Order, SellerOrder
from shop.orders.readers import no_whatsapp
from shop.orders.states import DeliveryKind, SellerOrderState
from shop.orders.stop_mail import stop_mail
from shop.payments.settle import settle
from shop.payments.start import NoFreeCode
from shop.payments.states import Method
from shop.sellers.states import SellerState
from shop.standing import run as running
from shop.standing.models import StandingOrder, StandingRun
from shop.standing.pause import end, pause
from shop.standing.run import agree, run, run_due
from shop.standing.skip import skip
from shop.standing.start import Impossible
from shop.standing.states import StandingState
from shop.standing.stop_news import on_stopped
from shop.standing.words import reason
from tests.catalog.offered import offer
from tests.factories.orders import IN_TOWN, payment_of
from tests.factories.people import make_person
from tests.factories.standing import day, standing_order

pytestmark = pytest.mark.both


def on(month: int, number: int, hour: int = 12) -> datetime:
    """A moment in Tanjungpinang."""
    return datetime(2026, month, number, hour, 0, tzinfo=clock.WIB)


def runs(session: Session) -> list[tuple[date, str, str]]:
    rows = session.scalars(select(StandingRun).order_by(StandingRun.due_on))
    return [(row.due_on, row.outcome, row.reason) for row in rows]


def orders(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Order)) or 0


def test_an_order_is_made_two_days_before_it_must_be_begun(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    variant.product.lead_days = 1
    standing = standing_order(session, (variant, 2))
    assert standing.next_on == day(12, 3)
    with clock.at(on(11, 29, 23)):
        assert run_due(session) == 0
    with clock.at(on(11, 30, 0)):
        assert run_due(session) == 1
        assert run_due(session) == 0
    part = session.scalars(select(SellerOrder)).one()
    assert part.due_on == day(12, 3)
    assert part.state == SellerOrderState.WAITING
    assert part.order.buyer_name == "Kedai Kopi Pelangi"
    assert runs(session) == [(day(12, 3), "placed", "")]
    assert standing.next_on == day(12, 10)


def test_over_month_and_year_every_week_has_its_order(session: Session, noon: datetime):
    standing_order(session, (offer(session, on_hand=None), 2), starts_on=day(12, 17))
    for days in range(40):
        with clock.at(on(12, 10) + timedelta(days=days)):
            run_due(session)
    due = [found[0] for found in runs(session)]
    assert due == [date(2026, 12, 17) + timedelta(days=7 * n) for n in range(5)]
    assert [part.due_on for part in session.scalars(select(SellerOrder))] == due


def test_the_day_begins_at_midnight_in_tanjungpinang(session: Session, noon: datetime):
    standing_order(session, (offer(session, on_hand=None), 2))  # Thursday, 3 December
    with clock.at(on(12, 1, 0) - timedelta(seconds=1)):
        assert run_due(session) == 0
    with clock.at(on(12, 1, 0)):
        assert run_due(session) == 1


def test_what_is_paid_a_day_later_is_still_for_its_day(session: Session, noon: datetime):
    standing_order(session, (offer(session, on_hand=None), 2), method=Method.TRANSFER)
    with clock.at(on(12, 1, 9)):
        run_due(session)
    order = session.scalars(select(Order)).one()
    assert order.parts[0].state == SellerOrderState.UNPAID
    with clock.at(on(12, 2, 8)):
        settle(session, payment_of(session, order).id, actor="staff", person_id=None)
    session.refresh(order.parts[0])
    assert order.parts[0].state == SellerOrderState.WAITING
    assert order.parts[0].due_on == day(12, 3)


def test_paused_ended_and_left_out_make_none(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    paused, ended, skipped = (standing_order(session, (variant, 1)) for _ in range(3))
    pause(session, paused.id, actor="buyer", person_id=None)
    end(session, ended.id, actor="buyer", person_id=None)
    skip(session, skipped.id, day(12, 3))
    with clock.at(on(12, 2)):
        assert run_due(session) == 0
    assert runs(session) == [(day(12, 3), "skipped", "")]


def test_it_ends_by_itself(session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 1), ends_on=day(12, 10))
    for moment in (on(12, 1), on(12, 8), on(12, 15)):
        with clock.at(moment):
            run_due(session)
    assert [found[0] for found in runs(session)] == [day(12, 3), day(12, 10)]
    assert standing.state == StandingState.ENDED


def test_days_that_went_by_are_missed_not_made_up(session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 1))
    with clock.at(on(12, 15)):
        assert run_due(session) == 1
    assert runs(session) == [
        (day(12, 3), "failed", "missed"),
        (day(12, 10), "failed", "missed"),
        (day(12, 17), "placed", ""),
    ]
    assert standing.next_on == day(12, 24)


def test_a_day_that_cannot_be_made_in_time_any_more_fails(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    variant.product.lead_days = 2
    standing_order(session, (variant, 1))
    with clock.at(on(12, 2)):
        assert run_due(session) == 0
    assert runs(session) == [(day(12, 3), "failed", "late")]


def _dearer(variant: Variant) -> None:
    variant.price = 16_000


def _sold_out(variant: Variant) -> None:
    variant.on_hand = 1


def _hidden(variant: Variant) -> None:
    variant.product.state = ProductState.HIDDEN.value


def _suspended(variant: Variant) -> None:
    variant.product.seller.state = SellerState.SUSPENDED.value


def _minimum(variant: Variant) -> None:
    variant.product.seller.minimum_order = 50_000


@pytest.mark.parametrize(
    ("happen", "reason"),
    [
        (_dearer, "price:30000:32000"),
        (_sold_out, "fewer:1:Kerupuk Tenggiri"),
        (_hidden, "gone:0:Kerupuk Tenggiri"),
        (_suspended, "gone:0:Kerupuk Tenggiri"),
        (_minimum, "minimum:50000:"),
    ],
)
def test_what_cannot_be_ordered_is_told_to_both(
    session: Session, noon: datetime, happen, reason: str
):
    buyer = make_person(session, name="Kedai")
    variant = offer(session, on_hand=9)
    standing_order(session, (variant, 2), buyer_id=buyer.id)
    happen(variant)
    session.flush()
    with clock.at(on(12, 1)):
        assert run_due(session) == 0
        assert run_due(session) == 0
    assert runs(session) == [(day(12, 3), "failed", reason)]
    assert orders(session) == 0
    told = session.scalars(select(Notification).where(Notification.kind == "standing_failed")).all()
    assert len({one.person_id for one in told}) == 2
    links = sorted(one.link for one in told)
    assert [link[:3] for link in links] == ["/l/", "/se"]


def test_a_guest_is_told_by_the_ways_of_her_last_order(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing_order(session, (variant, 2))
    with clock.at(on(12, 1)):
        run_due(session)
    order = session.scalars(select(Order)).one()
    _dearer(variant)
    session.flush()
    with clock.at(on(12, 8)):
        run_due(session)
    told = select(Notification).where(Notification.order_id == order.id)
    kinds = [one.kind for one in session.scalars(told) if one.kind.startswith("standing_")]
    assert sorted(kinds) == ["standing_failed", "standing_placed"]


def test_a_dearer_delivery_is_no_silent_charge_either(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing_order(
        session, (variant, 2), delivery_kind=DeliveryKind.DELIVERY, kelurahan_code=IN_TOWN,
        address="Jl. Pramuka 12",
    )  # fmt: skip
    variant.product.seller.zones[0].fee = 12_000
    session.flush()
    with clock.at(on(12, 1)):
        run_due(session)
    assert runs(session) == [(day(12, 3), "failed", "price:40000:42000")]


def test_a_cheaper_week_is_just_cheaper(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing_order(session, (variant, 2))
    variant.price = 14_000
    session.flush()
    with clock.at(on(12, 1)):
        assert run_due(session) == 1
    assert session.scalars(select(Order)).one().total == 28_000


def test_who_agrees_to_the_new_price_gets_the_day_that_failed(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing = standing_order(session, (variant, 2))
    variant.price = 16_000
    session.flush()
    with clock.at(on(12, 1)):
        run_due(session)
        with pytest.raises(Impossible):
            agree(session, standing.id, 31_000)
        made = agree(session, standing.id, 32_000)
        assert made is not None
        assert made.parts[0].due_on == day(12, 3)
        assert agree(session, standing.id, 32_000) is None
    assert runs(session) == [(day(12, 3), "placed", "")]
    assert orders(session) == 1
    with clock.at(on(12, 8)):
        assert run_due(session) == 1
    end(session, standing.id, actor="buyer", person_id=None)
    with pytest.raises(IllegalMove):
        agree(session, standing.id, 32_000)


def test_who_agrees_too_late_gets_the_next_week(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing = standing_order(session, (variant, 2))
    variant.price = 16_000
    session.flush()
    with clock.at(on(12, 1)):
        run_due(session)
    with clock.at(on(12, 3)):
        assert agree(session, standing.id, 32_000) is None
    with clock.at(on(12, 8)):
        assert run_due(session) == 1
    assert [found[1] for found in runs(session)] == ["failed", "placed"]


def test_one_that_cannot_be_worked_out_keeps_no_other_from_its_turn(
    session: Session, noon: datetime, monkeypatch: pytest.MonkeyPatch
):
    variant = offer(session, on_hand=None)
    bad, good = (standing_order(session, (variant, 1)) for _ in range(2))
    real = running.run

    def falters(session: Session, standing_id):
        if standing_id == bad.id:
            raise RuntimeError
        return real(session, standing_id)

    monkeypatch.setattr(running, "run", falters)
    with clock.at(on(12, 1)):
        assert run_due(session) == 1
    assert session.scalars(select(StandingRun.standing_id)).all() == [good.id]


def test_two_workers_make_one_order(app: Flask, session: Session):
    """Both begin at the same moment, on connections of their own."""
    standing = standing_order(session, (offer(session, on_hand=None), 1))
    standing_id, moment = standing.id, clock.day_start(standing.next_on - timedelta(days=1))
    session.commit()
    session.close()
    barrier, made = threading.Barrier(4), []

    def work() -> None:
        with app.app_context(), clock.at(moment):
            barrier.wait()
            made.append(run(db.session(), standing_id))
            db.session.commit()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(made) == [0, 0, 0, 1]
    session.rollback()
    assert orders(session) == 1
    assert session.scalar(select(func.count()).select_from(StandingRun)) == 1
    assert session.get_one(StandingOrder, standing_id).next_on > clock.local_day(moment)


def test_a_forgotten_run_finds_the_order_it_made(session: Session, noon: datetime):
    """The machine stopped between the order and its note: the key still knows the order."""
    standing = standing_order(session, (offer(session, on_hand=None), 1))
    with clock.at(on(12, 1)):
        run_due(session)
        first = session.scalars(select(StandingRun)).one()
        order_id = first.order_id
        session.delete(first)
        standing.next_on = day(12, 3)
        session.flush()
        run_due(session)
    assert session.scalars(select(StandingRun)).one().order_id == order_id
    assert orders(session) == 1


def test_every_order_goes_with_the_consent_that_stands(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    standing = standing_order(
        session, (variant, 2), buyer_email="ani@example.org", whatsapp_ok=True
    )
    with clock.at(on(12, 1)):
        run_due(session)
    order = session.scalars(select(Order)).one()
    assert order.buyer_email == "ani@example.org"
    assert order.whatsapp_ok_at is not None
    assert stop_mail(session, order.id)
    no_whatsapp(session, order.id)
    session.flush()
    assert (standing.buyer_email, standing.whatsapp_ok_at) == (None, None)
    with clock.at(on(12, 8)):
        run_due(session)
    later = session.scalars(select(Order).where(Order.id != order.id)).one()
    assert (later.buyer_email, later.whatsapp_ok_at) == (None, None)


def test_stopping_at_another_address_leaves_this_one(session: Session, noon: datetime):
    variant = offer(session, on_hand=None)
    here = standing_order(session, (variant, 1), buyer_email="ani@example.org", whatsapp_ok=True)
    on_stopped(session, NewsStopped("+6281234567890", "other@example.org"))
    on_stopped(session, NewsStopped("+6280000000000"))
    assert here.buyer_email == "ani@example.org"
    assert here.whatsapp_ok_at is not None


def test_where_only_the_codes_ran_out_nobody_says_that_the_shop_was_off(
    app: Flask, session: Session, noon: datetime, monkeypatch: pytest.MonkeyPatch
):
    def none_free(*_: object) -> None:
        raise NoFreeCode

    monkeypatch.setattr(running.checkout, "place", none_free)
    standing_order(session, (offer(session, on_hand=None), 2))
    for month, number in ((12, 1), (12, 3), (12, 4)):
        with clock.at(on(month, number)):
            run_due(session)
    missed = session.scalars(select(StandingRun)).one()
    with app.test_request_context():
        assert reason(missed) == (
            "Sampai hari itu lewat, pesanannya belum bisa dibuat. Pesan sendiri kalau masih perlu."
        )
