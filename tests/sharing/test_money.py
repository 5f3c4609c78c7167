"""The fund, advances, and money handed to members: once each, never more than there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger.check import check_books
from shop.ledger.models import Entry
from shop.sellers.models import Seller, SellerMember
from shop.sharing.answer_payment import NoReason, NotHers, confirm, dispute, take_back
from shop.sharing.check import check_sharing
from shop.sharing.give_advance import Beforehand, give_advance
from shop.sharing.keep_fund import Moved, keep_fund
from shop.sharing.models import Advance, FundMove, MemberPayment
from shop.sharing.pay_member import Handed, MoreThanHad, MoreThanOwed, pay_member
from shop.sharing.purse import NotEnough, NotMember, Purse, advanced, owed, purse
from shop.sharing.states import AdvanceKind, FundKind, PaidState
from tests.factories.sharing import decided, join, make_group, sold, thing_of

pytestmark = pytest.mark.both
Group = tuple[Seller, list[SellerMember]]


@pytest.fixture(autouse=True)
def _sound(session: Session) -> Iterator[None]:
    yield
    found = [*check_sharing(session), *check_books(session)]
    assert [one.line for one in found if one.faults] == []


@pytest.fixture
def group(session: Session) -> Group:
    """Two members who are owed Rp45.000 each; the fund has Rp10.000."""
    seller, members = make_group(session, "Siti")
    decided(session, seller, members, reserve=1_000)
    sold(session, thing_of(session, seller, 50_000), 2)
    return seller, members


def fund(
    session: Session, seller: Seller, amount: int, kind: FundKind = FundKind.INCOME, key: str = "a"
) -> FundMove:
    moved = Moved(kind, amount, "Iuran bulan ini", clock.today())
    return keep_fund(session, seller.id, moved, key=key, person_id=None)


def advance(
    session: Session,
    member: SellerMember,
    amount: int,
    kind: AdvanceKind = AdvanceKind.MONEY,
    key: str = "a",
) -> Advance:
    given = Beforehand(kind, amount, "Tepung 5 kg", clock.today())
    return give_advance(session, member.seller_id, member.id, given, key=key, person_id=None)


def pay(
    session: Session, member: SellerMember, paid: int, deducted: int = 0, key: str = "a"
) -> MemberPayment:
    handed = Handed(paid, deducted, clock.today())
    return pay_member(session, member.seller_id, member.id, handed, key=key, person_id=None)


def test_the_fund_takes_in_and_spends_what_it_has_once_a_key(session: Session, group: Group):
    seller, _ = group
    assert fund(session, seller, 5_000).id == fund(session, seller, 5_000).id
    assert purse(session, seller.id) == Purse(pool=105_000, fund=15_000)
    with pytest.raises(NotEnough) as told:
        fund(session, seller, 15_001, FundKind.SPENT, key="b")
    assert told.value.left == 15_000
    fund(session, seller, 15_000, FundKind.SPENT, key="b")
    assert purse(session, seller.id) == Purse(pool=90_000, fund=0)


def test_an_advance_comes_out_of_the_pool_and_things_in_stock_out_of_no_hand(
    session: Session, group: Group
):
    seller, (_, siti) = group
    assert advance(session, siti, 20_000).id == advance(session, siti, 20_000).id
    advance(session, siti, 5_000, AdvanceKind.STOCK, key="b")
    assert purse(session, seller.id) == Purse(pool=80_000, fund=15_000)
    assert advanced(session, seller.id, siti.id) == 25_000
    with pytest.raises(NotEnough):
        advance(session, siti, 80_001, key="c")
    with pytest.raises(NotEnough) as told:
        advance(session, siti, 25_001, AdvanceKind.REPAID, key="c")
    assert told.value.left == 25_000
    advance(session, siti, 25_000, AdvanceKind.REPAID, key="c")
    assert purse(session, seller.id) == Purse(pool=105_000, fund=15_000)


def test_who_has_left_gets_no_advance_but_may_bring_it_back(session: Session, group: Group):
    _, (_, siti) = group
    advance(session, siti, 1_000)
    siti.left_on = clock.today()
    with pytest.raises(NotMember):
        advance(session, siti, 1_000, key="b")
    advance(session, siti, 1_000, AdvanceKind.REPAID, key="c")


def test_a_payment_takes_the_advance_off_and_happens_once_a_key(session: Session, group: Group):
    seller, (_, siti) = group
    advance(session, siti, 20_000)
    assert pay(session, siti, 25_000, 20_000).id == pay(session, siti, 25_000, 20_000).id
    assert owed(session, seller.id, siti.id) == 0
    assert advanced(session, seller.id, siti.id) == 0
    assert purse(session, seller.id).pool == 55_000
    told = session.scalars(select(Notification).where(Notification.kind == "group_paid")).one()
    assert told.person_id == siti.person_id


def test_nobody_gets_more_than_is_hers_or_there(session: Session, group: Group):
    _, (owner, siti) = group
    with pytest.raises(MoreThanOwed) as told:
        pay(session, siti, 45_001)
    assert told.value.owed == 45_000
    with pytest.raises(MoreThanHad):
        pay(session, siti, 1_000, 1)
    advance(session, owner, 60_000)
    with pytest.raises(NotEnough) as short:
        pay(session, siti, 45_000)
    assert short.value.left == 40_000
    with pytest.raises(ValueError, match="nothing"):
        pay(session, siti, 0)
    with pytest.raises(NotMember):
        pay_member(
            session, make_group(session, name="Lain")[0].id, siti.id,
            Handed(1, 0, clock.today()), key="x", person_id=None,
        )  # fmt: skip


def test_who_has_left_still_gets_what_she_was_owed(session: Session, group: Group):
    seller, (_, siti) = group
    siti.left_on = clock.today()
    with clock.at(clock.now() + timedelta(days=1)):
        pay(session, siti, 45_000)
    assert owed(session, seller.id, siti.id) == 0


def test_she_confirms_once_and_nobody_does_it_for_her(session: Session, group: Group):
    _, (owner, siti) = group
    payment = pay(session, siti, 10_000)
    assert owner.person_id
    assert siti.person_id
    with pytest.raises(NotHers):
        confirm(session, payment, owner.person_id)
    confirm(session, payment, siti.person_id)
    assert payment.state == PaidState.CONFIRMED
    with pytest.raises(IllegalMove):
        confirm(session, payment, siti.person_id)
    with pytest.raises(IllegalMove):
        take_back(session, payment, owner.person_id, "Salah orang")


def test_what_she_disputes_is_told_and_can_be_taken_back_once(session: Session, group: Group):
    seller, (owner, siti) = group
    advance(session, siti, 5_000)
    payment = pay(session, siti, 10_000, 5_000)
    assert owner.person_id
    assert siti.person_id
    with pytest.raises(NoReason):
        dispute(session, payment, siti.person_id, " ")
    with pytest.raises(NotHers):
        dispute(session, payment, owner.person_id, "Belum")
    dispute(session, payment, siti.person_id, "Belum saya terima")
    told = session.scalars(select(Notification).where(Notification.kind == "group_disputed")).all()
    assert [one.person_id for one in told] == [owner.person_id]
    take_back(session, payment, owner.person_id, "Memang belum diberikan")
    assert owed(session, seller.id, siti.id) == 45_000
    assert advanced(session, seller.id, siti.id) == 5_000
    reversal = session.scalars(select(Entry).where(Entry.reverses_id.is_not(None))).one()
    assert reversal.note == "Memang belum diberikan"
    with pytest.raises(IllegalMove):
        take_back(session, payment, owner.person_id, "Lagi")
    with pytest.raises(NoReason):
        take_back(session, payment, owner.person_id, "")


def test_for_who_can_not_sign_in_another_than_the_payer_bears_witness(
    session: Session, group: Group
):
    seller, (owner, siti) = group
    aminah = join(session, seller, "Aminah", signs_in=False)
    sold(session, thing_of(session, seller, 30_000), 1)
    assert owner.person_id
    assert siti.person_id
    payment = pay_member(
        session, seller.id, aminah.id, Handed(9_000, 0, clock.today()), key="w",
        person_id=owner.person_id,
    )  # fmt: skip
    with pytest.raises(NotHers):
        confirm(session, payment, owner.person_id)
    with pytest.raises(NotHers):
        dispute(session, payment, siti.person_id, "Belum")
    confirm(session, payment, siti.person_id)
    assert payment.state == PaidState.CONFIRMED
