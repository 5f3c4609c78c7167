"""How a group decides: named members, a recorded day, no rule before what is shared already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification
from shop.core import clock
from shop.sellers.models import ShareBasis, ShareRule
from shop.sharing import decide as deciding
from shop.sharing.decide import first_day
from shop.sharing.models import ShareDecider, ShareWeight, SurplusTerm
from shop.sharing.states import Purpose
from tests.factories.orders import placed_order
from tests.factories.sharing import decided, make_group, sold, thing_of

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


def test_a_rule_names_who_decided_and_tells_every_member(session: Session):
    seller, members = make_group(session)
    rule = decided(session, seller, members[:2], reserve=700)
    deciders = select(ShareDecider.member_id).where(ShareDecider.rule_id == rule.id)
    assert set(session.scalars(deciders)) == {members[0].id, members[1].id}
    assert (rule.reserve_basis_points, rule.decided_by) == (700, "KUBE Melati, Siti")
    told = session.scalars(select(Notification.person_id).where(Notification.kind == "group_rule"))
    assert set(told) == {member.person_id for member in members}
    assert session.scalars(select(AuditLine).where(AuditLine.action == "share_rule.decide")).one()


def test_a_rule_can_not_begin_before_what_was_sold_by_another(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members)
    sold(session, thing_of(session, seller), 1)
    with pytest.raises(deciding.SoldSince) as told:
        decided(session, seller, members, valid_from=clock.today())
    assert told.value.day == clock.today()
    assert first_day(session, seller.id) == clock.today() + DAY
    decided(session, seller, members, valid_from=clock.today() + DAY)


def test_not_even_before_what_is_only_ordered(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members)
    placed_order(session, (thing_of(session, seller), 1))
    with pytest.raises(deciding.SoldSince):
        decided(session, seller, members, valid_from=clock.today() - DAY)


def test_the_first_rule_may_begin_any_day(session: Session):
    seller, members = make_group(session)
    sold(session, thing_of(session, seller), 1)
    decided(session, seller, members, valid_from=clock.today() - 10 * DAY)


def test_two_rules_do_not_begin_on_one_day(session: Session):
    seller, members = make_group(session)
    decided(session, seller, members)
    with pytest.raises(deciding.SameDay):
        decided(session, seller, members)
    assert len(session.scalars(select(ShareRule)).all()) == 1


def test_nobody_decides_in_days_to_come_or_without_being_there(session: Session):
    seller, members = make_group(session)
    _, strangers = make_group(session, name="KUBE Mawar")
    wanted = deciding.NewRule(
        clock.today(), clock.today() + DAY, ShareBasis.EQUAL, 0, [members[0].id]
    )
    with pytest.raises(deciding.DecidedLater):
        deciding.decide(session, seller.id, wanted, person_id=None)
    for who in ([], strangers[:1], [members[0], strangers[0]]):
        with pytest.raises(deciding.NobodyDecided):
            decided(session, seller, who)
    members[1].left_on = clock.today() - 60 * DAY
    with pytest.raises(deciding.NobodyDecided):
        decided(session, seller, members[1:2])


def test_weights_are_those_of_present_members(session: Session):
    seller, members = make_group(session)
    _, strangers = make_group(session, name="KUBE Mawar")
    for weights in ({}, {members[0].id: 0}, {strangers[0].id: 1}):
        with pytest.raises(deciding.NoWeights):
            decided(session, seller, members, ShareBasis.WEIGHT, weights=weights)
    decided(session, seller, members, ShareBasis.WEIGHT, weights={members[0].id: 2})
    assert session.scalars(select(ShareWeight.weight)).all() == [2]


def test_kilograms_are_refused_where_nobody_writes_them_down(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shop.ledger.sales._lookups.kilograms", None)
    seller, members = make_group(session)
    with pytest.raises(deciding.NoKilograms):
        decided(session, seller, members, ShareBasis.KILOGRAMS)


@pytest.mark.parametrize("reserve", [39, 41])
def test_a_surplus_is_shared_to_its_hundredth(session: Session, reserve: int):
    seller, members = make_group(session)
    surplus = {
        Purpose.RESERVE: reserve, Purpose.USAGE: 28, Purpose.CAPITAL: 12, Purpose.BOARD: 5,
        Purpose.STAFF: 5, Purpose.EDUCATION: 5, Purpose.SOCIAL: 5,
    }  # fmt: skip
    with pytest.raises(deciding.NotHundred) as told:
        decided(session, seller, members, surplus=surplus)
    assert told.value.total == reserve + 60
    decided(session, seller, members, surplus=surplus | {Purpose.RESERVE: 40})
    assert sum(session.scalars(select(SurplusTerm.percent))) == 100
