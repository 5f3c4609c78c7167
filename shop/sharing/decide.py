"""A group decides how it shares: from which day, by what, and who was there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import clock, ids
from shop.ledger import sales
from shop.ledger.post import lock_books
from shop.sellers.hold import one_at_a_time
from shop.sellers.models import SellerMember, ShareBasis, ShareRule
from shop.sharing.members import members_on
from shop.sharing.models import ShareDecider, SharedSale, ShareWeight, SurplusTerm
from shop.sharing.states import Purpose

TOLD = "group_rule"


class SoldSince(Exception):
    """On `day` something was sold by the rule before; a new one can begin the day after."""

    def __init__(self, day: date) -> None:
        super().__init__(str(day))
        self.day = day


class SameDay(Exception):
    """Another rule begins on this day."""


class DecidedLater(Exception):
    """Nobody can have decided it on a day that is yet to come."""


class NobodyDecided(Exception):
    """No member who belonged to the group on the day of the decision is named."""


class NoWeights(Exception):
    """Shared by weights, and nobody has one."""


class NoKilograms(Exception):
    """Shared by kilograms, and nobody writes down who delivered how much."""


class NotHundred(Exception):
    """The hundredths of the surplus add up to `total`, not to 100."""

    def __init__(self, total: int) -> None:
        super().__init__(str(total))
        self.total = total


@dataclass(frozen=True)
class NewRule:
    """What was decided. `deciders` are members, `weights` count for a rule by weights only.

    `surplus` says how many hundredths of a year's surplus go to what; empty where nothing is said.
    """

    valid_from: date
    decided_on: date
    basis: ShareBasis
    reserve_basis_points: int
    deciders: Sequence[uuid.UUID]
    weights: Mapping[uuid.UUID, int] = field(default_factory=dict)
    surplus: Mapping[Purpose, int] = field(default_factory=dict)


def decide(
    session: Session, seller_id: uuid.UUID, wanted: NewRule, *, person_id: uuid.UUID | None
) -> ShareRule:
    """Write down a rule that holds from its day on; every member who can sign in is told.

    Raises `DecidedLater`, `NobodyDecided`, `NoWeights`, `NoKilograms`, `NotHundred`, `SoldSince`,
    `SameDay`.
    """
    lock_books(session)
    one_at_a_time(session, seller_id)
    deciders = _check_decision(session, seller_id, wanted)
    _check_terms(session, seller_id, wanted)
    _check_day(session, seller_id, wanted.valid_from)
    rule = ShareRule(
        id=ids.new_id(), seller_id=seller_id, valid_from=wanted.valid_from,
        basis=wanted.basis.value, reserve_basis_points=wanted.reserve_basis_points,
        decided_on=wanted.decided_on,
        decided_by=", ".join(member.name for member in deciders)[:200],
    )  # fmt: skip
    session.add(rule)
    session.flush()  # the rest names it
    session.add_all(ShareDecider(rule_id=rule.id, member_id=member.id) for member in deciders)
    if wanted.basis is ShareBasis.WEIGHT:
        session.add_all(
            ShareWeight(rule_id=rule.id, member_id=member_id, weight=weight)
            for member_id, weight in wanted.weights.items()
            if weight
        )
    session.add_all(
        SurplusTerm(rule_id=rule.id, purpose=purpose.value, percent=percent)
        for purpose, percent in wanted.surplus.items()
        if percent
    )
    session.flush()
    audit.write(
        session, person_id, "share_rule.decide", "share_rule", rule.id,
        basis=rule.basis, reserve=rule.reserve_basis_points, valid_from=str(rule.valid_from),
    )  # fmt: skip
    _tell(session, rule)
    return rule


def first_day(session: Session, seller_id: uuid.UUID) -> date | None:
    """The first day from which a new rule can hold: after all that was sold; None for any day."""
    shared = session.scalar(
        select(func.max(SharedSale.sold_on)).where(SharedSale.seller_id == seller_id)
    )
    days = [day for day in (shared, sales.last_sale(session, seller_id)) if day is not None]
    return date.fromordinal(max(days).toordinal() + 1) if days else None


def _check_decision(
    session: Session, seller_id: uuid.UUID, wanted: NewRule
) -> Sequence[SellerMember]:
    if wanted.decided_on > clock.today():
        raise DecidedLater
    there = [
        member
        for member in members_on(session, seller_id, wanted.decided_on)
        if member.id in wanted.deciders
    ]
    if not there or len(there) != len(set(wanted.deciders)):
        raise NobodyDecided
    return there


def _check_terms(session: Session, seller_id: uuid.UUID, wanted: NewRule) -> None:
    if wanted.basis is ShareBasis.WEIGHT:
        now = {member.id for member in members_on(session, seller_id, clock.today())}
        if not any(wanted.weights.values()) or not wanted.weights.keys() <= now:
            raise NoWeights
    if wanted.basis is ShareBasis.KILOGRAMS and not sales.knows_kilograms():
        raise NoKilograms
    if wanted.surplus and (total := sum(wanted.surplus.values())) != 100:
        raise NotHundred(total)


def _check_day(session: Session, seller_id: uuid.UUID, valid_from: date) -> None:
    """A rule that began before a sale would say of it what never held. Without any rule so far,
    sales were not shared at all, and none of them is now.
    """
    days = session.scalars(select(ShareRule.valid_from).where(ShareRule.seller_id == seller_id))
    known = set(days)
    if valid_from in known:
        raise SameDay
    first = first_day(session, seller_id)
    if first is not None and valid_from < first:
        raise SoldSince(date.fromordinal(first.toordinal() - 1))


def _tell(session: Session, rule: ShareRule) -> None:
    people = [
        member.person_id
        for member in members_on(session, rule.seller_id, clock.today())
        if member.person_id is not None
    ]
    notify.tell(
        session, people, TOLD, seller_id=rule.seller_id, link="/sell/group/rules",
        event=rule.id.hex, day=rule.valid_from.strftime("%d-%m-%Y"),
    )  # fmt: skip
