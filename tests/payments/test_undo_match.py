"""A line of the bank that was matched by mistake is looked for again, and its money with it."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification
from shop.check import check_orders, check_stock
from shop.core import clock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.check import check_books
from shop.ledger.close_month import close_month
from shop.ledger.models import Entry, Payout
from shop.ledger.paid_out import mark_paid, mark_returned
from shop.ledger.pay_out import make_batch
from shop.ledger.payout_steps import NotApproved
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.models import Order, SellerOrder
from shop.orders.move import move_part
from shop.orders.states import SellerOrderState as S
from shop.payments import match_line, refund
from shop.payments.cannot_undo import CannotUndo, Why
from shop.payments.check import check_payments
from shop.payments.check_bank import check_bank
from shop.payments.end_stray import keep, send_back
from shop.payments.expire import expire_due
from shop.payments.match_line import DoesNotFit
from shop.payments.match_stray import match
from shop.payments.match_sure import chosen, match_chosen, match_sure
from shop.payments.models import Payment, Refund
from shop.payments.models_bank import BankLine, BankLineEvent
from shop.payments.models_stray import Stray
from shop.payments.qris_days import qris_days
from shop.payments.queries_bank import undone
from shop.payments.reopen import reopen
from shop.payments.settle import not_arrived, settle
from shop.payments.states import Method
from shop.payments.suggest_match import Fit, suggest
from shop.payments.undo_match import NoReason, undo
from tests.factories.orders import payment_of, placed_order
from tests.factories.payments import make_earned, make_paid
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person
from tests.factories.sellers import make_seller
from tests.factories.statement import days_ago, make_line

pytestmark = pytest.mark.both
WHY = "Salah orang"
MADE_WITHOUT_MOVES = "stock is the sum of its moves"
"""The one rule that the factories' products do not keep."""


def waiting(session: Session) -> Payment:
    return payment_of(session, placed_order(session))


def part_of(session: Session, payment: Payment) -> SellerOrder:
    session.expire_all()
    return session.scalars(
        select(SellerOrder).where(SellerOrder.order_id == payment.order_id)
    ).one()


def entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def proved(session: Session) -> None:
    session.flush()
    session.expire_all()
    rules = (check_books, check_payments, check_bank, check_orders, check_stock)
    found = [one for check in rules for one in check(session)]
    assert [one.line for one in found if one.faults and one.name != MADE_WITHOUT_MOVES] == []


def undo_it(session: Session, line: BankLine) -> bool:
    done = undo(session, line.id, reason=WHY, person_id=None)
    proved(session)
    return done


def refused(session: Session, line: BankLine) -> Why:
    before = entries(session)
    with pytest.raises(CannotUndo) as fault, session.begin_nested():
        undo(session, line.id, reason=WHY, person_id=None)
    assert entries(session) == before
    assert session.get_one(BankLine, line.id).state == "matched"
    return fault.value.why


def test_the_order_waits_again_and_the_money_finds_the_right_one(session: Session):
    wrong, right = waiting(session), waiting(session)
    asked = wrong.amount
    line = make_line(session, wrong.amount)
    match_line.pay_with(session, line.id, wrong.id, person_id=None)
    assert part_of(session, wrong).state == "waiting"
    assert undo_it(session, line)
    assert (line.state, balance(session, A.BANK), balance(session, A.SURPLUS)) == ("new", 0, 0)
    session.refresh(wrong)
    assert (wrong.state, wrong.amount, wrong.settled_at, wrong.evidence) == (
        "pending", asked, None, "",
    )  # fmt: skip
    assert part_of(session, wrong).state == "unpaid"
    told = set(session.scalars(select(Notification.kind)))
    assert {"money_not_there", "order_unpaid_again"} <= told
    settle(session, right.id, actor="staff", person_id=None)
    match_line.pay_with(session, line.id, wrong.id, person_id=None)
    assert part_of(session, wrong).state == "waiting"
    assert "order_paid_again" in set(session.scalars(select(Notification.kind)))
    assert undo_it(session, line)
    assert undo(session, make_matched(session, right).id, reason=WHY, person_id=None) is False
    assert session.get_one(Payment, right.id).state == "settled"
    proved(session)


def make_matched(session: Session, payment: Payment) -> BankLine:
    """A line found to be what was confirmed by hand."""
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    return line


def test_who_when_and_why_stay_and_twice_is_once(session: Session):
    payment = waiting(session)
    sari = make_person(session, name="Sari")
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    with pytest.raises(NoReason):
        undo(session, line.id, reason=" ", person_id=sari.id)
    undo(session, line.id, reason=WHY, person_id=sari.id)
    before = entries(session)
    with pytest.raises(IllegalMove):
        undo(session, line.id, reason=WHY, person_id=sari.id)
    assert entries(session) == before
    said = undone(session, [line])[line.id]
    assert (said.who, said.why) == ("Sari", WHY)
    written = session.scalars(select(AuditLine).where(AuditLine.action == "bank.undo")).one()
    assert written.person_id == sari.id
    proved(session)


def test_only_undoing_goes_that_way(session: Session):
    payment = waiting(session)
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    for other in (
        lambda: match_line.bring_back(session, line.id, person_id=None),
        lambda: not_arrived(session, payment.id, person_id=None),
    ):
        with pytest.raises(IllegalMove):
            other()
    proved(session)


def test_a_shut_month_is_corrected_in_the_open_one(session: Session):
    with clock.at(clock.now() - timedelta(days=32)):
        payment = waiting(session)
        line = make_line(session, payment.amount)
        match_line.pay_with(session, line.id, payment.id, person_id=None)
        month = clock.month_of(clock.now())
    close_month(session, month, None)
    undo_it(session, line)
    back = session.scalars(select(Entry).where(Entry.kind == "reversal")).one()
    assert back.month == clock.month_of(clock.now()) != month


@pytest.mark.parametrize("state", [S.HANDED_OVER, S.CANCELLED])
def test_what_left_the_house_or_was_undone_keeps_its_money(session: Session, state: S):
    payment = waiting(session)
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    part = part_of(session, payment)
    actor = "seller" if state is S.HANDED_OVER else "staff"
    for step in (S.ACCEPTED, S.READY):
        move_part(session, part.id, step, actor="seller", person_id=None)
    move_part(session, part.id, state, actor=actor, person_id=None)
    assert refused(session, line) is Why.HANDED_OVER


def test_an_order_that_ran_out_can_run_out_again(session: Session):
    payment = waiting(session)
    assert payment.expires_at
    with clock.at(payment.expires_at + timedelta(hours=1)):
        expire_due(session)
        line = make_line(session, payment.amount)
        match_line.pay_with(session, line.id, payment.id, person_id=None)
        undo_it(session, line)
    assert part_of(session, payment).state == "unpaid"
    session.refresh(payment)
    with clock.at(payment.expires_at + timedelta(hours=1)):
        expire_due(session)
        assert part_of(session, payment).state == "expired"
        proved(session)
        match_line.pay_with(session, line.id, payment.id, person_id=None)
        assert part_of(session, payment).state == "waiting"
    proved(session)


def test_money_that_came_too_late_is_due_to_nobody_any_more(session: Session):
    payment = waiting(session)
    assert payment.expires_at
    with clock.at(payment.expires_at + timedelta(days=9)):
        expire_due(session)
        line = make_line(session, payment.amount)
        assert match_line.pay_with(session, line.id, payment.id, person_id=None) == "late"
        undo_it(session, line)
        assert session.scalars(select(Refund.state)).all() == ["withdrawn"]
        assert balance(session, A.REFUNDS) == 0
        session.refresh(payment)
        assert payment.state == "expired"
        match_line.pay_with(session, line.id, payment.id, person_id=None)
        back = session.scalars(select(Refund).where(Refund.state == "due")).one()
        refund.mark_paid(session, back.id, reference="X1", person_id=None)
    assert refused(session, line) is Why.GOES_BACK


def test_a_line_whose_late_order_lives_again_can_still_be_undone(session: Session):
    payment = waiting(session)
    assert payment.expires_at
    with clock.at(payment.expires_at + timedelta(days=9)):
        expire_due(session)
        line = make_line(session, payment.amount)
        match_line.pay_with(session, line.id, payment.id, person_id=None)
        assert reopen(session, payment.id, person_id=None)
        proved(session)
        assert undo_it(session, line)
    session.refresh(payment)
    assert payment.state == "pending"
    assert balance(session, A.BANK) == 0


def test_a_new_code_where_another_order_waits_for_the_old_sum(session: Session):
    payment = waiting(session)
    line = make_line(session, payment.amount)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    other = waiting(session)
    code = payment.unique_code
    other.amount += code - other.unique_code
    order = session.get_one(Order, other.order_id)
    order.total += code - other.unique_code
    other.unique_code = order.unique_code = code
    session.flush()
    undo_it(session, line)
    session.refresh(payment)
    assert payment.unique_code not in (0, code)
    assert session.get_one(Order, payment.order_id).unique_code == payment.unique_code


@pytest.mark.parametrize("off", [-1, 5_000, -9_000])
def test_a_sum_that_differed_leaves_nothing_behind(session: Session, off: int):
    payment = waiting(session)
    code = payment.unique_code
    line = make_line(session, payment.amount - code if off == -1 else payment.amount + off)
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    undo_it(session, line)
    assert (balance(session, A.BANK), balance(session, A.SUSPENSE)) == (0, 0)
    assert session.scalars(select(Stray)).one().state == "undone"
    session.refresh(payment)
    assert payment.state == "pending"
    assert payment.unique_code
    match_line.pay_with(session, line.id, payment.id, person_id=None)
    proved(session)


def test_money_nobody_knew_that_paid_since_is_followed(session: Session):
    payment = waiting(session)
    line = make_line(session, payment.amount + 3_000)
    match_line.unknown(session, line.id, person_id=None)
    stray = session.scalars(select(Stray)).one()
    match(session, stray.id, payment.id, person_id=None)
    undo_it(session, line)
    assert {one.state for one in session.scalars(select(Stray))} == {"undone"}
    session.refresh(payment)
    assert payment.state == "pending"


def test_what_is_decided_to_go_back_is_dealt_with_first(session: Session):
    line = make_line(session, 77_000)
    match_line.unknown(session, line.id, person_id=None)
    stray = session.scalars(select(Stray)).one()
    send_back(session, stray.id, person_id=None)
    assert refused(session, line) is Why.GOES_BACK
    keep(session, stray.id, person_id=None)
    undo_it(session, line)


def test_a_day_of_qris_stands_open_again(session: Session):
    with clock.at(clock.now() - timedelta(days=1)):
        make_paid(session, (make_seller(session), 150_000), method=Method.QRIS)
    line = make_line(session, 148_950, "MID : 885000123 QR : 150000.00 DDR : 1050.00")
    match_line.acquired(session, line.id, days_ago(1), person_id=None)
    undo(session, line.id, reason=WHY, person_id=None)
    assert [day.open for day in qris_days(session)] == [150_000]
    assert balance(session, A.ACQUIRING) == 0
    match_line.acquired(session, line.id, days_ago(1), person_id=None)
    assert [day.open for day in qris_days(session)] == [0]


def batch_of_two(session: Session) -> list[Payout]:
    for amount in (40_000, 25_000):
        make_earned(session, make_seller(session), amount)
    batch = approved_batch(session)
    assert batch
    return sorted(batch.payouts, key=lambda payout: payout.amount)


def test_one_line_pays_all_of_a_batch(session: Session):
    payouts = batch_of_two(session)
    line = make_line(session, -65_000, "TRF MASSAL 0042")
    found = suggest(session, [line])[line.id]
    assert [(one.fit, one.sure, one.payouts) for one in found] == [(Fit.BATCH, True, 2)]
    match_chosen(session, line.id, chosen(found[0]), person_id=None)
    session.expire_all()
    assert {payout.state for payout in payouts} == {"paid"}
    assert all("TRF MASSAL 0042" in payout.reference for payout in payouts)
    assert balance(session, A.BANK) == 0
    with pytest.raises(IllegalMove):
        match_chosen(session, line.id, chosen(found[0]), person_id=None)
    other = make_line(session, -65_000)
    with pytest.raises(DoesNotFit):
        match_line.pay_batch(session, other.id, payouts[0].batch_id, person_id=None)


def test_what_was_marked_by_hand_is_part_of_the_sum(session: Session):
    small, big = batch_of_two(session)
    mark_paid(session, small.id, reference="TANGAN", person_id=None)
    line = make_line(session, -65_000)
    assert match_sure(session, person_id=None) == 1
    session.expire_all()
    assert (small.reference, big.state) == ("TANGAN", "paid")
    undo(session, line.id, reason=WHY, person_id=None)
    session.expire_all()
    assert (small.state, big.state) == ("paid", "claimed")


def test_another_sum_or_a_batch_nobody_approved_is_no_suggestion(session: Session):
    make_earned(session, make_seller(session), 40_000)
    batch = make_batch(session, key="k", person_id=None, everybody=True)
    assert batch
    line = make_line(session, -40_000)
    assert suggest(session, [line])[line.id] == []
    with pytest.raises(NotApproved), session.begin_nested():
        match_line.pay_batch(session, line.id, batch.id, person_id=None)


def test_payouts_found_not_paid_are_to_be_sent_again(session: Session):
    payouts = batch_of_two(session)
    line = make_line(session, -65_000)
    match_line.pay_batch(session, line.id, payouts[0].batch_id, person_id=None)
    undo(session, line.id, reason=WHY, person_id=None)
    session.expire_all()
    assert {(one.state, one.reference, one.paid_at) for one in payouts} == {("claimed", "", None)}
    assert balance(session, A.BANK) == 65_000
    assert suggest(session, [line])[line.id][0].fit is Fit.BATCH
    match_line.pay_batch(session, line.id, payouts[0].batch_id, person_id=None)
    mark_returned(session, payouts[0].id, reason="Rekening tutup", person_id=None)
    assert refused(session, line) is Why.RETURNED


def test_two_people_undo_at_once_and_it_is_undone_once(app: Flask, session: Session):
    payment = waiting(session)
    line_id = make_line(session, payment.amount).id
    match_line.pay_with(session, line_id, payment.id, person_id=None)
    session.commit()
    said: list[str] = []
    start = threading.Barrier(4)

    def press(line_id: uuid.UUID) -> None:
        with app.app_context():
            start.wait()
            try:
                undo(db.session(), line_id, reason=WHY, person_id=None)
                db.session.commit()
                said.append("undone")
            except IllegalMove:
                db.session.rollback()
                said.append("was")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press, args=(line_id,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["undone", *["was"] * 3]
    moves = session.scalars(select(BankLineEvent).where(BankLineEvent.source == "matched")).all()
    assert len(moves) == 1
    proved(session)
