"""Staff decide once, and every rupiah goes where they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification, Role
from shop.complaints import decide
from shop.complaints.decide import Back, Bearer, Cost, grant_all, grant_some, refuse
from shop.complaints.models import Complaint, ComplaintEvent
from shop.complaints.report import withdraw
from shop.core.lifecycle import IllegalMove
from shop.ledger.fees import set_rule
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.chosen_lines import BadShare, NothingChosen, TooManyPieces, TooMuchBack
from shop.orders.complete import CashNotReceived
from shop.orders.decline import NoReason
from shop.orders.hand_over import receive_cash
from shop.orders.return_part import return_part
from shop.orders.states import DeliveryKind
from shop.payments.models import Refund
from shop.payments.refund import NotPaid
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.complaints import answered_complaint, open_complaint
from tests.factories.people import make_person

pytestmark = pytest.mark.both
WHY = "Fotonya jelas, dan penjual mengakuinya"
SELLER, PROGRAMME = Cost(Bearer.SELLER), Cost(Bearer.PROGRAMME)


def books(session: Session, complaint: Complaint) -> dict[str, int]:
    """What lies where, in rupiah, less what is nothing."""
    mine = complaint.seller_id
    found = {
        "held": balance(session, A.HELD, mine),
        "payable": balance(session, A.PAYABLE, mine),
        "cash": balance(session, A.CASH, mine),
        "refunds": balance(session, A.REFUNDS),
        "goodwill": balance(session, A.GOODWILL),
        "fee": balance(session, A.FEE),
    }
    assert not session.scalar(select(func.sum(Account.balance)))
    return {name: amount for name, amount in found.items() if amount}


def a_piece(complaint: Complaint, rupiah: int = 15_000, pieces: int = 1) -> Back:
    return Back({complaint.part.lines[0].id: (pieces, rupiah)})


def reload(session: Session, complaint: Complaint) -> Complaint:
    session.expire_all()
    return complaint


def test_refused_the_seller_gets_it(session: Session):
    set_rule(session, 500, None)
    complaint, judge = answered_complaint(session), make_person(session, Role.MANAGER)
    refuse(session, complaint.id, reason=f" {WHY} ", person_id=judge.id)
    assert (complaint.state, complaint.part.state) == ("refused", "completed")
    assert (complaint.decision, complaint.decided_at is None) == (WHY, False)
    assert books(session, complaint) == {"payable": -28_500, "fee": -1_500}
    event = session.scalars(select(ComplaintEvent).where(ComplaintEvent.target == "refused")).one()
    assert (event.actor, event.person_id, event.reason) == ("staff", judge.id, WHY)


@pytest.mark.parametrize(
    ("cost", "wanted"),
    [
        (SELLER, {"refunds": -30_000}),
        (PROGRAMME, {"refunds": -30_000, "goodwill": 30_000, "payable": -30_000}),
        (
            Cost(Bearer.SPLIT, 10_000),
            {"refunds": -30_000, "goodwill": 20_000, "payable": -20_000},
        ),
    ],
    ids=["seller", "programme", "split"],
)
def test_granted_whole_all_of_it_goes_back(session: Session, cost: Cost, wanted: dict[str, int]):
    set_rule(session, 500, None)
    complaint = open_complaint(session)
    grant_all(session, complaint.id, cost=cost, reason=WHY, person_id=None)
    reload(session, complaint)
    assert (complaint.state, complaint.part.state) == ("granted", "returned")
    assert books(session, complaint) == wanted
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.seller_share) == (30_000, cost.of_seller(30_000))
    assert complaint.part.lines[0].refunded == 2


@pytest.mark.parametrize(
    ("cost", "wanted"),
    [
        (SELLER, {"refunds": -15_000, "payable": -14_250, "fee": -750}),
        (
            PROGRAMME,
            {"refunds": -15_000, "goodwill": 15_000, "payable": -28_500, "fee": -1_500},
        ),
        (
            Cost(Bearer.SPLIT, 5_000),
            {"refunds": -15_000, "goodwill": 10_000, "payable": -23_750, "fee": -1_250},
        ),
    ],
    ids=["seller", "programme", "split"],
)
def test_granted_in_part_the_rest_is_the_sellers(
    session: Session, cost: Cost, wanted: dict[str, int]
):
    set_rule(session, 500, None)
    complaint = answered_complaint(session)
    grant_some(session, complaint.id, a_piece(complaint), cost=cost, reason=WHY, person_id=None)
    reload(session, complaint)
    assert (complaint.state, complaint.part.state) == ("granted", "completed")
    assert books(session, complaint) == wanted
    line = complaint.part.lines[0]
    assert (line.refunded, line.given_back) == (1, 15_000)


def test_rupiah_without_a_piece_and_some_of_the_delivery(session: Session):
    complaint = open_complaint(session, delivery=DeliveryKind.DELIVERY)
    back = Back(a_piece(complaint, rupiah=4_000, pieces=0).lines, delivery=3_000)
    grant_some(session, complaint.id, back, cost=SELLER, reason=WHY, person_id=None)
    assert books(session, reload(session, complaint)) == {"refunds": -7_000, "payable": -33_000}
    assert (complaint.part.delivery_back, complaint.part.lines[0].refunded) == (3_000, 0)


def test_some_that_is_all_is_a_return(session: Session):
    complaint = open_complaint(session)
    all_of_it = a_piece(complaint, rupiah=30_000, pieces=2)
    grant_some(session, complaint.id, all_of_it, cost=SELLER, reason=WHY, person_id=None)
    assert reload(session, complaint).part.state == "returned"
    assert books(session, complaint) == {"refunds": -30_000}


def test_cash_in_her_hand_is_owed_by_her(session: Session):
    complaint = open_complaint(session, method=Method.CASH)
    grant_all(session, complaint.id, cost=SELLER, reason=WHY, person_id=None)
    assert books(session, complaint) == {"payable": 30_000, "refunds": -30_000}


def test_goods_that_came_back_can_be_sold_again_if_staff_say_so(session: Session):
    variant, other = offer(session, on_hand=5), offer(session, on_hand=5)
    for thing, back in ((variant, True), (other, False)):
        complaint = open_complaint(session, (thing, 2))
        grant_all(session, complaint.id, cost=SELLER, reason=WHY, person_id=None, restock=back)
    session.expire_all()
    assert (variant.available, other.available) == (5, 3)


def test_while_the_cash_is_not_written_down_only_a_return_is_possible(session: Session):
    complaint = open_complaint(session, method=Method.CASH, cash_received=False)
    session.commit()
    with pytest.raises(CashNotReceived):
        refuse(session, complaint.id, reason=WHY, person_id=None)
    session.rollback()
    with pytest.raises(NotPaid):
        grant_some(
            session, complaint.id, a_piece(complaint), cost=SELLER, reason=WHY, person_id=None
        )
    session.rollback()
    assert (complaint.state, complaint.part.state) == ("open", "disputed")
    grant_all(session, complaint.id, cost=SELLER, reason=WHY, person_id=None)
    assert reload(session, complaint).part.state == "returned"
    assert books(session, complaint) == {}
    assert session.scalars(select(Refund)).all() == []


def test_cash_can_be_written_down_while_it_is_disputed(session: Session):
    complaint = open_complaint(session, method=Method.CASH, cash_received=False)
    receive_cash(session, complaint.seller_order_id, None)
    refuse(session, complaint.id, reason=WHY, person_id=None)
    assert reload(session, complaint).part.state == "completed"
    assert books(session, complaint) == {}


Verdict = Callable[[Session, Complaint], None]
VERDICTS: list[Verdict] = [
    lambda s, c: refuse(s, c.id, reason=WHY, person_id=None),
    lambda s, c: grant_all(s, c.id, cost=SELLER, reason=WHY, person_id=None),
    lambda s, c: grant_some(s, c.id, a_piece(c), cost=SELLER, reason=WHY, person_id=None),
]


@pytest.mark.parametrize("first", VERDICTS)
@pytest.mark.parametrize("second", VERDICTS)
def test_decided_once_is_decided(session: Session, first: Verdict, second: Verdict):
    complaint = open_complaint(session)
    first(session, complaint)
    session.commit()
    before, refunds = books(session, complaint), session.scalars(select(Refund.id)).all()
    with pytest.raises(IllegalMove):
        second(session, complaint)
    session.rollback()
    assert books(session, complaint) == before
    assert session.scalars(select(Refund.id)).all() == refunds


def test_what_the_buyer_withdrew_is_not_decided(session: Session):
    complaint = open_complaint(session)
    withdraw(session, complaint.id)
    for verdict in VERDICTS:
        with pytest.raises(IllegalMove):
            verdict(session, complaint)
    assert complaint.part.state == "handed_over"


@pytest.mark.parametrize(
    ("fault", "pieces", "rupiah", "delivery", "cost", "reason"),
    [
        (NoReason, 1, 15_000, 0, SELLER, "  "),
        (NothingChosen, 0, 0, 0, SELLER, WHY),
        (BadShare, 1, 15_000, 0, Cost(Bearer.SPLIT, 15_001), WHY),
        (BadShare, 1, 15_000, 0, Cost(Bearer.SPLIT, -1), WHY),
        (TooMuchBack, 1, 30_001, 0, SELLER, WHY),
        (TooMuchBack, 1, -1, 2, SELLER, WHY),
        (TooManyPieces, 3, 15_000, 0, SELLER, WHY),
    ],
)
def test_nonsense_is_refused_and_nothing_changes(
    session: Session,
    fault: type[Exception],
    pieces: int,
    rupiah: int,
    delivery: int,
    cost: Cost,
    reason: str,
):
    complaint = open_complaint(session)
    session.commit()
    back = Back(a_piece(complaint, rupiah, pieces).lines, delivery)
    with pytest.raises(fault):
        grant_some(session, complaint.id, back, cost=cost, reason=reason, person_id=None)
    session.rollback()
    assert (complaint.state, complaint.part.state) == ("open", "disputed")
    assert books(session, complaint) == {"held": -30_000}


def test_both_are_told_why_once_and_it_is_written_down(session: Session):
    judge = make_person(session, Role.MANAGER)
    refused, granted = open_complaint(session), open_complaint(session)
    refuse(session, refused.id, reason=WHY, person_id=judge.id)
    grant_all(session, granted.id, cost=SELLER, reason=WHY, person_id=judge.id)
    kinds = ("complaint_refused", "complaint_granted", "money_back")
    told = session.scalars(select(Notification).where(Notification.kind.in_(kinds))).all()
    assert {news.detail["reason"] for news in told} == {WHY}
    to_buyers = [(n.kind, n.order_id) for n in told if n.order_id]
    assert sorted(to_buyers) == [
        ("complaint_refused", refused.part.order_id), ("money_back", granted.part.order_id),
    ]  # fmt: skip
    assert sorted(n.kind for n in told if n.person_id) == [
        "complaint_granted", "complaint_refused",
    ]  # fmt: skip
    lines = session.scalars(select(AuditLine).where(AuditLine.thing_kind == "complaint")).all()
    assert {(line.action, line.person_id) for line in lines} == {
        ("complaint.refused", judge.id), ("complaint.granted", judge.id),
    }  # fmt: skip


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_staff_returned_from_the_orders_page_is_only_closed(
    session: Session, verdict: Verdict
):
    complaint = open_complaint(session)
    return_part(
        session, complaint.seller_order_id, seller_share=30_000, reason=WHY, person_id=None,
        restock=False,
    )  # fmt: skip
    before = books(session, complaint)
    verdict(session, complaint)
    assert complaint.state in (decide.ComplaintState.GRANTED, decide.ComplaintState.REFUSED)
    assert books(session, complaint) == before == {"refunds": -30_000}
