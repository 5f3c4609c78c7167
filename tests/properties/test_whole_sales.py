"""A sale from cart to purse, in pure numbers: every part of it, against a model in fractions.

Each case is a cart with fees, promotions, refunds and shares; a case is drawn from one number, so
that thousands of them cost little. A fault that is found is to be kept as an example below.
"""

from __future__ import annotations

import math
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shop.core.money import split
from shop.ledger.fees import EVERYBODY, FeesNow, For, Kept
from shop.orders.models import OrderLine
from shop.orders.models_promotion import Target
from shop.orders.promotion_sums import Priced, Running, discounts
from shop.orders.worth import LineWorth, _line
from shop.sharing.divide import Pot, divide
from shop.sharing.share_surplus import work_out
from shop.sharing.states import Purpose
from tests.properties.test_sharing import by_largest_remainder

CASES, AT_ONCE = 10_000, 25
SELLERS = [uuid.UUID(int=n) for n in range(1, 4)]
MEMBERS = [uuid.UUID(int=n) for n in range(11, 18)]
CATEGORIES = ("kue", "ikan")
RATES = [0, 1, 250, 333, 733, 1_000, 4_999, 5_000]
counted = [0]


@dataclass
class Line:
    """A line as the model sees it: rupiah, and what of them went where."""

    seller: uuid.UUID
    category: str
    product: uuid.UUID
    price: int
    pieces: int
    points: int = 0
    flat: int = 0
    off: int = 0
    subsidy: int = 0
    back: int = 0
    borne: int = 0

    @property
    def gross(self) -> int:
        return self.price * self.pieces

    @property
    def paid(self) -> int:
        return self.gross - self.off

    def fee(self, stands: int) -> int:
        """A share, halves up, and a flat sum; never more than half, halves up."""
        whole = _half_up(Fraction(stands * self.points, 10_000)) + self.flat
        return min(whole, _half_up(Fraction(stands, 2)))


@dataclass
class Case:
    """One sale and what became of it, drawn from a number."""

    dice: random.Random
    lines: list[Line] = field(default_factory=list)
    rules: dict[For, Kept] = field(default_factory=dict)
    promotions: list[Running] = field(default_factory=list)
    fees: dict[uuid.UUID, int] = field(default_factory=dict)

    def draw(self) -> None:
        dice = self.dice
        sellers = dice.sample(SELLERS, dice.randint(1, 3))
        for number in range(dice.randint(1, 5)):
            price = dice.choice([1, 2, 9, 10, 11, 999, 15_003, dice.randint(1, 100_000_000)])
            self.lines.append(
                Line(
                    dice.choice(sellers), dice.choice(CATEGORIES), uuid.UUID(int=100 + number),
                    price, dice.randint(1, 9),
                )
            )  # fmt: skip
        for whom in (EVERYBODY, (dice.choice(SELLERS), None), (None, dice.choice(CATEGORIES))):
            if whom == EVERYBODY or dice.random() < 0.5:
                flat = dice.choice([0, 0, 1, 500, 100_000])
                self.rules[whom] = Kept(uuid.uuid4(), dice.choice(RATES), flat)
        for line in self.lines:
            kept = self._kept(line)
            line.points, line.flat = kept.basis_points, kept.flat
        self.fees = {one: dice.choice([0, 1, 7_777, 10_000]) for one in sellers}
        self.promotions = [self._promotion(n) for n in range(dice.randint(0, 3))]

    def _kept(self, line: Line) -> Kept:
        """Hers comes before her category's, that before everybody's."""
        for whom in ((line.seller, None), (None, line.category)):
            if whom in self.rules:
                return self.rules[whom]
        return self.rules[EVERYBODY]

    def _promotion(self, number: int) -> Running:
        dice, share = self.dice, self.dice.random() < 0.6
        scope = dice.choice([(None, None), (dice.choice(CATEGORIES), None), (None, SELLERS[0])])
        return Running(
            uuid.UUID(int=500 + number), f"P{number}", "", None,
            dice.choice([Target.GOODS, Target.GOODS, Target.DELIVERY]).value,
            dice.choice([1, 333, 1_000, 9_000]) if share else None,
            None if share else dice.choice([1, 5_000, 100_000_000]),
            scope[0], scope[1], None, dice.choice([0, 0, 20_000]),
            dice.choice([None, 1, 10_001]), dice.choice([None, 3, 50_000]),
            dice.choice([0, 1, 3_333, 5_000, 10_000]),
        )  # fmt: skip


def _half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def take_off(case: Case) -> dict[uuid.UUID, tuple[int, int]]:
    """Promotions: what goes off each line and delivery, held against what must be so of any."""
    priced = [Priced(x.seller, x.category, x.product, x.gross) for x in case.lines]
    found = discounts(case.promotions, priced, case.fees)
    total: dict[uuid.UUID, int] = defaultdict(int)
    borne: dict[uuid.UUID, int] = defaultdict(int)
    for line, taken in zip(case.lines, found.goods, strict=True):
        if taken:
            line.off, line.subsidy = taken.discount, taken.subsidy
            assert taken.promotion.is_for(Priced(line.seller, line.category, line.product, 0))
            assert 0 < line.off < line.gross
            total[taken.promotion.id] += taken.discount
            borne[taken.promotion.id] += taken.subsidy
    for seller, taken in found.delivery.items():
        assert 0 < taken.discount <= case.fees[seller]
        total[taken.promotion.id] += taken.discount
        borne[taken.promotion.id] += taken.subsidy
    for one in case.promotions:
        most = [limit for limit in (one.cap, one.left) if limit is not None]
        assert total[one.id] <= min(most, default=total[one.id])
        assert borne[one.id] == _half_up(Fraction(total[one.id] * one.subsidy_points, 10_000))
    assert found.total == sum(total.values())
    return {who: (one.discount, one.subsidy) for who, one in found.delivery.items()}


def sold(case: Case, line: Line) -> OrderLine:
    """The row of a line, with the fee that was agreed."""
    kept = FeesNow(case.rules).for_line(line.seller, line.category)
    assert (kept.basis_points, kept.flat) == (line.points, line.flat)
    fee = kept.of(line.paid)
    assert fee == line.fee(line.paid)
    return OrderLine(
        id=uuid.uuid4(), quantity=line.pieces, cancelled=0, refunded=0, unit_price=line.price,
        total=line.paid, lowered=0, given_back=0, borne=0, fee=fee, discount=line.off,
        subsidy=line.subsidy,
    )  # fmt: skip


def now(line: Line, row: OrderLine) -> LineWorth:
    """What a line is worth, which must be what the model says."""
    worth = _line(row, line.points, line.flat)
    stands = line.paid - line.borne
    assert (worth.left, worth.stands) == (line.paid - line.back, stands)
    assert worth.fee == min(line.fee(line.paid), line.fee(stands))
    assert worth.subsidy == math.floor(Fraction(line.subsidy * stands, line.paid))
    return worth


def give_back(case: Case, rows: list[OrderLine]) -> int:
    """Some rupiah of some lines go back, and whoever bears them is split among the lines."""
    dice = case.dice
    back = [dice.choice([0, 1, x.paid - x.back, dice.randint(0, x.paid - x.back)])
            if x.back < x.paid else 0 for x in case.lines]  # fmt: skip
    amount = sum(back)
    borne = dice.choice([0, amount, amount // 2, dice.randint(0, amount)])
    shares = split(borne, back) if amount else [0] * len(back)
    if amount:
        assert shares == by_largest_remainder(borne, back)
    for line, row, rupiah, share in zip(case.lines, rows, back, shares, strict=True):
        assert 0 <= share <= rupiah
        line.back, line.borne = line.back + rupiah, line.borne + share
        row.given_back, row.borne = row.given_back + rupiah, row.borne + share  # type: ignore[assignment]
    return amount - borne


def share_out(case: Case, net: int, stands: list[int]) -> None:
    """A group shares what a sale earned, by one of its rules; and the surplus of a year."""
    dice = case.dice
    members = MEMBERS[: dice.randint(1, len(MEMBERS))]
    reserve = dice.choice([0, 1_000, 3_333, 10_000])
    alike = dict.fromkeys(members, 1)
    pots = [
        Pot(value, {one: dice.randint(0, 5) for one in members} if dice.random() < 0.5 else alike)
        for value in stands
    ]
    done = divide(net, reserve, pots)
    assert done.fund + sum(done.parts.values()) == net
    values = stands if any(stands) else [1] * len(stands)
    fund = _half_up(Fraction(net * reserve, 10_000))
    wanted = dict.fromkeys(members, 0)
    for pot, part in zip(pots, by_largest_remainder(net - fund, values), strict=True):
        if any(pot.weights.values()):
            got = by_largest_remainder(part, list(pot.weights.values()))
            for one, share in zip(pot.weights, got, strict=True):
                wanted[one] += share
    assert {one: done.parts.get(one, 0) for one in members} == wanted
    percents = by_largest_remainder(100, [dice.randint(1, 9) for _ in range(4)])
    terms = dict(
        zip((Purpose.RESERVE, Purpose.USAGE, Purpose.CAPITAL, Purpose.BOARD), percents, strict=True)
    )
    used = {one: dice.randint(1, 10**7) for one in members}
    worked = work_out(terms, max(net, 0), used, used)
    assert sum(worked.purposes.values()) == max(net, 0)
    assert list(worked.purposes.values()) == by_largest_remainder(max(net, 0), percents)
    for purpose, parts in ((Purpose.USAGE, worked.by_usage), (Purpose.CAPITAL, worked.by_capital)):
        assert sum(parts.values()) == worked.purposes[purpose]


def live(number: int) -> None:
    """A sale, from cart to purse."""
    case = Case(random.Random(number))
    case.draw()
    off_delivery = take_off(case)
    rows = [sold(case, line) for line in case.lines]
    goodwill = sum(give_back(case, rows) for _ in range(case.dice.randint(0, 3)))
    worths = [now(line, row) for line, row in zip(case.lines, rows, strict=True)]
    came = sum(line.paid for line in case.lines)
    bringing = sum(case.fees.values()) - sum(off for off, _ in off_delivery.values())
    added = sum(one.subsidy for one in worths)
    hers = sum(one.stands - one.fee + one.subsidy for one in worths) + bringing
    ours = sum(one.fee for one in worths) - goodwill - added
    went_back = sum(line.back for line in case.lines)
    assert hers + ours == came + bringing - went_back  # nothing is made, nothing is lost
    assert all(0 <= one.fee <= one.stands for one in worths)
    share_out(case, hers - bringing, [one.stands for one in worths])
    counted[0] += 1


@settings(
    max_examples=CASES // AT_ONCE, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@example(first=0)
@given(first=st.integers(0, 2**40))
def many_lives(first: int) -> None:
    some_lives(range(first, first + AT_ONCE))


def some_lives(numbers: range) -> None:
    for number in numbers:
        live(number)


def test_ten_thousand_sales_lose_no_rupiah():
    counted[0] = 0
    many_lives()
    assert counted[0] >= CASES


def rounded_each(amount: int, weights: Sequence[int]) -> list[int]:
    """Planted: every part is rounded by itself."""
    return [round(amount * weight / sum(weights)) for weight in weights]


@pytest.mark.parametrize(
    ("where", "bug"),
    [
        ("shop.orders.promotion_sums.split", rounded_each),
        ("shop.sharing.divide.split", rounded_each),
        ("shop.ledger.fees.portion", lambda amount, points: amount * points // 10_000),
        ("shop.orders.worth.fee_of", lambda total, points, flat: total * points // 10_000 + flat),
    ],
)
def test_a_rupiah_that_is_lost_is_found(
    monkeypatch: pytest.MonkeyPatch, where: str, bug: Callable[..., object]
):
    monkeypatch.setattr(where, bug)
    with pytest.raises((AssertionError, ValueError)):
        some_lives(range(500))
