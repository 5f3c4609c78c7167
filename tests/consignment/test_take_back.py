"""A wrong count of consigned pieces is taken back: pieces, money and shares, once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.catalog.models import Variant
from shop.catalog.reserve import SoldOut, reserve
from shop.consignment.check import check_consignment
from shop.consignment.hand_on import TooMuch, hand_on, outstanding
from shop.consignment.models import Consignment, ConsignmentCount
from shop.consignment.record import Counted, NotConfirmed, record
from shop.consignment.states import ConsignmentState, PaidBy
from shop.consignment.take_back import HandedOn, NotACount, take_back
from shop.core.db import db
from shop.impact.filters import read_filters
from shop.impact.queries import load_facts
from shop.ledger.check import check_books
from shop.ledger.due import due_now
from shop.ledger.fees import set_rule
from shop.ledger.models import Entry
from shop.ledger.post import balance
from shop.ledger.queries import monthly_earnings, purse
from shop.ledger.statement import LineKind, statement
from shop.ledger.statement_words import how, title
from shop.ledger.states import AccountKind, EntryKind
from shop.sharing.check import check_sharing
from shop.sharing.models import SharedSale
from shop.sharing.purse import owed
from tests.catalog.offered import offer
from tests.factories.consignment import consigned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person
from tests.factories.sharing import decided, make_group, thing_of

pytestmark = pytest.mark.both
WHY = "salah ketik"


@pytest.fixture(autouse=True)
def _sound(session: Session) -> Iterator[None]:
    """Whatever a test did, the shop agrees with itself."""
    yield
    findings = [*check_consignment(session), *check_books(session), *check_sharing(session)]
    assert [one.line for one in findings if one.faults] == []


def lay(session: Session, pieces: int = 10) -> tuple[Consignment, Variant]:
    """Pieces at Rp15.000, Rp1.000 of it for the point, with a fee of 5 per cent."""
    set_rule(session, 500, None)
    variant = offer(session, on_hand=100)
    return consigned(session, variant, pieces, 1_000), variant


def say(
    session: Session, made: Consignment, *, key: str = "k", by: PaidBy = PaidBy.POINT, **pieces: int
) -> ConsignmentCount:
    """Record one thing and give its row."""
    actor = "staff" if by is PaidBy.PROGRAMME else "seller"
    counted = [Counted(made.lines[0].id, **pieces)]
    record(session, made.id, counted, paid_by=by, key=key, person_id=None, actor=actor)
    rows = select(ConsignmentCount).where(ConsignmentCount.key.contains(f":{key}:"))
    return session.scalars(rows).one()


def back(session: Session, wrong: ConsignmentCount, actor: str = "seller") -> bool:
    line = wrong.line_id
    consignment = session.scalars(select(Consignment).where(Consignment.lines.any(id=line))).one()
    return take_back(session, consignment.id, wrong.id, WHY, person_id=None, actor=actor)


@pytest.mark.parametrize("by", list(PaidBy))
def test_a_sale_is_taken_back_leg_by_leg_wherever_its_money_was(session: Session, by: PaidBy):
    made, variant = lay(session)
    seller = variant.seller_id
    places = [(kind, seller) for kind in (AccountKind.POINT, AccountKind.CASH, AccountKind.PAYABLE)]
    places += [(AccountKind.BANK, None), (AccountKind.FEE, None)]
    before = [balance(session, *place) for place in places]
    wrong = say(session, made, sold=4, by=by)
    assert back(session, wrong, "staff")
    assert [balance(session, *place) for place in places] == before
    assert outstanding(session, made.id) == 0
    session.refresh(made.lines[0])
    assert made.lines[0].sold == 0
    reversals = session.scalars(select(Entry).where(Entry.kind == EntryKind.REVERSAL)).all()
    assert len(reversals) == (3 if by is PaidBy.SELLER else 2)
    assert {entry.note for entry in reversals} == {WHY}
    taken = session.scalars(select(ConsignmentCount).where(ConsignmentCount.reason == WHY)).one()
    assert (taken.reverses_id, taken.quantity, taken.amount) == (wrong.id, 4, 56_000)


def test_it_is_as_if_it_had_not_been_earned(session: Session):
    made, variant = lay(session)
    say(session, made, key="right", sold=1)
    back(session, say(session, made, key="wrong", sold=4, by=PaidBy.SELLER))
    found = purse(session, variant.seller_id)
    assert (found.earned_this_month, found.kept_this_month) == (13_300, 0)
    assert (found.at_points, found.consigned_this_month) == (14_000, 1)
    assert monthly_earnings(session, variant.seller_id)[-1].amount == 13_300
    session.commit()
    earned = load_facts(session, read_filters({})).earned[variant.seller_id]
    assert [cell.income for cell in earned.values()] == [13_300]


def test_the_statement_tells_it_in_one_line_with_its_reason(app: Flask, session: Session):
    made, variant = lay(session)
    wrong = say(session, made, sold=4, by=PaidBy.SELLER)
    back(session, wrong)
    newest, sale = statement(session, variant.seller_id).rows
    assert (newest.kind, newest.change) == (LineKind.CONSIGNED_BACK, 2_800)
    assert (sale.kind, sale.change) == (LineKind.CONSIGNED_CASH, -2_800)
    with app.test_request_context():
        assert title(newest) == f"Titip jual di {made.point.name}, dibatalkan"
        assert how(newest) == "4 Kerupuk Tenggiri tidak jadi laku: salah ketik"


def test_pressed_twice_it_is_done_once(session: Session):
    made, variant = lay(session)
    wrong = say(session, made, sold=4)
    assert back(session, wrong)
    assert not back(session, wrong)
    assert balance(session, AccountKind.PAYABLE, variant.seller_id) == 0


def test_what_came_back_lies_there_again_and_is_off_the_shelf(session: Session):
    made, variant = lay(session)
    back(session, say(session, made, key="r", returned=3))
    session.refresh(variant)
    assert variant.on_hand == 90
    back(session, say(session, made, key="l", lost=2))
    session.refresh(made.lines[0])
    assert (made.lines[0].returned, made.lines[0].lost) == (0, 0)
    assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_what_came_back_and_is_promised_to_a_buyer_stays(session: Session):
    made, variant = lay(session)
    wrong = say(session, made, returned=3)
    reserve(session, {variant.id: 92}, key="order")
    with pytest.raises(SoldOut):
        back(session, wrong)
    session.refresh(made.lines[0])
    assert made.lines[0].returned == 3


def test_a_closed_one_is_open_again(session: Session):
    made, _ = lay(session)
    wrong = say(session, made, sold=10)
    assert made.state == ConsignmentState.CLOSED
    back(session, wrong)
    assert made.state == ConsignmentState.OPEN
    say(session, made, key="right", sold=1)
    assert outstanding(session, made.id) == 14_000


def test_money_that_was_handed_on_must_not_be_missing_afterwards(session: Session):
    made, _ = lay(session)
    wrong = say(session, made, key="wrong", sold=4)
    hand_on(session, made.id, 14_000, paid_to=PaidBy.SELLER, key="p", person_id=None)
    with pytest.raises(HandedOn) as told:
        back(session, wrong)
    assert (told.value.missing, told.value.last.amount) == (14_000, 14_000)
    assert outstanding(session, made.id) == 42_000
    say(session, made, key="right", sold=1)  # what really was sold comes first
    assert back(session, wrong)
    assert outstanding(session, made.id) == 0
    with pytest.raises(TooMuch):
        hand_on(session, made.id, 1, paid_to=PaidBy.SELLER, key="q", person_id=None)


def test_what_was_paid_out_already_is_netted(session: Session):
    made, variant = lay(session)
    wrong = say(session, made, sold=4, by=PaidBy.PROGRAMME)
    assert approved_batch(session, "b") is not None
    back(session, wrong, "staff")
    assert purse(session, variant.seller_id).payable == -53_200
    say(session, made, key="right", sold=5, by=PaidBy.PROGRAMME)
    assert [due.amount for due in due_now(session)] == [13_300]


def test_the_programmes_money_is_taken_back_by_staff_only(session: Session):
    made, _ = lay(session)
    wrong = say(session, made, sold=1, by=PaidBy.PROGRAMME)
    with pytest.raises(NotConfirmed):
        back(session, wrong)
    finance = make_person(session)
    assert take_back(session, made.id, wrong.id, WHY, person_id=finance.id, actor="staff")
    audited = session.scalars(select(AuditLine.action)).all()
    assert audited.count("consignment.taken_back") == 1


def test_what_is_no_count_of_it_is_refused(session: Session):
    made, _ = lay(session)
    other, _ = lay(session)
    wrong = say(session, made, sold=1)
    with pytest.raises(NotACount):
        take_back(session, other.id, wrong.id, WHY, person_id=None)
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(ValueError, match="reason"):
            take_back(session, made.id, wrong.id, reason, person_id=None)
    back(session, wrong)
    taken = session.scalars(select(ConsignmentCount).where(ConsignmentCount.reason == WHY)).one()
    with pytest.raises(NotACount):
        take_back(session, made.id, taken.id, WHY, person_id=None)


@pytest.mark.parametrize("by", [PaidBy.POINT, PaidBy.SELLER])
def test_what_a_group_shared_of_it_is_undone(session: Session, by: PaidBy):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=1_000)
    made = consigned(session, thing_of(session, seller, 15_000), 10, 0)
    wrong = say(session, made, sold=4, by=by)
    assert [owed(session, seller.id, one.id) for one in members] == [18_000] * 3
    back(session, wrong)
    assert [owed(session, seller.id, one.id) for one in members] == [0] * 3
    assert balance(session, AccountKind.FUND, seller.id) == 0
    shared = session.scalars(select(SharedSale).where(SharedSale.sale_id == wrong.id)).one()
    assert (shared.net, shared.times) == (0, 2)


def test_two_at_once_take_it_back_once(app: Flask, session: Session):
    made, variant = lay(session)
    wrong = say(session, made, sold=10)
    ids, seller_id = (made.id, wrong.id), variant.seller_id
    session.commit()
    session.close()
    barrier, done = threading.Barrier(6), []

    def work(number: int) -> None:
        with app.app_context():
            barrier.wait()
            own = db.session()
            try:
                if number % 2:
                    done.append(take_back(own, *ids, WHY, person_id=None))
                else:
                    hand_on(
                        own, ids[0], 140_000, paid_to=PaidBy.SELLER, key=f"{number}",
                        person_id=None,
                    )  # fmt: skip
                    done.append(True)
                own.commit()
            except (HandedOn, TooMuch):
                own.rollback()
            db.session.remove()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    session.rollback()
    assert done.count(True) == 1
    undone = select(func.count()).where(ConsignmentCount.reverses_id.is_not(None))
    assert outstanding(session, ids[0]) == 0
    assert (balance(session, AccountKind.PAYABLE, seller_id) == 0) == bool(session.scalar(undone))
