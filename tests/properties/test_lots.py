"""Whatever is delivered, sold, spent and refunded: a lot's parts are its whole, to the rupiah."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.ledger.pooled import by_line
from shop.ledger.sales import Sale, SoldLine
from shop.lots import price
from tests.properties.test_sharing import by_largest_remainder

DAY = datetime(2026, 11, 2, tzinfo=UTC).date()
PEPPER = uuid.UUID(int=1)
GRADED = st.lists(
    st.tuples(st.integers(1, 5_000_000), st.integers(1, 1_000)), min_size=1, max_size=12
)
SOLD = st.lists(st.tuples(st.integers(0, 3_000_000), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=2_000, deadline=None)
@given(
    st.integers(-2_000_000, 50_000_000), st.integers(0, 5_000_000), st.integers(0, 5_000), GRADED
)
def test_fund_and_members_together_have_just_what_came_in(
    receipts: int, costs: int, fee: int, weighed: list[tuple[int, int]]
):
    pot = price.fill(receipts, costs, fee)
    assert min(pot.coop_fee, pot.shared, pot.lost) >= 0
    graded = {uuid.UUID(int=n): grams * weight for n, (grams, weight) in enumerate(weighed)}
    parts = price.share(pot.shared, graded)
    assert list(parts.values()) == by_largest_remainder(pot.shared, list(graded.values()))
    assert sum(parts.values()) + pot.coop_fee - pot.lost == receipts - costs


@settings(max_examples=2_000, deadline=None)
@given(SOLD, st.integers(0, 50_000), st.integers(-1_000_000, 9_000_000))
def test_lots_and_rule_together_have_just_what_a_sale_earned(
    sold: list[tuple[int, bool]], delivery: int, odd: int
):
    lines = tuple(
        SoldLine(uuid.uuid4(), "Cabai", 1, value, value, PEPPER if pooled else uuid.UUID(int=2))
        for value, pooled in sold
    )
    sale = Sale(uuid.uuid4(), uuid.uuid4(), None, "A1", "Ani", DAY, lines, delivery)
    whole = sum(value for value, _ in sold) + delivery
    exact = by_line(sale, whole, {PEPPER: DAY})
    if whole:
        assert exact == {line.id: line.value for line in lines if line.product_id == PEPPER}
    to_lots = by_line(sale, odd, {PEPPER: DAY})
    everything = {PEPPER: DAY, uuid.UUID(int=2): DAY}
    if whole and not delivery:
        assert sum(by_line(sale, odd, everything).values()) == odd
    assert to_lots.keys() <= {line.id for line in lines if line.product_id == PEPPER}


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 50_000_000), GRADED)
def test_the_price_shown_is_the_true_one_to_half_a_rupiah(
    shared: int, weighed: list[tuple[int, int]]
):
    graded = sum(grams * weight for grams, weight in weighed)
    for _, weight in weighed:
        true = Fraction(shared * 1_000 * weight, graded)
        assert abs(price.price(shared, graded, weight) - true) <= Fraction(1, 2)
