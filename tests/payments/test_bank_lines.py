"""Lines of a bank statement find what they are, once, and book what was not booked before."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account, Entry
from shop.ledger.paid_out import mark_paid
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments import match_line
from shop.payments.check import check_payments
from shop.payments.check_bank import check_bank
from shop.payments.expire import expire_due
from shop.payments.keep_statement import OtherAccount, read_with
from shop.payments.match_line import DoesNotFit
from shop.payments.models import Payment
from shop.payments.models_bank import BankLine, BankMatch
from shop.payments.models_stray import Stray
from shop.payments.qris_days import qris_days
from shop.payments.queries_bank import at_bank
from shop.payments.settle import settle
from shop.payments.states import Method, PaymentState
from shop.payments.suggest_match import Fit, Suggestion, suggest
from tests.factories.orders import payment_of, placed_order
from tests.factories.payments import make_earned, make_paid, make_payment
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller
from tests.factories.statement import csv, days_ago, keep_csv, make_line

pytestmark = pytest.mark.both


def waiting(session: Session) -> Payment:
    """What is to be paid for an order of Rp30.000 and its code."""
    return payment_of(session, placed_order(session))


def best(session: Session, line: BankLine) -> Suggestion | None:
    session.expire_all()
    found = suggest(session, [line])[line.id]
    return found[0] if found else None


def entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def proved(session: Session) -> None:
    session.flush()
    session.expire_all()
    assert sum(session.scalars(select(Account.balance))) == 0
    found = [*check_payments(session), *check_bank(session)]
    assert [one.line for one in found if one.faults] == []


def test_a_line_of_just_the_sum_pays_for_the_order(session: Session):
    payment = waiting(session)
    line = make_line(session, payment.amount, "TRSF DEWI")
    found = best(session, line)
    assert found
    assert (found.fit, found.sure, found.payment) == (Fit.EXACT, True, payment)
    assert match_line.pay_with(session, line.id, payment.id, person_id=None) == "settled"
    assert balance(session, A.BANK) == payment.amount
    session.refresh(payment)
    assert "TRSF DEWI" in payment.evidence
    assert session.get_one(BankLine, line.id).state == "matched"
    proved(session)


def test_the_same_line_is_matched_once(session: Session):
    payment = waiting(session)
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    before = entries(session)
    for again in (
        lambda: match_line.pay_with(session, line.id, payment.id, person_id=None),
        lambda: match_line.unknown(session, line.id, person_id=None),
        lambda: match_line.set_aside(session, line.id, reason="x", person_id=None),
    ):
        with pytest.raises(IllegalMove):
            again()
    assert entries(session) == before
    proved(session)


def test_what_was_confirmed_by_hand_is_not_booked_again(session: Session):
    payment = waiting(session)
    settle(session, payment.id, actor="staff", person_id=None)
    line = make_line(session, payment.amount)
    found = best(session, line)
    assert found
    assert found.fit is Fit.BOOKED
    assert found.sure
    assert found.entry
    before = entries(session)
    match_line.link(session, line.id, [found.entry.id], person_id=None)
    assert entries(session) == before
    other = make_line(session, payment.amount)
    with pytest.raises(DoesNotFit):
        match_line.link(session, other.id, [found.entry.id], person_id=None)
    proved(session)


def test_two_equal_payments_in_a_minute_are_two(session: Session):
    payment = waiting(session)
    row = (clock.today(), "TRSF DEWI", payment.amount)
    file = keep_csv(session, csv([row, row]))
    first, second = session.scalars(select(BankLine).order_by(BankLine.number))
    assert file.added == 2
    found = suggest(session, [second, first])
    assert found[first.id][0].sure
    assert found[second.id] == []
    for line in (first, second):
        match_line.pay_with(session, line.id, payment.id, person_id=None)
    stray = session.scalars(select(Stray)).one()
    assert (stray.kind, stray.amount) == ("double", payment.amount)
    assert balance(session, A.BANK) == 2 * payment.amount
    proved(session)


def test_an_overlapping_statement_adds_only_what_is_new(session: Session):
    rows = [(days_ago(3 - n), f"TRSF {n}", 10_000 + n) for n in range(3)]
    assert keep_csv(session, csv(rows[:2])).added == 2
    again = csv(rows[1:], opening=1_010_000)
    file = keep_csv(session, again)
    assert (file.read, file.added) == (2, 1)
    assert keep_csv(session, again).id == file.id
    assert session.scalar(select(func.count()).select_from(BankLine)) == 3


def test_a_statement_of_another_account_is_refused(session: Session):
    said = b"No. Rekening : 9998887776\n" + csv([(days_ago(1), "TRSF", 10_000)])
    with pytest.raises(OtherAccount):
        read_with(said, [], "1234567890")


def test_money_after_the_time_ran_out_takes_the_order_back(session: Session):
    payment = waiting(session)
    assert payment.expires_at
    with clock.at(payment.expires_at + timedelta(hours=1)):
        expire_due(session)
        line = make_line(session, payment.amount)
        found = best(session, line)
        assert found
        assert (found.fit, found.sure) == (Fit.LATE, False)
        state = match_line.pay_with(session, line.id, payment.id, person_id=None)
    assert state is PaymentState.SETTLED
    proved(session)


@pytest.mark.parametrize(("off", "state"), [(-1, "matched"), (5_000, "settled"), (-9_000, "open")])
def test_a_sum_that_differs_pays_what_it_can(session: Session, off: int, state: str):
    payment = waiting(session)
    code = payment.unique_code
    amount = payment.amount - code if off == -1 else payment.amount + off
    line = make_line(session, amount)
    found = best(session, line)
    assert (found.fit if found else None) == (Fit.NEAR if off == -1 and code else None)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    assert balance(session, A.BANK) == amount
    session.refresh(payment)
    assert payment.state == ("pending" if state == "open" else "settled")
    proved(session)


def test_money_nobody_knows_waits_in_the_books(session: Session):
    line = make_line(session, 77_000, "SETORAN TUNAI")
    match_line.unknown(session, line.id, person_id=None)
    assert session.scalars(select(Stray)).one().note.endswith("SETORAN TUNAI")
    assert balance(session, A.SUSPENSE) == -77_000
    proved(session)


def test_what_is_nothing_of_ours_is_set_aside_with_a_reason_and_comes_back(session: Session):
    line = make_line(session, -6_500, "BIAYA ADM")
    with pytest.raises(DoesNotFit):
        match_line.set_aside(session, line.id, reason=" ", person_id=None)
    with pytest.raises(DoesNotFit):
        match_line.unknown(session, line.id, person_id=None)
    match_line.set_aside(session, line.id, reason="Biaya bank", person_id=None)
    assert (line.state, line.reason) == ("aside", "Biaya bank")
    match_line.bring_back(session, line.id, person_id=None)
    assert (line.state, line.reason) == ("new", "")
    assert entries(session) == 0
    proved(session)


def test_a_payout_is_found_by_its_sum_and_its_words(session: Session):
    sellers = [make_seller(session) for _ in range(2)]
    for seller in sellers:
        make_earned(session, seller, 40_000)
    batch = approved_batch(session)
    assert batch
    payouts = [payout.id for payout in batch.payouts]
    for n, payout in enumerate(list(batch.payouts)):
        payout.bank_holder = f"PENJUAL{n}"
        mark_paid(session, payouts[n], reference=f"REF{n}", person_id=None)
    line = make_line(session, -40_000, "TRF KE PENJUAL1")
    found = best(session, line)
    assert found
    assert found.sure
    assert found.entry
    assert found.entry.payout_id == payouts[1]
    match_line.link(session, line.id, [found.entry.id], person_id=None)
    vague = make_line(session, -40_000, "TRF")
    left = best(session, vague)
    assert left
    assert left.entry
    assert left.entry.payout_id == payouts[0]
    proved(session)


def test_one_line_can_be_several_payouts(session: Session):
    for amount in (40_000, 25_000):
        make_earned(session, make_seller(session), amount)
    batch = approved_batch(session)
    assert batch
    for payout in batch.payouts:
        mark_paid(session, payout.id, reference="REF", person_id=None)
    found = session.scalars(select(Entry.id).where(Entry.kind == "payout_paid")).all()
    line = make_line(session, -65_000)
    with pytest.raises(DoesNotFit):
        match_line.link(session, line.id, found[:1], person_id=None)
    match_line.link(session, line.id, found, person_id=None)
    assert session.scalar(select(func.count()).select_from(BankMatch)) == 2
    proved(session)


def test_a_day_of_qris_is_booked_as_the_acquirer_pays_it(session: Session):
    seller = make_seller(session)
    with clock.at(clock.now() - timedelta(days=1)):
        for amount in (60_000, 90_000):
            make_paid(session, (seller, amount), method=Method.QRIS)
    words = "MID : 885000123 QR : 150000.00 DDR : 1050.00"
    line = make_line(session, 148_950, words)
    found = best(session, line)
    assert found
    assert (found.fit, found.sure, found.sales_day) == (Fit.DAY, True, days_ago(1))
    match_line.acquired(session, line.id, days_ago(1), person_id=None)
    assert balance(session, A.BANK) == 148_950
    assert balance(session, A.ACQUIRING) == 1_050
    assert balance(session, A.QRIS) == 0
    assert [day.open for day in qris_days(session)] == [0]
    with pytest.raises(IllegalMove):
        match_line.acquired(session, line.id, days_ago(1), person_id=None)
    proved(session)


def test_a_day_that_differs_stays_open_with_its_age(session: Session):
    seller = make_seller(session)
    with clock.at(clock.now() - timedelta(days=3)):
        make_paid(session, (seller, 60_000), method=Method.QRIS)
    line = make_line(session, 49_650, "MID : 885 QR : 50000.00 DDR : 350.00", day=days_ago(2))
    found = best(session, line)
    assert found
    assert (found.sure, found.sales_day) == (False, days_ago(3))
    match_line.acquired(session, line.id, days_ago(3), person_id=None)
    (day,) = qris_days(session)
    assert (day.came, day.gross, day.fee, day.open, day.age) == (60_000, 50_000, 350, 10_000, 3)


def test_the_two_balances_stand_beside_each_other(session: Session):
    assert at_bank(session) is None
    payment = waiting(session)
    line = make_line(session, payment.amount)
    found = at_bank(session)
    assert found
    assert (found.new, found.in_books) == (payment.amount, 0)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    after = at_bank(session)
    assert after
    assert (after.new, after.in_books, after.before) == (0, payment.amount, found.before)


def test_other_money_does_not_fit(session: Session):
    payment = make_payment(session, (make_seller(session), 30_000), method=Method.QRIS)
    line = make_line(session, 30_000)
    with pytest.raises(DoesNotFit):
        match_line.pay_with(session, line.id, payment.id, person_id=None)
    with pytest.raises(DoesNotFit):
        match_line.acquired(session, line.id, days_ago(1), person_id=None)


def test_two_people_press_at_once_and_it_is_booked_once(app: Flask, session: Session):
    payment = waiting(session)
    amount, payment_id = payment.amount, payment.id
    line_id = make_line(session, amount).id
    session.commit()
    said: list[str] = []
    start = threading.Barrier(6)

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                match_line.pay_with(db.session(), line_id, payment_id, person_id=None)
                db.session.commit()
                said.append("booked")
            except IllegalMove:
                db.session.rollback()
                said.append("was")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["booked", *["was"] * 5]
    assert balance(session, A.BANK) == amount
    proved(session)


def test_two_people_keep_the_same_file_at_once(app: Flask, session: Session):
    data = csv([(days_ago(1), f"TRSF {n}", 10_000 + n) for n in range(20)])
    session.commit()
    start = threading.Barrier(4)
    kept: list[uuid.UUID] = []

    def press() -> None:
        with app.app_context():
            start.wait()
            kept.append(keep_csv(db.session(), data).id)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept)) == 1
    assert len(kept) == 4
    assert session.scalar(select(func.count()).select_from(BankLine)) == 20
