from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.accounts.permissions import Actor
from shop.core import clock, ids, jobs, outbox
from shop.core.models import OutboxMessage
from shop.core.money import Rupiah
from shop.impact.desk import Work, machine, waiting
from shop.orders.escalate import escalate_unseen
from shop.orders.models import Order, SellerOrder, SellerOrderEvent
from shop.sellers.states import SellerState
from shop.training import enrol
from tests.factories.income import sell
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.factories.training import make_cohort, make_participant

pytestmark = pytest.mark.both


def actor(session: Session, role: Role) -> Actor:
    return Actor(person_id=make_person(session, role).id, roles=frozenset({role}))


def found(session: Session, role: Role) -> dict[str, Work]:
    return {work.key: work for work in waiting(session, actor(session, role))}


def test_empty_desk_says_so(app: Flask, session: Session, noon: datetime) -> None:
    page = signed_in(app, make_person(session, Role.FACILITATOR)).get("/staff")
    assert page.status_code == 200
    assert "Tidak ada yang menunggu" in page.get_data(as_text=True)


def test_desk_counts_what_waits(app: Flask, session: Session, noon: datetime) -> None:
    make_seller(session, "Baru", state=SellerState.APPLIED)
    seller = make_seller(session)
    sell(session, seller, 50_000, 2_500)
    place = enrol.enrol(session, make_cohort(session).id, make_participant(session).id, None)
    enrol.finish(session, place.id, finished_on=clock.today(), person_id=None)
    works = found(session, Role.ADMIN)
    assert works["sellers"].count == 1
    assert works["certificates"].count == 1
    assert (works["payouts_due"].count, works["payouts_due"].amount) == (1, 47_500)
    page = signed_in(app, make_person(session, Role.ADMIN)).get("/staff").get_data(as_text=True)
    assert "Menunggu: 1 penjual disetujui, 1 sertifikat diterbitkan" in page
    assert "Rp47.500" in page


def test_desk_shows_only_what_one_may_see(session: Session, noon: datetime) -> None:
    make_seller(session, "Baru", state=SellerState.APPLIED)
    sell(session, make_seller(session), 50_000)
    assert set(found(session, Role.FACILITATOR)) == {"sellers"}
    assert set(found(session, Role.FINANCE)) == {"payouts_due"}


def test_all_staff_are_told_of_unseen_orders_after_the_hours_of_the_settings(
    session: Session, noon: datetime
) -> None:
    _unseen_order(session, noon - timedelta(hours=7))
    _unseen_order(session, noon - timedelta(hours=5))
    escalate_unseen(session)
    for role in (Role.FACILITATOR, Role.AUDITOR):
        unseen = found(session, role)["unseen"]
        assert (unseen.count, unseen.endpoint) == (1, "unseen_staff.orders")


def test_desk_tells_when_the_jobs_stand_still(session: Session, noon: datetime) -> None:
    assert machine(session).alive is False
    jobs.mark(session, jobs.HEARTBEAT)
    jobs.mark(session, "expire", "ValueError: x")
    session.add(OutboxMessage(kind="mail", payload={}, attempts=outbox.MAX_ATTEMPTS))
    session.flush()
    seen = machine(session)
    assert seen.alive
    assert [run.name for run in seen.faults] == ["expire"]
    assert seen.undelivered == 1
    with clock.at(noon + timedelta(minutes=10)):
        assert machine(session).alive is False


def test_stranger_and_seller_do_not_see_the_desk(app: Flask, session: Session) -> None:
    assert app.test_client().get("/staff").status_code == 303
    g.pop("_login_user", None)  # all requests of a test share it
    session.rollback()
    assert signed_in(app, make_person(session)).get("/staff").status_code == 403


def _unseen_order(session: Session, begun_at: datetime) -> None:
    """An order placed the day before, which became the seller's work at `begun_at`."""
    placed = begun_at - timedelta(days=1)
    order = Order(
        number=ids.new_number(), token=ids.new_token(), key=ids.new_token(), content_hash="",
        language="id", buyer_name="Dewi", buyer_phone="+628123456789", method="transfer",
        goods=Rupiah(15_000), delivery=Rupiah(0), total=Rupiah(15_000), placed_at=placed,
    )  # fmt: skip
    session.add(order)
    session.flush()
    part = SellerOrder(
        order_id=order.id, seller_id=make_seller(session).id, position=1, state="waiting",
        delivery_kind="pickup", goods=15_000, delivery=0, total=15_000, fee=750,
        due_on=clock.today(), placed_at=placed,
    )  # fmt: skip
    session.add(part)
    session.flush()
    session.add(
        SellerOrderEvent(
            thing_id=part.id,
            happened_at=begun_at,
            actor="payment",
            source="unpaid",
            target="waiting",
        )
    )
    session.flush()
