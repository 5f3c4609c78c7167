"""Money: whole rupiah, one place that formats, rounds and splits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NewType

Rupiah = NewType("Rupiah", int)
"""An amount in whole rupiah. There is no smaller unit in use in Indonesia."""

MAX_PRICE = Rupiah(100_000_000)
"""The dearest thing the shop lists, in rupiah: above it a typing slip is more likely."""


def rupiah(amount: int) -> str:
    """`15000` as `Rp15.000`, `-900` as `−Rp900` (with the true minus sign)."""
    digits = f"{abs(amount):,}".replace(",", ".")
    return f"{'−' if amount < 0 else ''}Rp{digits}"


def portion(amount: int, basis_points: int) -> Rupiah:
    """`basis_points` ten-thousandths of `amount` rupiah, halves rounded up."""
    return Rupiah((amount * basis_points + 5_000) // 10_000)


def split(amount: int, weights: Sequence[int]) -> list[Rupiah]:
    """Share `amount` rupiah by `weights`, by largest remainder: the parts add up exactly.

    Raises `ValueError` where a weight is negative or all are zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be 0 or more, and not all 0")
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return [Rupiah(part) for part in parts]
