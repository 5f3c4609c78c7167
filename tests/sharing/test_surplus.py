"""A cooperative's surplus goes where its members decided, to the last rupiah."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop.core import clock
from shop.sellers.models import Seller, SellerMember
from shop.sharing.check import check_sharing
from shop.sharing.keep_fund import Moved, keep_fund
from shop.sharing.models_surplus import Surplus
from shop.sharing.purse import NotEnough, owed, purse
from shop.sharing.share_surplus import (
    NoSavings,
    NoTerms,
    NothingEarned,
    SharedBefore,
    Wanted,
    share_surplus,
    work_out,
)
from shop.sharing.states import FundKind, Purpose
from tests.factories.sharing import decided, make_group, sold, thing_of

pytestmark = pytest.mark.both
TERMS = {
    Purpose.RESERVE: 40, Purpose.USAGE: 28, Purpose.CAPITAL: 12, Purpose.BOARD: 5,
    Purpose.STAFF: 5, Purpose.EDUCATION: 5, Purpose.SOCIAL: 5,
}  # fmt: skip


def test_the_worked_example_of_a_cooperative():
    """SHU 10.000.000, members 40 % (70/30): 3,5 of 70 million sold, 600.000 of 30 million saved."""
    one, others = uuid.uuid4(), uuid.uuid4()
    done = work_out(
        TERMS, 10_000_000, {one: 3_500_000, others: 66_500_000}, {one: 600_000, others: 29_400_000}
    )
    assert (done.by_usage[one], done.by_capital[one]) == (140_000, 24_000)
    assert done.to_members == 4_000_000
    assert sum(done.purposes.values()) == 10_000_000


def group_with_fund(session: Session) -> tuple[Seller, list[SellerMember]]:
    seller, members = make_group(session, "Siti")
    decided(session, seller, members, surplus=TERMS)
    income = Moved(FundKind.INCOME, 1_000_000, "Hibah", clock.today())
    keep_fund(session, seller.id, income, key="fund", person_id=None)
    return seller, members


def share(
    session: Session, seller: Seller, amount: int, savings: dict[uuid.UUID, int], key: str = "a"
) -> Surplus:
    wanted = Wanted(clock.today() - timedelta(days=300), clock.today(), amount, savings)
    return share_surplus(session, seller.id, wanted, key=key, person_id=None)


def test_members_get_theirs_out_of_the_fund_once_a_key(session: Session):
    seller, members = group_with_fund(session)
    sold(session, thing_of(session, seller, 50_000), 2)
    before = [owed(session, seller.id, member.id) for member in members]
    savings = {members[0].id: 100_000, members[1].id: 300_000}
    row = share(session, seller, 100_001, savings)
    assert share(session, seller, 100_001, savings).id == row.id
    got = [owed(session, seller.id, m.id) - b for m, b in zip(members, before, strict=True)]
    assert got == [14_000 + 3_000, 14_000 + 9_000]
    assert sum(purpose.amount for purpose in row.purposes) == 100_001
    assert purse(session, seller.id).fund == 1_000_000 + 10_000 - 40_000
    assert [one.line for one in check_sharing(session) if one.faults] == []
    with pytest.raises(SharedBefore):
        share(session, seller, 100_001, savings, key="b")


def test_what_can_not_be_shared_is_refused(session: Session):
    seller, members = group_with_fund(session)
    with pytest.raises(NothingEarned):
        share(session, seller, 1_000, {members[0].id: 1})
    sold(session, thing_of(session, seller, 50_000), 2)
    with pytest.raises(NoSavings):
        share(session, seller, 1_000, {})
    with pytest.raises(NotEnough) as told:
        share(session, seller, 1_010_001, {members[0].id: 1})
    assert told.value.left == 1_010_000
    plain, others = make_group(session, name="KUBE Mawar")
    decided(session, plain, others)
    with pytest.raises(NoTerms):
        share(session, plain, 1_000, {})
