"""The demo's bank statement is read, matched and agrees with the books."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from shop.check_money import check_money
from shop.core import clock
from shop.demo.bank import keep_statement
from shop.payments.queries_bank import at_bank, line_counts
from shop.payments.settle import settle
from shop.payments.states_bank import LineState
from tests.factories.orders import payment_of, placed_order
from tests.factories.statement import days_ago


@pytest.mark.parametrize("days", [1, 20])
def test_all_is_matched_except_what_came_today(session: Session, days: int):
    with clock.at(clock.day_start(days_ago(days))):
        paid = payment_of(session, placed_order(session))
        settle(session, paid.id, actor="staff", person_id=None)
    payment_of(session, placed_order(session))
    keep_statement(cast("Any", SimpleNamespace(session=session, staff={"finance": None})))
    counts = line_counts(session)
    assert counts == {LineState.NEW: 1, LineState.MATCHED: 1, LineState.ASIDE: 2}
    assert check_money(session) == []
    found = at_bank(session)
    assert found is not None
    assert (found.before, found.unseen) == (40_000_000, 0)
