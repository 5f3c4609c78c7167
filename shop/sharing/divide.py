"""Who gets how much of a sale: pure arithmetic, to the last rupiah."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shop.core.money import portion, split

Weights = Mapping[uuid.UUID, int]
"""How much each member counts; by members in a fixed order, which settles equal remainders."""


@dataclass(frozen=True)
class Pot:
    """Something of a sale that is shared by itself: what it is worth beside the others, and by
    whom it was made.
    """

    value: int
    weights: Weights


@dataclass(frozen=True)
class Division:
    """`fund` rupiah to the group's fund, and to each member her part. Together they are `net`."""

    net: int
    fund: int
    parts: Weights


def divide(net: int, reserve_basis_points: int, pots: Sequence[Pot]) -> Division:
    """Share `net` rupiah: first the fund's part, then each pot by its weights.

    Pots without anybody in them go to the fund. Largest remainder throughout (`money.split`).
    """
    fund = portion(net, reserve_basis_points)
    rest = net - fund
    values = [max(pot.value, 0) for pot in pots]
    sums = split(rest, values if any(values) else [1] * len(pots)) if pots else []
    parts: dict[uuid.UUID, int] = {}
    for pot, amount in zip(pots, sums, strict=True):
        if not any(pot.weights.values()):
            continue
        got = split(amount, list(pot.weights.values()))
        for member_id, share in zip(pot.weights, got, strict=True):
            parts[member_id] = parts.get(member_id, 0) + share
    return Division(net, net - sum(parts.values()), parts)
