"""What became of pieces at a point, and where the money goes."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification
from shop.catalog.models import Variant
from shop.consignment.hand_on import TooMuch, hand_on, outstanding
from shop.consignment.models import Consignment, ConsignmentCount, ConsignmentPayment
from shop.consignment.record import Counted, NotConfirmed, TooMany, record
from shop.consignment.states import ConsignmentState, PaidBy
from shop.core import clock
from shop.core.db import db
from shop.impact.filters import read_filters
from shop.impact.queries import load_facts
from shop.ledger.due import due_now
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.queries import monthly_earnings, purse
from shop.ledger.statement import LineKind, statement
from shop.ledger.states import AccountKind
from tests.catalog.offered import offer
from tests.factories.consignment import consigned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person

pytestmark = pytest.mark.both


def lay(session: Session, pieces: int = 10, share: int = 1_000) -> tuple[Consignment, Variant]:
    """Pieces at Rp15.000 with a fee of 5 per cent; the seller has 90 more at home."""
    set_rule(session, 500, None)
    variant = offer(session, on_hand=100)
    return consigned(session, variant, pieces, share), variant


def say(
    session: Session, made: Consignment, *, key: str = "k", by: PaidBy = PaidBy.POINT, **pieces: int
) -> bool:
    counted = [Counted(made.lines[0].id, **pieces)]
    return record(session, made.id, counted, paid_by=by, key=key, person_id=None)


def test_money_at_the_point_is_earned_but_not_paid_out(session: Session):
    made, variant = lay(session)
    assert say(session, made, sold=4)
    seller = variant.seller_id
    assert balance(session, AccountKind.POINT, seller) == 56_000
    assert balance(session, AccountKind.PAYABLE, seller) == -(56_000 - 2_800)
    assert balance(session, AccountKind.FEE) == -2_800
    assert outstanding(session, made.id) == 56_000
    assert due_now(session) == []
    assert approved_batch(session, "b") is None
    found = purse(session, seller)
    assert (found.earned_this_month, found.payable, found.at_points) == (53_200, -2_800, 56_000)
    assert found.owed == 53_200
    assert (found.parts_this_month, found.consigned_this_month) == (0, 1)
    assert monthly_earnings(session, seller)[-1].amount == 53_200
    (line,) = statement(session, seller).rows
    assert (line.kind, line.amount, line.fee, line.change) == (
        LineKind.CONSIGNED, 56_000, 2_800, 53_200,
    )  # fmt: skip
    assert line.consigned is not None
    assert (line.consigned.thing, line.consigned.pieces) == ("Kerupuk Tenggiri", 4)
    assert line.consigned.point == made.point.name


def test_what_the_point_brings_to_the_bank_is_paid_out(session: Session):
    made, _ = lay(session)
    say(session, made, sold=4)
    owner = made.seller_id
    finance = make_person(session)
    for _ in range(2):
        hand_on(session, made.id, 30_000, paid_to=PaidBy.PROGRAMME, key="p", person_id=finance.id)
    assert balance(session, AccountKind.BANK) == 30_000
    assert balance(session, AccountKind.POINT, owner) == 26_000
    assert [due.amount for due in due_now(session)] == [27_200]
    batch = approved_batch(session, "b")
    assert batch is not None
    assert purse(session, owner).in_transit == 27_200
    assert purse(session, owner).payable == 0
    done = [line.action for line in session.scalars(select(AuditLine))]
    assert done[-2:] == ["payout.batch", "payout.approve"]
    assert session.scalar(
        select(func.count()).where(Notification.kind == "consignment_received")
    ) == 1  # fmt: skip


def test_what_the_point_gives_into_her_hand_is_paid(session: Session):
    made, variant = lay(session)
    say(session, made, sold=4)
    assert hand_on(session, made.id, 56_000, paid_to=PaidBy.SELLER, key="p", person_id=None)
    assert not hand_on(session, made.id, 56_000, paid_to=PaidBy.SELLER, key="p", person_id=None)
    found = purse(session, variant.seller_id)
    assert (found.payable, found.at_points, found.kept_this_month) == (-2_800, 0, 56_000)
    assert found.earned_this_month == 53_200
    kinds = [line.kind for line in statement(session, variant.seller_id).rows]
    assert kinds == [LineKind.HANDED_ON, LineKind.CONSIGNED]
    with pytest.raises(TooMuch) as told:
        hand_on(session, made.id, 1, paid_to=PaidBy.SELLER, key="q", person_id=None)
    assert told.value.outstanding == 0


def test_what_she_was_given_at_once_she_keeps(session: Session):
    made, variant = lay(session)
    say(session, made, sold=4, by=PaidBy.SELLER)
    seller = variant.seller_id
    assert balance(session, AccountKind.CASH, seller) == 0
    assert balance(session, AccountKind.PAYABLE, seller) == 2_800
    found = purse(session, seller)
    assert (found.earned_this_month, found.kept_this_month) == (53_200, 56_000)
    assert outstanding(session, made.id) == 0
    (line,) = statement(session, seller).rows
    assert (line.kind, line.change) == (LineKind.CONSIGNED_CASH, -2_800)


def test_only_staff_can_say_that_the_programme_has_it(session: Session):
    made, _ = lay(session)
    with pytest.raises(NotConfirmed):
        say(session, made, sold=1, by=PaidBy.PROGRAMME)
    counted = [Counted(made.lines[0].id, sold=1)]
    record(
        session, made.id, counted, paid_by=PaidBy.PROGRAMME, key="k", person_id=None,
        actor="staff",
    )  # fmt: skip
    assert balance(session, AccountKind.BANK) == 14_000
    assert [due.amount for due in due_now(session)] == [13_300]


def test_nothing_is_booked_where_the_point_keeps_all(session: Session):
    made, variant = lay(session, share=15_000)
    say(session, made, sold=2)
    assert balance(session, AccountKind.POINT, variant.seller_id) == 0
    assert statement(session, variant.seller_id).rows == []


def test_pieces_come_back_once_and_lost_ones_do_not(session: Session):
    made, variant = lay(session)
    assert say(session, made, returned=3, lost=1, sold=2)
    assert not say(session, made, returned=3, lost=1, sold=2)
    session.refresh(variant)
    assert variant.on_hand == 93
    line = made.lines[0]
    session.refresh(line)
    assert (line.sold, line.returned, line.lost) == (2, 3, 1)
    assert made.state == ConsignmentState.OPEN


def test_it_closes_when_nothing_lies_there(session: Session):
    made, _ = lay(session)
    say(session, made, sold=9)
    assert made.state == ConsignmentState.OPEN
    say(session, made, key="l", returned=1)
    assert made.state == ConsignmentState.CLOSED
    with pytest.raises(TooMany):
        say(session, made, key="m", lost=1)
    assert hand_on(session, made.id, 126_000, paid_to=PaidBy.SELLER, key="p", person_id=None)


def test_more_than_lies_there_is_refused_and_nothing_changed(session: Session):
    made, variant = lay(session)
    say(session, made, sold=6)
    with pytest.raises(TooMany) as told:
        say(session, made, key="l", returned=3, lost=2)
    assert told.value.left == 1  # three of the four were counted as back by then
    session.refresh(variant)
    session.refresh(made.lines[0])
    assert variant.on_hand == 90
    assert (made.lines[0].returned, made.lines[0].lost) == (0, 0)
    assert session.scalar(select(func.count()).select_from(ConsignmentCount)) == 1


def test_impossible_records_are_refused(session: Session):
    made, _ = lay(session)
    other, _ = lay(session)
    line, strange = made.lines[0].id, other.lines[0].id
    for counted in (
        [],
        [Counted(line)],
        [Counted(line, sold=-1)],
        [Counted(line, sold=1, lost=-1)],
        [Counted(strange, sold=1)],
        [Counted(line, sold=1), Counted(line, sold=1)],
    ):
        with pytest.raises(ValueError, match=r".+"):
            record(session, made.id, counted, paid_by=PaidBy.POINT, key="k", person_id=None)
    for key in ("", "a:b", "k" * 41):
        with pytest.raises(ValueError, match="key"):
            say(session, made, key=key, sold=1)
    for amount, to in ((0, PaidBy.SELLER), (-5, PaidBy.SELLER), (5, PaidBy.POINT)):
        with pytest.raises(ValueError, match=r".+"):
            hand_on(session, made.id, amount, paid_to=to, key="k", person_id=None)
    assert session.scalar(select(func.count()).select_from(ConsignmentPayment)) == 0


def test_it_is_income(session: Session):
    made, variant = lay(session)
    say(session, made, sold=4)
    session.commit()
    facts = load_facts(session, read_filters({}))
    assert [cell.income for cell in facts.earned[variant.seller_id].values()] == [53_200]
    assert facts.opened == clock.today().replace(day=1)


def test_two_who_count_the_same_pieces_at_once(app: Flask, session: Session):
    made, variant = lay(session)
    consignment_id, line_id, variant_id = made.id, made.lines[0].id, variant.id
    session.commit()
    session.close()
    barrier, done = threading.Barrier(6), []

    def work(number: int) -> None:
        with app.app_context():
            barrier.wait()
            own = db.session()
            try:
                counted = [Counted(line_id, sold=2, returned=1)]
                record(
                    own, consignment_id, counted, paid_by=PaidBy.POINT, key=f"k{number}",
                    person_id=None,
                )  # fmt: skip
                own.commit()
                done.append(True)
            except TooMany:
                done.append(False)
            db.session.remove()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    session.rollback()
    assert sorted(done) == [False, False, False, True, True, True]
    assert outstanding(session, consignment_id) == 6 * 14_000
    assert session.get_one(Variant, variant_id).on_hand == 93
