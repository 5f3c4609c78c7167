"""Money is formatted, rounded and split in one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.money import portion, rupiah, split


def test_rupiah_is_written_as_people_here_write_it():
    assert rupiah(15000) == "Rp15.000"
    assert rupiah(0) == "Rp0"
    assert rupiah(-900) == "−Rp900"


def test_portion_rounds_halves_up():
    assert portion(50, 300) == 2
    assert portion(49, 300) == 1


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_parts_add_up_to_the_whole(amount: int, weights: list[int]):
    if not any(weights):
        with pytest.raises(ValueError, match="weights"):
            split(amount, weights)
        return
    parts = split(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) <= 1
