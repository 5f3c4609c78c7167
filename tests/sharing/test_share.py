"""Each completed sale is shared among the members, to the last rupiah, by the rule of its day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.core import clock
from shop.ledger import sales
from shop.ledger.fees import set_rule
from shop.ledger.models import Entry
from shop.ledger.post import balance
from shop.ledger.states import AccountKind, EntryKind
from shop.orders.complete import complete
from shop.orders.give_back import give_back
from shop.orders.models import SellerOrder
from shop.orders.return_part import return_part
from shop.orders.states import DeliveryKind
from shop.sellers.models import SellerMember, ShareBasis
from shop.sharing.check import check_sharing
from shop.sharing.divide import Pot, divide
from shop.sharing.models import SharedSale
from shop.sharing.purse import NotMember, owed, purse
from shop.sharing.record_makers import TooLate, WrongPieces, record_makers
from shop.sharing.states import FellBack
from tests.factories.consignment import consigned
from tests.factories.orders import completed_part, handed_over_part, ready_part
from tests.factories.sellers import make_seller
from tests.factories.sharing import decided, join, make_group, shared_of, sold, thing_of

pytestmark = pytest.mark.both
WHY = "Bungkusnya sobek"


@pytest.fixture(autouse=True)
def _sound(session: Session) -> Iterator[None]:
    """Whatever a test did, the accounts of its groups agree."""
    yield
    assert [one.line for one in check_sharing(session) if one.faults] == []


def amounts(session: Session, part: SellerOrder | uuid.UUID) -> list[int]:
    sale_id = part if isinstance(part, uuid.UUID) else part.id
    shared = session.scalars(select(SharedSale).where(SharedSale.sale_id == sale_id)).one()
    return [one.amount for one in shared.parts]


def owed_to(session: Session, members: list[SellerMember]) -> list[int]:
    return [owed(session, member.seller_id, member.id) for member in members]


def test_a_sale_goes_to_fund_and_members_without_losing_a_rupiah(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=1_000)
    part = sold(session, thing_of(session, seller, 50_000), 2)
    assert shared_of(session, part).fund == 10_000
    assert amounts(session, part) == [30_000, 30_000, 30_000]
    assert owed_to(session, members) == [30_000, 30_000, 30_000]
    assert (purse(session, seller.id).pool, purse(session, seller.id).fund) == (100_000, 10_000)


def test_the_rupiah_that_does_not_divide_goes_to_who_joined_first(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    part = sold(session, thing_of(session, seller, 10_000), 1)
    assert amounts(session, part) == [3_334, 3_333, 3_333]


def test_the_fee_is_off_before_it_is_shared(session: Session):
    set_rule(session, 500, person_id=None)
    seller, members = make_group(session, "Siti")
    decided(session, seller, members, reserve=0)
    part = sold(session, thing_of(session, seller, 10_000), 2)
    assert shared_of(session, part).net == 19_000
    assert amounts(session, part) == [9_500, 9_500]


def test_by_weights_a_member_without_one_gets_nothing(session: Session):
    seller, members = make_group(session)
    weights = {members[0].id: 3, members[1].id: 1}
    decided(session, seller, members, ShareBasis.WEIGHT, reserve=0, weights=weights)
    part = sold(session, thing_of(session, seller, 10_000), 2)
    assert amounts(session, part) == [15_000, 5_000, 0]


def test_by_who_made_it_each_line_goes_to_its_makers_and_delivery_to_all(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, ShareBasis.MADE, reserve=0)
    cake, chips = thing_of(session, seller, 30_000), thing_of(session, seller, 10_000)
    part = handed_over_part(session, (cake, 2), (chips, 3), delivery=DeliveryKind.DELIVERY)
    lines = {line.variant_id: line.id for line in part.lines}
    _, siti, aminah = members
    record_makers(
        session, seller.id, part.id,
        {lines[cake.id]: {siti.id: 2}, lines[chips.id]: {siti.id: 1, aminah.id: 2}},
        person_id=None,
    )  # fmt: skip
    complete(session, part.id, actor="buyer")
    assert shared_of(session, part).net == 100_000
    assert amounts(session, part) == [3_334, 73_333, 23_333]
    assert shared_of(session, part).fell_back is None


def test_a_line_without_a_record_is_shared_equally_and_says_so(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, ShareBasis.MADE, reserve=0)
    part = sold(session, thing_of(session, seller, 15_000), 2)
    assert amounts(session, part) == [10_000, 10_000, 10_000]
    assert shared_of(session, part).fell_back == FellBack.NO_RECORD


def test_kilograms_count_where_somebody_knows_them(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    seller, members = make_group(session)
    grams = {members[1].id: 7_500, members[2].id: 2_500}
    monkeypatch.setattr(sales._lookups, "kilograms", lambda *_: grams)
    decided(session, seller, members, ShareBasis.KILOGRAMS, reserve=0)
    part = sold(session, thing_of(session, seller, 10_000), 1)
    assert amounts(session, part) == [0, 7_500, 2_500]
    grams.clear()
    again = sold(session, thing_of(session, seller, 9_000), 1)
    assert amounts(session, again) == [3_000, 3_000, 3_000]
    assert shared_of(session, again).fell_back == FellBack.NO_KILOGRAMS


def test_the_rule_of_the_sale_holds_even_where_another_began_before_completion(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    part = handed_over_part(session, (thing_of(session, seller, 30_000), 1))
    tomorrow = clock.now() + timedelta(days=1)
    decided(session, seller, members, reserve=10_000, valid_from=clock.local_day(tomorrow))
    with clock.at(tomorrow):
        complete(session, part.id, actor="buyer")
        later = sold(session, thing_of(session, seller, 30_000), 1)
    assert amounts(session, part) == [10_000, 10_000, 10_000]
    assert amounts(session, later) == [0, 0, 0]
    assert purse(session, seller.id).fund == 30_000


def test_who_left_shares_in_what_was_sold_up_to_that_day_and_in_nothing_after(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    members[2].left_on = clock.today()
    on_her_last_day = handed_over_part(session, (thing_of(session, seller, 30_000), 1))
    with clock.at(clock.now() + timedelta(days=1)):
        complete(session, on_her_last_day.id, actor="buyer")
        after = sold(session, thing_of(session, seller, 30_000), 1)
    assert amounts(session, on_her_last_day) == [10_000, 10_000, 10_000]
    assert amounts(session, after) == [15_000, 15_000]


def test_who_joined_later_has_no_part_in_what_was_sold_before(session: Session):
    seller, members = make_group(session, "Siti")
    decided(session, seller, members, reserve=0)
    part = handed_over_part(session, (thing_of(session, seller, 30_000), 1))
    with clock.at(clock.now() + timedelta(days=1)):
        join(session, seller, "Baru", joined_on=clock.today())
        complete(session, part.id, actor="buyer")
    assert amounts(session, part) == [15_000, 15_000]


def test_who_left_and_came_back_on_one_day_counts_once(session: Session):
    seller, members = make_group(session, "Siti")
    members[1].left_on = clock.today()
    back = join(session, seller, "Siti", joined_on=clock.today(), signs_in=False)
    back.person_id = members[1].person_id
    decided(session, seller, members, reserve=0)
    part = sold(session, thing_of(session, seller, 30_000), 1)
    assert amounts(session, part) == [15_000, 15_000]


def test_a_seller_without_a_rule_shares_nothing(session: Session):
    seller = make_seller(session)
    part = completed_part(session, (thing_of(session, seller), 1))
    assert session.scalars(select(SharedSale).where(SharedSale.sale_id == part.id)).all() == []
    assert balance(session, AccountKind.POOL, seller.id) == 0


def test_what_was_sold_before_the_first_rule_stays_unshared(session: Session):
    seller, members = make_group(session)
    part = handed_over_part(session, (thing_of(session, seller), 1))
    decided(session, seller, members, valid_from=clock.today())
    complete(session, part.id, actor="buyer")
    assert purse(session, seller.id).pool == 0


def refunded(session: Session, part: SellerOrder, pieces: int, back: int, key: str = "a") -> None:
    lines = {part.lines[0].id: (pieces, back)}
    give_back(
        session, part.id, lines=lines, delivery=0, seller_share=back, reason=WHY,
        person_id=None, key=key,
    )  # fmt: skip


def test_a_refund_after_completion_takes_from_each_her_part(session: Session):
    set_rule(session, 1_000, person_id=None)
    seller, members = make_group(session)
    decided(session, seller, members, reserve=1_000)
    part = sold(session, thing_of(session, seller, 50_000), 2)
    refunded(session, part, 1, 50_000)
    shared = shared_of(session, part)
    assert (shared.net, shared.fund, shared.times) == (45_000, 4_500, 2)
    assert owed_to(session, members) == [13_500, 13_500, 13_500]
    kinds = select(Entry.kind).where(Entry.group_id == shared.id)
    assert session.scalars(kinds).all() == [EntryKind.SHARED, EntryKind.SHARED]
    refunded(session, part, 1, 50_000, key="b")
    assert owed_to(session, members) == [0, 0, 0]
    assert purse(session, seller.id).pool == 0


def test_a_refund_the_programme_bears_touches_no_member(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    part = sold(session, thing_of(session, seller, 30_000), 2)
    give_back(
        session, part.id, lines={part.lines[0].id: (1, 30_000)}, delivery=0, seller_share=0,
        reason=WHY, person_id=None, key="a",
    )  # fmt: skip
    assert shared_of(session, part).times == 1
    assert owed_to(session, members) == [20_000, 20_000, 20_000]


def test_who_left_before_a_refund_bears_her_part_of_it(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    part = sold(session, thing_of(session, seller, 30_000), 2)
    members[2].left_on = clock.today()
    with clock.at(clock.now() + timedelta(days=2)):
        refunded(session, part, 1, 30_000)
    assert owed_to(session, members) == [10_000, 10_000, 10_000]


def test_what_stays_of_a_returned_part_is_shared(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    part = handed_over_part(session, (thing_of(session, seller, 30_000), 2))
    return_part(session, part.id, seller_share=30_000, reason=WHY, person_id=None, restock=False)
    assert shared_of(session, part).net == 30_000
    assert amounts(session, part) == [10_000, 10_000, 10_000]


def test_what_is_sold_at_a_point_is_shared_too(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, reserve=0)
    lot = consigned(session, thing_of(session, seller, 10_000), 10, share=1_000)
    record(
        session, lot.id, [Counted(lot.lines[0].id, sold=3)], paid_by=PaidBy.POINT, key="a",
        person_id=None,
    )  # fmt: skip
    shared = session.scalars(select(SharedSale)).one()
    assert (shared.net, [part.amount for part in shared.parts]) == (27_000, [9_000] * 3)


def test_who_made_what_lies_at_a_point_can_be_said_until_the_first_is_sold(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, ShareBasis.MADE, reserve=0)
    lot = consigned(session, thing_of(session, seller, 10_000), 10, share=0)
    line = lot.lines[0]
    made = {line.id: {members[1].id: 10}}
    record_makers(session, seller.id, lot.id, made, person_id=None)
    record(session, lot.id, [Counted(line.id, sold=3)], paid_by=PaidBy.POINT, key="a",
           person_id=None)  # fmt: skip
    shared = session.scalars(select(SharedSale)).one()
    assert [part.amount for part in shared.parts] == [0, 30_000, 0]
    with pytest.raises(TooLate):
        record_makers(session, seller.id, lot.id, made, person_id=None)


def test_makers_are_members_of_that_day_and_all_pieces_are_theirs(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, ShareBasis.MADE)
    part = ready_part(session, (thing_of(session, seller), 3))
    line = part.lines[0].id
    stranger = make_group(session, name="KUBE Mawar")[1][0]

    def say(made: dict[uuid.UUID, int]) -> None:
        record_makers(session, seller.id, part.id, {line: made}, person_id=None)

    with pytest.raises(NotMember):
        say({stranger.id: 3})
    with pytest.raises(WrongPieces) as told:
        say({members[0].id: 1})
    assert told.value.pieces == 3
    with pytest.raises(LookupError):
        record_makers(session, stranger.seller_id, part.id, {}, person_id=None)
    say({members[0].id: 3})
    say({members[0].id: 3})
    say({members[1].id: 1, members[2].id: 2})


def test_makers_can_not_be_changed_once_it_is_shared(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members, ShareBasis.MADE)
    part = sold(session, thing_of(session, seller), 1)
    with pytest.raises(TooLate):
        record_makers(
            session, seller.id, part.id, {part.lines[0].id: {members[0].id: 1}}, person_id=None
        )


def test_where_nobody_was_a_member_all_goes_to_the_fund():
    done = divide(1_001, 1_000, [Pot(1, {})])
    assert (done.fund, done.parts) == (1_001, {})


def test_less_than_nothing_is_shared_to_the_rupiah_as_well():
    one, other = uuid.uuid4(), uuid.uuid4()
    done = divide(-101, 1_000, [Pot(1, {one: 1, other: 1})])
    assert done.fund + sum(done.parts.values()) == -101
