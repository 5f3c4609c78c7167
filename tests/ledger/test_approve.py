"""No money leaves on one person's word, and whom a batch leaves out is said."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core import clock
from shop.core.db import db
from shop.ledger import claims, statement
from shop.ledger.check import check_books
from shop.ledger.due import Wait, all_dues, her_day, ready_now
from shop.ledger.models import Entry, Payout, PayoutBatch
from shop.ledger.paid_out import NoSignature, OtherWay, mark_paid, mark_returned, mark_signed
from shop.ledger.pay_out import Decided, OwnBatch, approve_batch, make_batch, refuse_batch
from shop.ledger.payout_steps import NotApproved
from shop.ledger.post import balance
from shop.ledger.set_payout import NoStripe, NothingToAsk, ask, set_payout
from shop.ledger.states import AccountKind as A
from shop.ledger.states import PayoutWay
from shop.payments.states import Method
from shop.sellers.models import PayoutEvery, Seller
from tests.factories.complaints import kept_photo
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def finance(session: Session) -> Person:
    return make_person(session, Role.FINANCE, name="Rini")


@pytest.fixture
def manager(session: Session) -> Person:
    return make_person(session, Role.MANAGER, name="Suryani")


def prepared(session: Session, person: Person, key: str = "k") -> PayoutBatch:
    batch = make_batch(session, key=key, person_id=person.id)
    assert batch is not None
    return batch


def only(session: Session) -> Payout:
    return session.scalars(select(Payout).order_by(Payout.id.desc()).limit(1)).one()


def faults(session: Session) -> list[str]:
    return [finding.line for finding in check_books(session) if finding.faults]


def waits(session: Session) -> dict[str, Wait | None]:
    return {due.name: due.wait for due in all_dues(session)}


def test_nothing_goes_before_a_second_person_approves(
    session: Session, finance: Person, manager: Person
):
    make_earned(session, make_seller(session), 60_000)
    batch, payout = prepared(session, finance), only(session)
    with pytest.raises(NotApproved):
        mark_paid(session, payout.id, reference="BRI", person_id=manager.id)
    with pytest.raises(NotApproved):
        mark_returned(session, payout.id, reason="x", person_id=manager.id)
    with pytest.raises(OwnBatch):
        approve_batch(session, batch.id, person_id=finance.id)
    for _ in range(2):
        approve_batch(session, batch.id, person_id=manager.id)
    mark_paid(session, payout.id, reference="BRI", person_id=finance.id)
    assert balance(session, A.BANK) == 0
    assert faults(session) == []


def test_a_batch_is_decided_once(session: Session, finance: Person, manager: Person):
    make_earned(session, make_seller(session), 60_000)
    batch = prepared(session, finance)
    approve_batch(session, batch.id, person_id=manager.id)
    other = make_person(session, Role.FINANCE)
    with pytest.raises(Decided):
        approve_batch(session, batch.id, person_id=other.id)
    with pytest.raises(Decided):
        refuse_batch(session, batch.id, reason="x", person_id=other.id)


def test_a_refused_batch_gives_everything_back_by_reversing_entries(
    session: Session, finance: Person, manager: Person
):
    seller = make_seller(session)
    make_earned(session, seller, 60_000)
    batch = prepared(session, finance)
    refuse_batch(session, batch.id, reason="rekening salah", person_id=manager.id)
    with pytest.raises(Decided):
        refuse_batch(session, batch.id, reason="lagi", person_id=manager.id)
    with pytest.raises(Decided):
        approve_batch(session, batch.id, person_id=manager.id)
    assert balance(session, A.PAYABLE, seller.id) == -60_000
    assert balance(session, A.IN_TRANSIT, seller.id) == 0
    claim = session.scalars(select(Entry.id).where(Entry.kind == "payout_claimed")).one()
    back = session.scalars(select(Entry).where(Entry.reverses_id == claim)).one()
    assert (back.kind, back.note) == ("reversal", "rekening salah")
    assert [due.amount for due in ready_now(session)] == [60_000]
    assert prepared(session, finance, "again").id != batch.id
    assert faults(session) == []


def test_two_people_at_once_decide_once(app: Flask, session: Session, finance: Person):
    seller = make_seller(session)
    make_earned(session, seller, 60_000)
    batch_id = prepared(session, finance).id
    people = [make_person(session, Role.MANAGER).id for _ in range(4)]
    session.commit()
    gate, done = threading.Barrier(4), []

    def decide(number: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                if number % 2:
                    approve_batch(db.session(), batch_id, person_id=people[number])
                else:
                    refuse_batch(db.session(), batch_id, reason="x", person_id=people[number])
                db.session.commit()
                done.append(number)
            except Decided:
                db.session.rollback()
            db.session.remove()

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    assert len(done) == 1
    owed = balance(session, A.PAYABLE, seller.id) + balance(session, A.IN_TRANSIT, seller.id)
    assert owed == -60_000
    assert faults(session) == []


def test_a_payout_says_which_legs_are_in_it(session: Session, finance: Person):
    seller = make_seller(session)
    make_earned(session, seller, 60_000, fee=1_800)
    approved_batch(session, "one")
    first = only(session)
    make_earned(session, seller, 30_000)
    approved_batch(session, "two")
    second = only(session)
    assert (first.first_number, first.last_number) == (1, 2)
    assert (second.first_number, second.last_number) == (4, 4)
    span = claims.claimed(session, second)
    assert span is not None
    found = statement.between(session, span)
    assert (found.opening, [line.change for line in found.lines], found.closing) == (
        0, [30_000], 30_000,
    )  # fmt: skip
    assert faults(session) == []


def test_what_came_back_is_explained_by_all_since_the_last_payout_that_stands(session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 60_000)
    approved_batch(session, "one")
    mark_returned(session, only(session).id, reason="ditolak", person_id=None)
    span = claims.unclaimed(session, seller.id)
    assert span is not None
    changes = [line.change for line in statement.between(session, span).lines]
    assert changes == [60_000, -60_000, 60_000]
    approved_batch(session, "two")
    assert (only(session).first_number, only(session).last_number) == (1, 3)
    assert faults(session) == []


WED = datetime(2026, 11, 25, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "claimed", "asked", "today"),
    [
        (PayoutEvery.WEEK, None, None, True),
        (PayoutEvery.WEEK, timedelta(days=2), None, False),  # Monday of this week
        (PayoutEvery.WEEK, timedelta(days=3), None, True),  # the Sunday before
        (PayoutEvery.MONTH, timedelta(days=24), None, False),  # the first of this month
        (PayoutEvery.MONTH, timedelta(days=25), None, True),
        (PayoutEvery.ASKED, None, None, False),
        (PayoutEvery.ASKED, None, timedelta(days=9), True),
        (PayoutEvery.ASKED, timedelta(days=3), timedelta(days=9), False),
        (PayoutEvery.ASKED, timedelta(days=3), timedelta(days=1), True),
    ],
)
def test_her_day_comes_once_a_week_once_a_month_or_when_she_asks(
    every: PayoutEvery, claimed: timedelta | None, asked: timedelta | None, today: bool
):
    def before(ago: timedelta | None) -> datetime | None:
        return None if ago is None else WED - ago

    assert her_day(every, before(claimed), before(asked), clock.local_day(WED)) is today


def test_weeks_begin_on_monday_in_tanjungpinang():
    sunday_night = datetime(2026, 11, 22, 17, tzinfo=UTC)  # Monday, 00.00 WIB
    today = clock.local_day(WED)
    assert not her_day(PayoutEvery.WEEK, sunday_night, None, today)
    assert her_day(PayoutEvery.WEEK, sunday_night - timedelta(seconds=1), None, today)


def test_each_who_is_left_out_knows_why(session: Session, finance: Person, noon: datetime):
    names = ("Siap", "Utang", "Tanpa", "Kecil", "Bulanan", "Diminta")
    who = {name: make_seller(session, name) for name in names}
    make_earned(session, who["Utang"], 30_000, method=Method.CASH, fee=900)
    for name in ("Siap", "Tanpa", "Kecil", "Diminta", "Bulanan"):
        make_earned(session, who[name], 40_000)
    who["Tanpa"].bank_account = ""
    who["Kecil"].payout_minimum = 40_001
    who["Bulanan"].payout_every = PayoutEvery.MONTH.value
    who["Diminta"].payout_every = PayoutEvery.ASKED.value
    session.flush()
    assert waits(session) == {
        "Siap": None, "Bulanan": None, "Utang": Wait.OWES, "Tanpa": Wait.NO_ACCOUNT,
        "Kecil": Wait.BELOW_MINIMUM, "Diminta": Wait.NOT_HER_DAY,
    }  # fmt: skip
    prepared(session, finance)
    make_earned(session, who["Bulanan"], 5_000)
    assert waits(session)["Bulanan"] is Wait.NOT_HER_DAY
    early = {due.name for due in ready_now(session, everybody=True)}
    assert early == {"Bulanan", "Diminta"}


def choose(session: Session, seller: Seller, **more: object) -> None:
    chosen = {
        "every": PayoutEvery.ASKED, "way": PayoutWay.BANK, "minimum": None, "person_id": None,
    }  # fmt: skip
    set_payout(session, seller.id, **{**chosen, **more})  # type: ignore[arg-type]


def test_who_asks_is_in_the_next_batch_only(session: Session, finance: Person, noon: datetime):
    seller = make_seller(session)
    choose(session, seller)
    with pytest.raises(NothingToAsk):
        ask(session, seller.id, person_id=None)
    make_earned(session, seller, 40_000)
    assert ready_now(session) == []
    for _ in range(2):
        ask(session, seller.id, person_id=None)
    with clock.at(noon + timedelta(minutes=1)):
        assert [due.amount for due in ready_now(session)] == [40_000]
        prepared(session, finance)
        make_earned(session, seller, 10_000)
        assert ready_now(session) == []


def test_a_seller_chooses_within_reason(session: Session):
    seller = make_seller(session)
    with pytest.raises(NoStripe):
        choose(session, seller, way=PayoutWay.STRIPE)
    for minimum in (-1, 100_000_001):
        with pytest.raises(ValueError, match="rupiah"):
            choose(session, seller, minimum=minimum)
    choose(session, seller, way=PayoutWay.CASH, minimum=50_000)
    assert (seller.payout_way, seller.payout_every, seller.payout_minimum) == (
        "cash", "asked", 50_000,
    )  # fmt: skip


def test_money_in_her_hand_is_signed_for(session: Session):
    seller = make_seller(session)
    seller.bank_account, seller.payout_way = "", PayoutWay.CASH.value
    make_earned(session, seller, 40_000)
    approved_batch(session)
    payout = only(session)
    with pytest.raises(NoSignature):
        mark_signed(session, payout.id, signature="", person_id=None)
    with pytest.raises(OtherWay):
        mark_paid(session, payout.id, reference="BRI", person_id=None)
    mark_signed(session, payout.id, signature=kept_photo(session), person_id=None)
    assert (payout.state, balance(session, A.BANK)) == ("paid", 0)
    assert faults(session) == []
    mark_returned(session, payout.id, reason="salah orang", person_id=None)
    assert balance(session, A.PAYABLE, seller.id) == -40_000
    assert faults(session) == []


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("UPDATE payouts SET first_number = 1 WHERE last_number > 1", "nothing earned is in"),
        ("UPDATE payout_batches SET approved_by = made_by", "two people let"),
        ("UPDATE payout_batches SET approved_at = NULL, approved_by = NULL", "two people let"),
    ],
)
def test_the_check_finds_what_two_people_would_have_prevented(
    session: Session, finance: Person, manager: Person, broken: str, name: str
):
    seller = make_seller(session)
    for key in ("one", "two"):
        make_earned(session, seller, 60_000)
        batch = make_batch(session, key=key, person_id=finance.id, everybody=True)
        assert batch is not None
        approve_batch(session, batch.id, person_id=manager.id)
        mark_paid(session, only(session).id, reference="BRI", person_id=None)
    assert faults(session) == []
    session.connection().exec_driver_sql(broken)
    assert any(name in fault for fault in faults(session))
    assert session.scalar(select(func.count()).select_from(Payout)) == 2
