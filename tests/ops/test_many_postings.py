"""A long journal stays as quick as a short one; `make many-postings` measures it in full."""

from __future__ import annotations

import pytest

from tests.ops import measure_many_postings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_statements_and_balances_do_not_grow_with_the_journal(kind: str):
    found = measure_many_postings.measure(kind, 5_000, 25_000, times=15)
    assert found.reads_of_a_balance == 1
    # A page is full with either. Medians: machines of tests are noisy; five times would show.
    assert all(ratio < 3 for ratio in found.medians.values()), found.medians
    assert found.posted_a_second > 5
