"""A fee rule holds from the moment it is set and touches nothing before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.core import clock
from shop.ledger.fees import (
    EVERYBODY,
    BadFee,
    current_basis_points,
    current_rule,
    end_rule,
    fee_of,
    rule_for,
    set_rule,
)
from shop.ledger.models import FeeRule
from tests.catalog.offered import offer
from tests.factories.people import make_person

pytestmark = pytest.mark.both


def test_a_fresh_shop_keeps_nothing(session: Session):
    assert current_basis_points(session) == 0
    assert current_rule(session).basis_points == 0
    assert current_rule(session).id == current_rule(session).id


def test_a_change_holds_from_now_on(session: Session):
    staff = make_person(session)
    now = clock.now()
    with clock.at(now):
        set_rule(session, 300, staff.id)
        assert current_rule(session).basis_points == 300
    with clock.at(now - timedelta(seconds=1)):
        assert current_rule(session).basis_points == 0
    line = session.scalars(select(AuditLine)).one()
    assert (line.action, line.detail) == (
        "fee.set",
        {
            "seller": "", "category": "", "before": 0, "after": 300,
            "flat_before": 0, "flat_after": 0,
        },
    )  # fmt: skip


def test_the_same_fee_again_adds_no_rule(session: Session):
    set_rule(session, 300, None)
    set_rule(session, 300, None)
    assert session.scalar(select(func.count()).select_from(FeeRule)) == 2


@pytest.mark.parametrize("basis_points", [-1, 5_001])
def test_a_senseless_fee_is_refused(session: Session, basis_points: int):
    with pytest.raises(BadFee):
        set_rule(session, basis_points, None)


@pytest.mark.parametrize("flat", [-1, 100_001])
def test_a_senseless_flat_sum_is_refused(session: Session, flat: int):
    with pytest.raises(BadFee):
        set_rule(session, 0, None, flat=flat)


def test_a_sellers_own_rule_comes_before_that_of_a_category_and_that_before_all(session: Session):
    thing = offer(session)
    seller_id, shelf = thing.seller_id, thing.product.category_slug
    set_rule(session, 500, None)
    assert rule_for(session, seller_id, shelf).basis_points == 500
    set_rule(session, 300, None, whom=(None, shelf))
    assert rule_for(session, seller_id, shelf).basis_points == 300
    set_rule(session, 0, None, flat=1_000, whom=(seller_id, None))
    own = rule_for(session, seller_id, shelf)
    assert (own.basis_points, own.flat) == (0, 1_000)
    assert current_rule(session).basis_points == 500, "the general one stays as it was"


def test_an_ended_rule_gives_way_to_the_next(session: Session):
    thing = offer(session)
    seller_id, shelf = thing.seller_id, thing.product.category_slug
    set_rule(session, 500, None)
    set_rule(session, 300, None, whom=(None, shelf))
    set_rule(session, 100, None, whom=(seller_id, None))
    for _ in range(2):  # twice is once
        end_rule(session, (seller_id, None), None)
    assert rule_for(session, seller_id, shelf).basis_points == 300
    end_rule(session, (None, shelf), None)
    assert rule_for(session, seller_id, shelf).basis_points == 500
    assert session.scalar(select(func.count()).select_from(FeeRule)) == 6
    set_rule(session, 100, None, whom=(seller_id, None))
    assert rule_for(session, seller_id, shelf).basis_points == 100


def test_the_general_rule_never_ends(session: Session):
    with pytest.raises(BadFee):
        end_rule(session, EVERYBODY, None)


@pytest.mark.parametrize(
    ("total", "basis_points", "flat", "kept"),
    [
        (10_000, 500, 0, 500), (10_000, 500, 1_000, 1_500), (1_500, 500, 1_000, 750),
        (0, 500, 1_000, 0), (1, 5_000, 0, 1), (3, 0, 100_000, 2),
    ],
)  # fmt: skip
def test_never_more_than_half_of_a_line_is_kept(
    total: int, basis_points: int, flat: int, kept: int
):
    assert fee_of(total, basis_points, flat) == kept
