"""A fee rule holds from the moment it is set and touches nothing before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.core import clock
from shop.ledger.fees import BadFee, current_basis_points, current_rule, set_rule
from shop.ledger.models import FeeRule
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
    assert (line.action, line.detail) == ("fee.set", {"before": 0, "after": 300})


def test_the_same_fee_again_adds_no_rule(session: Session):
    set_rule(session, 300, None)
    set_rule(session, 300, None)
    assert session.scalar(select(func.count()).select_from(FeeRule)) == 2


@pytest.mark.parametrize("basis_points", [-1, 5_001])
def test_a_senseless_fee_is_refused(session: Session, basis_points: int):
    with pytest.raises(BadFee):
        set_rule(session, basis_points, None)
