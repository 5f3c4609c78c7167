"""A cooperative's surplus of a year (SHU), shared by the terms its members decided.

To members by what each earned through it, and by her savings: (Va/VUK)·JUA + (Sa/TMS)·JMA
(UU 25/1992 art. 45). What goes to other purposes stays in the fund, set apart by its name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.core.money import Rupiah, split
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.sellers.models import SellerMember, ShareRule
from shop.sharing.members import members_on
from shop.sharing.models import SharedPart, SharedSale, SurplusTerm
from shop.sharing.models_surplus import Surplus, SurplusPurpose, SurplusShare
from shop.sharing.purse import NotEnough, purse, take_turn
from shop.sharing.states import Purpose


class NoTerms(Exception):
    """No rule says how a surplus is shared."""


class NothingEarned(Exception):
    """In these days no member earned anything through the group."""


class SharedBefore(Exception):
    """The surplus of some of these days is shared already."""


class NoSavings(Exception):
    """A part goes by savings, and nobody has any."""


@dataclass(frozen=True)
class Wanted:
    """A surplus of some days, and each member's savings, in rupiah."""

    first: date
    last: date
    amount: int
    savings: Mapping[uuid.UUID, int]


@dataclass(frozen=True)
class Worked:
    """How a surplus is shared: what each purpose gets, and each member by usage and by capital."""

    purposes: Mapping[Purpose, int]
    used: Mapping[uuid.UUID, int]
    by_usage: Mapping[uuid.UUID, int]
    by_capital: Mapping[uuid.UUID, int]

    @property
    def to_members(self) -> int:
        """What leaves the fund, in rupiah."""
        return sum(self.by_usage.values()) + sum(self.by_capital.values())


def terms_now(session: Session, seller_id: uuid.UUID) -> tuple[ShareRule, dict[Purpose, int]]:
    """The newest rule in force that speaks of the surplus, and its hundredths. Raises `NoTerms`."""
    rule = session.scalars(
        select(ShareRule)
        .where(
            ShareRule.seller_id == seller_id,
            ShareRule.valid_from <= clock.today(),
            select(SurplusTerm.rule_id).where(SurplusTerm.rule_id == ShareRule.id).exists(),
        )
        .order_by(ShareRule.valid_from.desc())
        .limit(1)
    ).first()
    if rule is None:
        raise NoTerms
    rows = session.scalars(select(SurplusTerm).where(SurplusTerm.rule_id == rule.id)).all()
    return rule, {Purpose(row.purpose): row.percent for row in rows}


def work_out(
    terms: Mapping[Purpose, int],
    amount: int,
    used: Mapping[uuid.UUID, int],
    savings: Mapping[uuid.UUID, int],
) -> Worked:
    """Share `amount` rupiah by the terms; every part in whole rupiah, all together the whole.

    Raises `NothingEarned`, `NoSavings`.
    """
    got = dict(zip(terms, split(amount, list(terms.values())), strict=True))
    usage, capital = got.get(Purpose.USAGE, 0), got.get(Purpose.CAPITAL, 0)
    if usage and not any(used.values()):
        raise NothingEarned
    if capital and not any(savings.values()):
        raise NoSavings
    return Worked(
        got,
        used,
        _spread(usage, used),
        _spread(capital, savings),
    )


def share_surplus(
    session: Session,
    seller_id: uuid.UUID,
    wanted: Wanted,
    *,
    key: str,
    person_id: uuid.UUID | None,
) -> Surplus:
    """Move the members' part of a surplus from the fund to them, once for each `key`.

    Raises `NoTerms`, `SharedBefore`, `NothingEarned`, `NoSavings`, `NotEnough` where the fund has
    less.
    """
    known = f"{seller_id.hex}:{take_turn(session, key)}"
    standing = session.scalars(select(Surplus).where(Surplus.key == known)).first()
    if standing is not None:
        return standing
    rule, terms = terms_now(session, seller_id)
    _check_days(session, seller_id, wanted)
    fund = max(0, purse(session, seller_id).fund)
    if wanted.amount > fund:
        raise NotEnough(fund)
    members = members_on(session, seller_id, clock.today())
    used = usage(session, seller_id, members, wanted.first, wanted.last)
    savings = {member.id: wanted.savings.get(member.id, 0) for member in members}
    done = work_out(terms, wanted.amount, used, savings)
    row = Surplus(
        id=ids.new_id(), key=known, seller_id=seller_id, rule_id=rule.id, first=wanted.first,
        last=wanted.last, amount=Rupiah(wanted.amount), person_id=person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        SurplusPurpose(surplus_id=row.id, purpose=purpose.value, amount=Rupiah(amount))
        for purpose, amount in done.purposes.items()
    )
    session.add_all(
        SurplusShare(
            surplus_id=row.id, member_id=member.id, position=position,
            used=Rupiah(used[member.id]), savings=Rupiah(savings[member.id]),
            by_usage=Rupiah(done.by_usage.get(member.id, 0)),
            by_capital=Rupiah(done.by_capital.get(member.id, 0)),
        )
        for position, member in enumerate(members)
    )  # fmt: skip
    _book(session, row, done, person_id)
    return row


def usage(
    session: Session,
    seller_id: uuid.UUID,
    members: Sequence[SellerMember],
    first: date,
    last: date,
) -> dict[uuid.UUID, int]:
    """What each of these members earned by sales of these days, in rupiah; never below nothing."""
    rows = session.execute(
        select(SharedPart.member_id, func.sum(SharedPart.amount))
        .join(SharedSale, SharedSale.id == SharedPart.shared_id)
        .where(SharedSale.seller_id == seller_id, SharedSale.sold_on.between(first, last))
        .group_by(SharedPart.member_id)
    )
    earned = {member_id: int(amount) for member_id, amount in rows}
    return {member.id: max(0, earned.get(member.id, 0)) for member in members}


def _check_days(session: Session, seller_id: uuid.UUID, wanted: Wanted) -> None:
    over = select(Surplus.id).where(
        Surplus.seller_id == seller_id, Surplus.first <= wanted.last, Surplus.last >= wanted.first
    )
    if session.scalar(over.limit(1)) is not None:
        raise SharedBefore


def _spread(amount: int, weights: Mapping[uuid.UUID, int]) -> dict[uuid.UUID, int]:
    if not amount:
        return {}
    return dict(zip(weights, split(amount, list(weights.values())), strict=True))


def _book(session: Session, row: Surplus, done: Worked, person_id: uuid.UUID | None) -> None:
    if done.to_members:
        legs = [Leg(AccountKind.FUND, done.to_members, row.seller_id)]
        for member_id in done.used:
            got = done.by_usage.get(member_id, 0) + done.by_capital.get(member_id, 0)
            legs.append(Leg(AccountKind.MEMBER, -got, row.seller_id, member_id))
        about = About(person_id=person_id, group_id=row.id)
        post(session, EntryKind.SHARED, f"surplus:{row.id.hex}", legs, about)
    audit.write(session, person_id, "surplus.share", "surplus", row.id, amount=row.amount)
