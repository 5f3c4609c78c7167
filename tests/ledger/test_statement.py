"""A seller can follow every rupiah she is owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger.fees import set_rule
from shop.ledger.models import Payout
from shop.ledger.paid_out import mark_paid, mark_returned
from shop.ledger.queries import monthly_earnings, purse
from shop.ledger.statement import months_of, statement, statement_of
from shop.ledger.statement_lines import LineKind
from shop.orders.cancel import cancel_part
from shop.orders.give_back import give_back
from shop.orders.hand_over import receive_cash
from shop.payments.refund import grant
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.catalog.offered import offer
from tests.factories.orders import accepted_part, completed_part
from tests.factories.payments import make_earned, make_paid
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def rohana(session: Session, noon: datetime) -> Seller:
    """A seller with a month behind her: two transfers, one cash sale, one payout."""
    seller = make_seller(session)
    other = make_seller(session, "Melur")
    with clock.at(noon - timedelta(days=30)):
        make_earned(session, seller, 100_000, fee=3_000)
    with clock.at(noon - timedelta(days=5)):
        make_earned(session, other, 70_000)
        approved_batch(session, "friday")
        payout = session.scalars(select(Payout).where(Payout.seller_id == seller.id)).one()
        mark_paid(session, payout.id, reference="BRI 1", person_id=None)
    make_earned(session, seller, 60_000, fee=1_800)
    make_earned(session, seller, 30_000, method=Method.CASH, fee=900)
    make_paid(session, (seller, 25_000))
    return seller


def test_the_statement_has_a_line_for_every_order_and_payout(session: Session, rohana: Seller):
    page = statement(session, rohana.id)
    assert [(line.kind, line.change, line.balance) for line in page.rows] == [
        (LineKind.CASH_ORDER, -900, 57_300),
        (LineKind.ORDER, 58_200, 58_200),
        (LineKind.PAYOUT, -97_000, 0),
        (LineKind.ORDER, 97_000, 97_000),
    ]
    cash, order, paid, _ = page.rows
    assert (cash.amount, cash.fee) == (30_000, 900)
    assert (order.amount, order.fee) == (60_000, 1_800)
    assert paid.payout is not None
    assert paid.payout.reference == "BRI 1"


def test_pages_of_the_statement_meet(session: Session, rohana: Seller):
    first = statement(session, rohana.id, size=3)
    second = statement(session, rohana.id, before=first.older, size=3)
    assert (len(first.rows), len(second.rows), second.older) == (3, 1, None)
    assert (first.first, second.first) == (True, False)
    assert first.rows[-1].balance - first.rows[-1].change == second.rows[0].balance


def test_a_month_opens_with_what_was_owed_before(session: Session, rohana: Seller):
    assert months_of(session, rohana.id) == [date(2026, 11, 1), date(2026, 10, 1)]
    found = statement_of(session, rohana.id, date(2026, 11, 1))
    assert (found.opening, found.closing) == (97_000, 57_300)
    assert found.opening + sum(line.change for line in found.lines) == found.closing
    found = statement_of(session, rohana.id)
    assert (found.opening, len(found.lines), found.closing) == (0, 4, 57_300)


def test_the_purse_says_where_the_money_is(session: Session, rohana: Seller):
    found = purse(session, rohana.id)
    assert found.earned_this_month == 58_200 + 29_100
    assert (found.parts_this_month, found.kept_this_month) == (2, 30_000)
    assert (found.held, found.payable, found.in_transit) == (25_000, 57_300, 0)
    assert (found.paid, found.paid_this_month) == (97_000, 97_000)
    assert found.bank_account == "BRI …3921"


def test_a_stranger_has_an_empty_purse(session: Session, rohana: Seller):
    found = purse(session, make_seller(session, "Baru").id)
    assert (found.earned_this_month, found.held, found.payable, found.paid) == (0, 0, 0, 0)
    assert found.last_paid_at is None


def test_what_came_back_from_the_bank_was_not_paid(session: Session, rohana: Seller):
    payout = session.scalars(select(Payout).where(Payout.seller_id == rohana.id)).one()
    mark_returned(session, payout.id, reason="ditolak", person_id=None)
    found = purse(session, rohana.id)
    assert (found.paid, found.payable) == (0, 154_300)
    newest = statement(session, rohana.id).rows[0]
    assert (newest.kind, newest.change) == (LineKind.PAYOUT_RETURNED, 97_000)


def test_a_refund_before_hand_over_was_never_earned(session: Session, rohana: Seller):
    payment = make_paid(session, (rohana, 15_000))
    part = payment.parts[0]
    grant(
        session,
        payment_id=payment.id,
        seller_order_id=part.seller_order_id,
        seller_id=rohana.id,
        amount=15_000,
        reason="habis",
        person_id=None,
        key="r",
    )
    assert purse(session, rohana.id).held == 25_000
    assert len(statement(session, rohana.id).rows) == 4


def test_months_are_months_in_tanjungpinang(session: Session, noon: datetime):
    seller = make_seller(session)
    midnight = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    with clock.at(midnight - timedelta(seconds=1)):
        make_earned(session, seller, 10_000)
    with clock.at(midnight):
        make_earned(session, seller, 20_000)
    months = {m.month: m.amount for m in monthly_earnings(session, seller.id)}
    assert list(months) == [date(2026, month, 1) for month in range(6, 12)]
    assert months[date(2026, 10, 1)] == 10_000
    assert months[date(2026, 11, 1)] == 20_000
    assert purse(session, seller.id).earned_this_month == 20_000


def test_what_goes_back_after_it_was_earned_is_a_line_of_its_own(session: Session, rohana: Seller):
    set_rule(session, 1_000, None)
    part = completed_part(session, (offer(session, rohana, on_hand=9), 4))
    before = purse(session, rohana.id)
    line = part.lines[0]
    give_back(
        session, part.id, lines={line.id: (2, 30_000)}, delivery=0, seller_share=20_000,
        reason="Penyok", person_id=None, key="k",
    )  # fmt: skip
    back, sale = statement(session, rohana.id).rows[:2]
    assert (back.kind, back.amount, back.fee, back.change) == (
        LineKind.REFUND, -20_000, -2_000, -18_000,
    )  # fmt: skip
    assert back.balance == sale.balance - 18_000
    assert (sale.kind, sale.amount, sale.fee, sale.change) == (
        LineKind.ORDER, 60_000, 6_000, 54_000,
    )  # fmt: skip
    assert back.part is not None
    assert purse(session, rohana.id).earned_this_month == before.earned_this_month - 18_000
    found = statement_of(session, rohana.id)
    assert found.opening + sum(line.change for line in found.lines) == found.closing


def test_what_stays_of_an_undone_part_is_told(session: Session, rohana: Seller):
    part = accepted_part(session, (offer(session, rohana, on_hand=9), 2), method=Method.CASH)
    receive_cash(session, part.id, None)
    cancel_part(session, part.id, actor="staff", person_id=None, reason="x", seller_share=10_000)
    line = statement(session, rohana.id).rows[0]
    assert (line.kind, line.amount, line.owed, line.change) == (
        LineKind.UNDONE, 20_000, 30_000, -10_000,
    )  # fmt: skip
