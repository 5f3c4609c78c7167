"""Books, orders, providers and bank are compared, and every planted difference is found."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop.check_money import check_money, check_money_daily
from shop.payments.differences import Difference, DifferenceKind
from shop.payments.queries_bank import last_check
from shop.payments.settle import settle
from shop.payments.words_money import difference_words, next_step
from tests.factories.orders import payment_of, placed_order
from tests.proofs.differences import PLANTS, look_for_all

pytestmark = pytest.mark.both


def test_every_planted_difference_is_found_and_a_clean_shop_raises_no_alarm(session: Session):
    seen = look_for_all(session)
    assert seen.missed == ()
    assert (seen.clean, seen.found) == (0, len(PLANTS))
    assert len(PLANTS) == 20
    assert seen.by_balance < 10


def test_without_any_statement_the_bank_says_nothing(session: Session):
    payment = payment_of(session, placed_order(session))
    settle(session, payment.id, actor="staff", person_id=None)
    assert check_money(session) == []


def test_the_daily_result_is_kept_with_words_for_each(session: Session):
    assert last_check(session) is None
    session.commit()
    check_money_daily(session)
    check_money_daily(session)
    kept = last_check(session)
    assert kept is not None
    assert kept[1] == []
    for kind in DifferenceKind:
        one = Difference(kind, "apa", None, 5)
        assert Difference.from_data(one.as_data()) == one
        assert difference_words(one)
        assert next_step(one)
