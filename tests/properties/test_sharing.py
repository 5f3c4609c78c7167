"""Whatever a group decides, sells, refunds and hands out: nobody's total differs by a rupiah."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.check import check_books
from shop.ledger.fees import set_rule
from shop.orders.complete import complete
from shop.orders.give_back import give_back
from shop.sellers.models import SellerMember, ShareBasis
from shop.sharing.check import check_sharing
from shop.sharing.decide import NewRule, SameDay, SoldSince, decide
from shop.sharing.divide import Pot, divide
from shop.sharing.give_advance import Beforehand, give_advance
from shop.sharing.keep_fund import Moved, keep_fund
from shop.sharing.pay_member import Handed, MoreThanHad, MoreThanOwed, pay_member
from shop.sharing.purse import NotEnough, advanced, owed, purse
from shop.sharing.record_makers import record_makers
from shop.sharing.states import AdvanceKind, FundKind
from tests.factories.orders import handed_over_part
from tests.factories.sharing import join, make_group, thing_of
from tests.properties.test_stock import refused_if

PRICES = (10_007, 3_331)
FEE = 333
BASES = st.sampled_from([ShareBasis.EQUAL, ShareBasis.WEIGHT, ShareBasis.MADE])
SUM = st.integers(1, 40_000)


def by_largest_remainder(amount: int, weights: list[int]) -> list[int]:
    """A second opinion, in fractions."""
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [math.floor(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def rounded(amount: int, basis_points: int) -> int:
    return math.floor(Fraction(amount * basis_points, 10_000) + Fraction(1, 2))


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None)
@given(
    net=st.integers(-10_000_000, 100_000_000),
    reserve=st.integers(0, 10_000),
    pots=st.lists(
        st.tuples(st.integers(0, 1_000_000), st.lists(st.integers(0, 1_000), max_size=20)),
        min_size=1, max_size=5,
    ),
)  # fmt: skip
def test_a_division_loses_nothing_whatever_is_divided(
    net: int, reserve: int, pots: list[tuple[int, list[int]]]
):
    people = [uuid.UUID(int=n) for n in range(20)]
    made = [Pot(value, dict(zip(people, weights, strict=False))) for value, weights in pots]
    done = divide(net, reserve, made)
    assert done.fund + sum(done.parts.values()) == net
    if all(any(weights) for _, weights in pots):
        assert done.fund == rounded(net, reserve)
        values = [value for value, _ in pots]
        sums = by_largest_remainder(net - done.fund, values if any(values) else [1] * len(values))
        wanted = dict.fromkeys(people, 0)
        for amount, (_, weights) in zip(sums, pots, strict=True):
            for one, part in zip(people, by_largest_remainder(amount, weights), strict=False):
                wanted[one] += part
        assert {one: done.parts.get(one, 0) for one in people} == wanted


@dataclass
class Person:
    """What the model knows of a member."""

    id: uuid.UUID
    joined: date
    left: date | None = None
    owed: int = 0
    advance: int = 0

    def there(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or self.left >= day)


@dataclass
class Agreed:
    """A rule."""

    begins: date
    basis: ShareBasis
    reserve: int
    weights: dict[uuid.UUID, int]


@dataclass
class Sold:
    """A sale, and what each got of it."""

    part: uuid.UUID
    rule: Agreed
    people: list[Person]
    lines: list[uuid.UUID]
    bought: list[int]
    makers: list[dict[uuid.UUID, int]]
    back: list[int] = field(default_factory=lambda: [0, 0])
    net: int = 0
    fund: int = 0
    parts: list[int] = field(default_factory=list)


class Sharing(RuleBasedStateMachine):
    """One group, and a plain model of it."""

    session: Session

    @initialize()
    def begin(self) -> None:
        set_rule(self.session, FEE, None)
        self.now = clock.now()  # after the fee began
        seller, members = make_group(self.session)
        self.seller = seller
        self.things = [thing_of(self.session, seller, price, 10_000) for price in PRICES]
        self.people = [Person(member.id, member.joined_on) for member in members]
        self.rules: list[Agreed] = []
        self.sales: list[Sold] = []
        self.last_sold: date | None = None
        self.pool = self.fund = 0

    @property
    def today(self) -> date:
        return clock.local_day(self.now)

    def present(self) -> list[Person]:
        return [one for one in self.people if one.there(self.today)]

    @rule()
    def a_day_passes(self) -> None:
        self.now += timedelta(days=1)

    @rule()
    def somebody_joins(self) -> None:
        if len(self.people) < 6:
            member = join(self.session, self.seller, "Baru", joined_on=self.today)
            self.people.append(Person(member.id, self.today))

    @rule(which=st.integers(0, 9))
    def somebody_leaves(self, which: int) -> None:
        staying = [one for one in self.people if one.left is None]
        if len(staying) > 1:
            one = staying[which % len(staying)]
            self.session.get_one(SellerMember, one.id).left_on = one.left = self.today

    @rule(
        basis=BASES, reserve=st.integers(0, 10_000), ahead=st.integers(-1, 2),
        weights=st.lists(st.integers(0, 9), min_size=6, max_size=6),
    )  # fmt: skip
    def they_decide(self, basis: ShareBasis, reserve: int, ahead: int, weights: list[int]) -> None:
        begins, there = self.today + timedelta(days=ahead), self.present()
        counted = {one.id: w for one, w in zip(there, weights, strict=False)}
        if not there or not any(counted.values()):
            return
        wanted = NewRule(begins, self.today, basis, reserve, [there[0].id], counted)
        twice = any(one.begins == begins for one in self.rules)
        late = self.last_sold is not None and begins <= self.last_sold
        with (
            clock.at(self.now),
            refused_if(twice, SameDay),
            refused_if(late and not twice, SoldSince),
        ):
            decide(self.session, self.seller.id, wanted, person_id=None)
            self.rules.append(Agreed(begins, basis, reserve, counted))

    @rule(
        first=st.integers(0, 3), second=st.integers(0, 3), says=st.booleans(),
        who=st.integers(0, 9),
    )  # fmt: skip
    def they_sell(self, first: int, second: int, says: bool, who: int) -> None:
        bought = [first, second]
        held = [one for one in self.rules if one.begins <= self.today]
        if not any(bought) or not held:
            return
        people = sorted(self.present(), key=lambda one: (one.joined, one.id))
        wanted = [(t, n) for t, n in zip(self.things, bought, strict=True) if n]
        with clock.at(self.now):
            part = handed_over_part(self.session, *wanted)
            by_thing = {line.variant_id: line.id for line in part.lines}
            lines = [by_thing.get(thing.id, uuid.UUID(int=0)) for thing in self.things]
            makers: list[dict[uuid.UUID, int]] = [{}, {}]
            if says and people:
                makers = [_made(people, n, who) for n in bought]
                made = {line: by for line, by in zip(lines, makers, strict=True) if by}
                record_makers(self.session, self.seller.id, part.id, made, person_id=None)
            complete(self.session, part.id, actor="buyer")
        agreed = max(held, key=lambda one: one.begins)
        sale = Sold(part.id, agreed, people, lines, bought, makers)
        self.sales.append(sale)
        self.last_sold = self.today
        self.share(sale)

    def share(self, sale: Sold) -> None:
        """What should be theirs now, by a way of its own."""
        before = (sale.net, sale.fund, sale.parts or [0] * len(sale.people))
        fees, stands = [], []
        for price, n, back in zip(PRICES, sale.bought, sale.back, strict=True):
            stands.append(price * (n - back))
            fees.append(rounded(price * (n - back), FEE))
        sale.net = sum(stands) - sum(fees)
        sale.fund = rounded(sale.net, sale.rule.reserve)
        sale.parts = self.split(sale, stands, sale.net - sale.fund)
        if not sale.people:
            sale.fund = sale.net
        self.pool += sale.net - before[0]
        self.fund += sale.fund - before[1]
        for one, now, then in zip(sale.people, sale.parts, before[2], strict=True):
            one.owed += now - then

    def split(self, sale: Sold, stands: list[int], rest: int) -> list[int]:
        alike = [1] * len(sale.people)
        if not alike:
            return []
        if sale.rule.basis is ShareBasis.WEIGHT:
            weights = [sale.rule.weights.get(one.id, 0) for one in sale.people]
            return by_largest_remainder(rest, weights if any(weights) else alike)
        if sale.rule.basis is ShareBasis.EQUAL:
            return by_largest_remainder(rest, alike)
        values, pots = [], []
        for price, n, stand, by in zip(PRICES, sale.bought, stands, sale.makers, strict=True):
            if n:
                fee = rounded(price * n, FEE)
                values.append(stand - fee * stand // (price * n))
                pots.append([by.get(one.id, 0) for one in sale.people] if by else alike)
        sums = by_largest_remainder(rest, values if any(values) else [1] * len(values))
        parts = [by_largest_remainder(a, w) for a, w in zip(sums, pots, strict=True)]
        return [sum(part) for part in zip(*parts, strict=True)]

    @rule(which=st.integers(0, 99), line=st.integers(0, 1))
    def some_goes_back(self, which: int, line: int) -> None:
        if not self.sales:
            return
        sale = self.sales[which % len(self.sales)]
        if sale.bought[line] - sale.back[line] < 1:
            return
        price = PRICES[line]
        with clock.at(self.now):
            give_back(
                self.session, sale.part, lines={sale.lines[line]: (1, price)}, delivery=0,
                seller_share=price, reason="Rusak", person_id=None, key=ids.new_token(),
            )  # fmt: skip
        sale.back[line] += 1
        self.share(sale)

    @rule(which=st.integers(0, 9), amount=SUM, kind=st.sampled_from(AdvanceKind))
    def beforehand(self, which: int, amount: int, kind: AdvanceKind) -> None:
        staying = [one for one in self.people if one.left is None]
        one = staying[which % len(staying)]
        back, stock = kind is AdvanceKind.REPAID, kind is AdvanceKind.STOCK
        short = amount > (one.advance if back else amount if stock else max(self.pool, 0))
        key, wanted = ids.new_token(), Beforehand(kind, amount, "Tepung", self.today)
        with refused_if(short, NotEnough):
            for _ in range(2):
                give_advance(self.session, self.seller.id, one.id, wanted, key=key, person_id=None)
            change = -amount if back else amount
            one.advance += change
            if stock:
                self.fund += change
            else:
                self.pool -= change

    @rule(which=st.integers(0, 9), paid=st.integers(0, 40_000), deducted=st.integers(0, 9_000))
    def she_is_paid(self, which: int, paid: int, deducted: int) -> None:
        one = self.people[which % len(self.people)]
        if not paid + deducted:
            return
        had, hers = deducted > max(one.advance, 0), paid + deducted > max(one.owed, 0)
        fault = MoreThanHad if had else MoreThanOwed if hers else NotEnough
        key, handed = ids.new_token(), Handed(paid, deducted, self.today)
        with refused_if(had or hers or paid > max(self.pool, 0), fault):
            for _ in range(2):
                pay_member(self.session, self.seller.id, one.id, handed, key=key, person_id=None)
            one.owed -= paid + deducted
            one.advance -= deducted
            self.pool -= paid

    @rule(amount=SUM, kind=st.sampled_from(FundKind))
    def the_fund_moves(self, amount: int, kind: FundKind) -> None:
        spends = kind is FundKind.SPENT
        key, moved = ids.new_token(), Moved(kind, amount, "Kas", self.today)
        with refused_if(spends and amount > max(0, min(self.fund, self.pool)), NotEnough):
            for _ in range(2):
                keep_fund(self.session, self.seller.id, moved, key=key, person_id=None)
            change = -amount if spends else amount
            self.fund += change
            self.pool += change

    @invariant()
    def everybody_has_just_what_is_hers(self) -> None:
        if not hasattr(self, "people"):
            return
        there = purse(self.session, self.seller.id)
        assert (there.pool, there.fund) == (self.pool, self.fund)
        for one in self.people:
            assert owed(self.session, self.seller.id, one.id) == one.owed
            assert advanced(self.session, self.seller.id, one.id) == one.advance
        assert self.pool == self.fund + sum(one.owed - one.advance for one in self.people)

    def teardown(self) -> None:
        found = [*check_sharing(self.session), *check_books(self.session)]
        assert [one.line for one in found if one.faults] == []
        self.session.rollback()


def _made(people: list[Person], pieces: int, who: int) -> dict[uuid.UUID, int]:
    """All pieces, over two of them."""
    one, other = people[who % len(people)].id, people[(who + 1) % len(people)].id
    made = {one: pieces // 2}
    made[other] = made.get(other, 0) + pieces - pieces // 2
    return {member_id: n for member_id, n in made.items() if n}


@pytest.mark.both
@pytest.mark.slow
def test_a_group_follows_its_model_whatever_happens(session: Session, database: str):
    class OnThisDatabase(Sharing):
        pass

    OnThisDatabase.session = session
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=50 if database == "sqlite" else 15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
