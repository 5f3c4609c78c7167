"""What promotions take off an order: pure arithmetic, to the last rupiah.

Each line has one promotion at the most, the one that takes most off it, and so has each delivery.
What a promotion takes off an order is spread over its lines by largest remainder.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shop.core.money import Rupiah, portion, split
from shop.orders.models_promotion import Target

HIGHEST = 9_000
"""The most that goes off goods, in ten-thousandths: something is left to pay of every line."""
_TOO_CHEAP = 10
"""Below so many rupiah that could not be kept: such a line has no promotion."""


class Running(NamedTuple):
    """A promotion that runs now, as `Promotion` says it; `left` rupiah of its budget, if any."""

    id: uuid.UUID
    name: str
    name_en: str
    word: str | None
    target: str
    basis_points: int | None
    amount: int | None
    category_slug: str | None
    seller_id: uuid.UUID | None
    product_id: uuid.UUID | None
    minimum: int
    cap: int | None
    left: int | None
    subsidy_points: int

    def is_for(self, line: Priced) -> bool:
        """Whether it is for this thing."""
        return (
            self.category_slug in (None, line.category_slug)
            and self.seller_id in (None, line.seller_id)
            and self.product_id in (None, line.product_id)
        )

    def off(self, amount: int) -> int:
        """What it takes off so many rupiah of goods, or of one delivery, in its own measure."""
        return portion(amount, self.basis_points) if self.basis_points else self.amount or 0

    def at_most(self, amount: int) -> int:
        """`amount` rupiah, or what an order can have of it."""
        return min(most for most in (amount, self.cap, self.left) if most is not None)


class Priced(NamedTuple):
    """A line of an order: what it is, and what it costs without a promotion, in rupiah."""

    seller_id: uuid.UUID
    category_slug: str
    product_id: uuid.UUID
    gross: int


@dataclass(frozen=True)
class Taken:
    """`discount` rupiah that a promotion takes off; the programme bears `subsidy` of them."""

    promotion: Running
    discount: Rupiah
    subsidy: Rupiah


@dataclass(frozen=True)
class Discounts:
    """What goes off an order: by line (in their order) and by the seller who delivers."""

    goods: tuple[Taken | None, ...]
    delivery: Mapping[uuid.UUID, Taken]

    @property
    def sums(self) -> list[tuple[Running, int]]:
        """Each promotion with all it takes off, in rupiah, by its name."""
        found: dict[uuid.UUID, tuple[Running, int]] = {}
        for one in (*self.goods, *self.delivery.values()):
            if one is not None:
                before = found.get(one.promotion.id, (one.promotion, 0))[1]
                found[one.promotion.id] = (one.promotion, before + one.discount)
        return sorted(found.values(), key=lambda one: (one[0].name, one[0].id))

    @property
    def total(self) -> int:
        """All of it in rupiah."""
        return sum(amount for _, amount in self.sums)

    @property
    def off_goods(self) -> int:
        """What of it goes off the goods, in rupiah."""
        return sum(one.discount for one in self.goods if one)


NOTHING = Discounts((), {})


def discounts(
    running: Sequence[Running], lines: Sequence[Priced], fees: Mapping[uuid.UUID, int]
) -> Discounts:
    """What these promotions take off these lines, and off the delivery `fees` in rupiah by seller.

    Whoever comes first in `running` goes before what takes off as much.
    """
    counting = [one for one in running if applies(one, lines)]
    goods = [one for one in counting if one.target == Target.GOODS]
    bringing = [one for one in counting if one.target == Target.DELIVERY]
    return Discounts(_off_goods(goods, lines), _off_delivery(bringing, lines, fees))


def applies(one: Running, lines: Sequence[Priced]) -> bool:
    """Whether an order of these lines has what this promotion asks for."""
    gross = [line.gross for line in lines if one.is_for(line)]
    return bool(gross) and sum(gross) >= one.minimum


def _off_goods(running: Sequence[Running], lines: Sequence[Priced]) -> tuple[Taken | None, ...]:
    alone = [_spread(one, [_counts(one, line) for line in lines]) for one in running]
    best: list[int | None] = []
    for place in range(len(lines)):
        found = max(range(len(running)), key=lambda i: (alone[i][place], -i), default=None)
        best.append(found if found is not None and alone[found][place] else None)
    taken: list[Taken | None] = [None] * len(lines)
    for number, one in enumerate(running):
        own = [
            _counts(one, line) if best[place] == number else 0 for place, line in enumerate(lines)
        ]
        _take(one, _spread(one, own), taken)
    return tuple(taken)


def _counts(one: Running, line: Priced) -> int:
    return line.gross if one.is_for(line) and line.gross >= _TOO_CHEAP else 0


def _spread(one: Running, gross: Sequence[int]) -> list[int]:
    """What goes off each line if those with something are the ones it is for."""
    whole = sum(gross)
    amount = min(one.at_most(one.off(whole)), whole * HIGHEST // 10_000)
    return [int(part) for part in split(amount, gross)] if amount > 0 else [0] * len(gross)


def _off_delivery(
    running: Sequence[Running], lines: Sequence[Priced], fees: Mapping[uuid.UUID, int]
) -> dict[uuid.UUID, Taken]:
    sellers = [seller_id for seller_id, fee in fees.items() if fee > 0]
    wanted: dict[uuid.UUID, tuple[int, int]] = {}
    for seller_id in sellers:
        own = [line for line in lines if line.seller_id == seller_id]
        for number, one in enumerate(running):
            amount = one.at_most(min(one.off(fees[seller_id]), fees[seller_id]))
            if any(one.is_for(line) for line in own) and amount > wanted.get(seller_id, (0, 0))[0]:
                wanted[seller_id] = (amount, number)
    found: dict[uuid.UUID, Taken] = {}
    for number, one in enumerate(running):
        own_sellers = [who for who, (_, which) in wanted.items() if which == number]
        asked = [wanted[who][0] for who in own_sellers]
        if not asked:
            continue
        taken: list[Taken | None] = [None] * len(asked)
        _take(one, [int(part) for part in split(one.at_most(sum(asked)), asked)], taken)
        found |= {who: got for who, got in zip(own_sellers, taken, strict=True) if got}
    return found


def _take(one: Running, off: Sequence[int], taken: list[Taken | None]) -> None:
    """Write down what it takes off each, and what of that the programme bears."""
    if not any(off):
        return
    subsidy = portion(sum(off), one.subsidy_points)
    for place, (discount, borne) in enumerate(zip(off, split(subsidy, off), strict=True)):
        if discount:
            taken[place] = Taken(one, Rupiah(discount), borne)
