"""A long journal stays as quick as a short one; `make many-postings` measures it in full."""

from __future__ import annotations

import pytest

from tests.ops import measure_many_postings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_statements_and_balances_do_not_grow_with_the_journal(kind: str):
    found = measure_many_postings.measure(kind, 800, 16_000, times=40)
    assert found.reads_of_a_balance == 1
    # Machines of tests are noisy; twenty times the postings would show in any case.
    assert all(ratio < 6 for ratio in found.ratios.values()), found.ratios
    assert found.posted_a_second > 5
