"""How the demo's groups share: what they decided, who made what, who got what."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from shop.core import clock
from shop.core.money import portion
from shop.demo.cast import Seller
from shop.demo.memory import Memory
from shop.ledger import sales
from shop.sellers.models import SellerMember, ShareBasis
from shop.sharing.answer_payment import confirm
from shop.sharing.decide import NewRule, decide, first_day
from shop.sharing.give_advance import Beforehand, give_advance
from shop.sharing.keep_fund import Moved, keep_fund
from shop.sharing.members import members_on
from shop.sharing.pay_member import Handed, pay_member
from shop.sharing.purse import advanced, owed, purse
from shop.sharing.record_makers import record_makers
from shop.sharing.share_surplus import NothingEarned, Wanted, share_surplus
from shop.sharing.states import AdvanceKind, FundKind, Purpose

_BASES = {"equal": ShareBasis.EQUAL, "sales": ShareBasis.MADE, "work": ShareBasis.WEIGHT}
_SURPLUS = {
    Purpose.RESERVE: 40, Purpose.USAGE: 28, Purpose.CAPITAL: 12, Purpose.BOARD: 5,
    Purpose.STAFF: 5, Purpose.EDUCATION: 5, Purpose.SOCIAL: 5,
}  # fmt: skip
"""Members 40, of which 70 by usage and 30 by savings: a common split."""
_ADVANCES = (
    (AdvanceKind.MONEY, 50_000, "Keperluan sekolah anak"),
    (AdvanceKind.INPUTS, 75_000, "Tepung dan minyak"),
    (AdvanceKind.INPUTS, 40_000, "Bibit dan pupuk"),
)
_SPENDING = ("Plastik kemasan dan label", "Gas dan perbaikan kompor", "Transport ke pasar")
_PAYDAY = 28
_ADVANCE_DAY = 12
_MEETING_MONTH = 1


class Groups:
    """Lives through what groups do beside selling, whenever a day has begun."""

    def __init__(self, stage: Memory) -> None:
        self.stage = stage
        self.sharing: dict[str, tuple[Seller, ShareBasis]] = {}
        self.size: dict[str, int] = {}
        self.day: date | None = None

    def welcome(self, seller: Seller) -> None:
        """A group decides at its first meeting how it shares."""
        if seller.kind != "individual" and seller.share_basis:
            self.sharing[seller.slug] = (seller, _BASES[seller.share_basis])
            self._meet(seller.slug)

    def until_now(self) -> None:
        """What the days since the last call brought."""
        today = clock.today()
        days = [today] if self.day is None else list(_days(self.day, today))
        self.day = today
        for day in days:
            for slug in self.sharing:
                self._a_day(slug, day)

    def ready(self, slug: str, part_id: uuid.UUID) -> None:
        """Before a part leaves the house it is written down who made it."""
        if slug not in self.sharing or self.sharing[slug][1] is not ShareBasis.MADE:
            return
        sale = sales.sales(self.stage.session, [part_id])[part_id]
        members = members_on(self.stage.session, sale.seller_id, sale.sold_on)
        if not members:
            return
        made = {}
        for number, line in enumerate(sale.lines):
            one, other = (members[(line.pieces + number + n) % len(members)].id for n in (0, 1))
            by = {one: line.pieces - line.pieces // 3}
            by[other] = by.get(other, 0) + line.pieces // 3
            made[line.id] = {member_id: pieces for member_id, pieces in by.items() if pieces}
        keeper = self.stage.keeper(slug)
        record_makers(self.stage.session, sale.seller_id, part_id, made, person_id=keeper)

    def _a_day(self, slug: str, day: date) -> None:
        seller, basis = self.sharing[slug]
        if basis is ShareBasis.WEIGHT and len(self._members(slug)) != self.size[slug]:
            self._meet(slug)
        if day.day == _ADVANCE_DAY:
            self._advance(slug, day)
        if day.day == _PAYDAY:
            self._pay(slug, day)
            self._spend(slug, day)
        if seller.kind == "cooperative" and (day.month, day.day) == (_MEETING_MONTH, 20):
            self._share_surplus(slug, day)

    def _meet(self, slug: str) -> None:
        """They sit together, all of them, and decide for the days to come."""
        seller, basis = self.sharing[slug]
        session, seller_id = self.stage.session, self.stage.sellers[slug]
        members, today = self._members(slug), clock.today()
        self.size[slug] = len(members)
        first = first_day(session, seller_id)
        decide(
            session,
            seller_id,
            NewRule(
                valid_from=max(first, today) if first else today,
                decided_on=today,
                basis=basis,
                reserve_basis_points=seller.reserve_basis_points,
                deciders=[member.id for member in members],
                weights={one.id: 3 if n < 2 else 2 for n, one in enumerate(members)},
                surplus=_SURPLUS if seller.kind == "cooperative" else {},
            ),
            person_id=self.stage.keeper(slug),
        )

    def _advance(self, slug: str, day: date) -> None:
        session, seller_id = self.stage.session, self.stage.sellers[slug]
        members = self._members(slug)
        one = members[day.month % len(members)]
        kind, amount, reason = _ADVANCES[day.month % len(_ADVANCES)]
        if purse(session, seller_id).pool < 2 * amount or owed(session, seller_id, one.id) < amount:
            return
        give_advance(
            session, seller_id, one.id, Beforehand(kind, amount, reason, clock.today()),
            key=f"demo-{day}", person_id=self.stage.keeper(slug),
        )  # fmt: skip

    def _pay(self, slug: str, day: date) -> None:
        """Everybody gets hers in thousands; who can not sign in has a witness of it."""
        session, seller_id = self.stage.session, self.stage.sellers[slug]
        treasurer, witness = self._hands(slug)
        for one in self._members(slug):
            hers = max(0, owed(session, seller_id, one.id))
            off = max(0, min(hers, advanced(session, seller_id, one.id)))
            paid = min((hers - off) // 1_000 * 1_000, max(0, purse(session, seller_id).pool))
            if not paid:
                continue
            payment = pay_member(
                session, seller_id, one.id, Handed(paid, off, clock.today(), "Tunai"),
                key=f"demo-{day}-{one.id.hex[-12:]}", person_id=treasurer,
            )  # fmt: skip
            if one.person_id is not None or day + timedelta(days=40) < self.stage.plan.today:
                confirm(session, payment, one.person_id or witness)

    def _spend(self, slug: str, day: date) -> None:
        session, seller_id = self.stage.session, self.stage.sellers[slug]
        there = purse(session, seller_id)
        amount = portion(min(there.fund, max(0, there.pool)), 2_000) // 1_000 * 1_000
        if amount:
            reason = _SPENDING[day.month % len(_SPENDING)]
            keep_fund(
                session, seller_id, Moved(FundKind.SPENT, amount, reason, clock.today()),
                key=f"demo-{day}", person_id=self._hands(slug)[0],
            )  # fmt: skip

    def _share_surplus(self, slug: str, day: date) -> None:
        session, seller_id = self.stage.session, self.stage.sellers[slug]
        amount = purse(session, seller_id).fund // 2
        savings = {one.id: 250_000 for one in self._members(slug)}
        last = day.replace(month=1, day=1) - timedelta(days=1)
        if not amount:
            return
        try:
            share_surplus(
                session, seller_id, Wanted(last.replace(month=1, day=1), last, amount, savings),
                key=f"demo-{day}", person_id=self._hands(slug)[0],
            )  # fmt: skip
        except NothingEarned:  # a young cooperative
            return

    def _members(self, slug: str) -> list[SellerMember]:
        return list(members_on(self.stage.session, self.stage.sellers[slug], clock.today()))

    def _hands(self, slug: str) -> tuple[uuid.UUID, uuid.UUID]:
        """Who hands money out, and who sees it."""
        keeper = self.stage.keeper(slug)
        people = [one.person_id for one in self._members(slug) if one.role == "treasurer"]
        return (people[0] if people and people[0] else keeper), keeper


def _days(after: date, until: date) -> Iterator[date]:
    for number in range(after.toordinal() + 1, until.toordinal() + 1):
        yield date.fromordinal(number)
