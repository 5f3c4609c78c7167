"""How a lot's money is worked out: pure arithmetic, to the last rupiah."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from shop.core.money import portion, split

A_KILOGRAM = 1_000


class Weighed(Protocol):
    """Whatever was delivered: grams, how much its grade counts, rupiah for a kilogram."""

    @property
    def grams(self) -> int: ...
    @property
    def weight(self) -> int: ...
    @property
    def provisional(self) -> int: ...
    @property
    def farm_gate(self) -> int | None: ...


@dataclass(frozen=True)
class Pot:
    """A lot's money in rupiah: `coop_fee` to the fund, `shared` to the members, or `lost`."""

    coop_fee: int
    shared: int
    lost: int


@dataclass(frozen=True)
class Gained:
    """By how many rupiah a kilogram brought more (or less) than at the farm gate.

    `grams` of `notes` have a price noted, of `all_notes`.
    """

    per_kg: int
    grams: int
    notes: int
    all_notes: int


def worth(grams: int, per_kg: int) -> int:
    """What so many grams are worth at a price for a kilogram, halves rounded up."""
    return (grams * per_kg + A_KILOGRAM // 2) // A_KILOGRAM


def fill(receipts: int, costs: int, fee_basis_points: int) -> Pot:
    """Split what came in, after the programme's fees: costs first, then the cooperative's fee of
    `receipts`, never more than is left; a loss is the fund's.
    """
    left = receipts - costs
    fee = min(portion(max(receipts, 0), fee_basis_points), max(left, 0))
    return Pot(fee, max(left - fee, 0), max(-left, 0))


def share(shared: int, graded: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, int]:
    """Give each her part by graded weight, by largest remainder. Raises `ValueError` for nobody."""
    return dict(zip(graded, split(shared, list(graded.values())), strict=True))


def price(shared: int, graded: int, weight: int) -> int:
    """What a kilogram of this weight brought, in rupiah, halves rounded up; to be shown only."""
    return (2 * shared * A_KILOGRAM * weight + graded) // (2 * graded) if graded else 0


def gained(shared: int, graded: int, notes: Iterable[Weighed]) -> Gained | None:
    """Settled against farm gate, over the notes whose farm-gate price is known; None without."""
    every = list(notes)
    known = [(one, one.farm_gate) for one in every if one.farm_gate is not None]
    grams = sum(one.grams for one, _ in known)
    if not grams or not graded:
        return None
    # In units of rupiah × graded, so that nothing is rounded before the end.
    got = shared * sum(one.grams * one.weight for one, _ in known) * A_KILOGRAM
    gate = sum(one.grams * farm_gate for one, farm_gate in known) * graded
    whole = graded * grams
    return Gained((2 * (got - gate) + whole) // (2 * whole), grams, len(known), len(every))
