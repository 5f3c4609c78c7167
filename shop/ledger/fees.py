"""What the programme keeps of a sale. A change holds from now on and touches no past sale."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.core.money import Rupiah, portion
from shop.ledger.insert_once import insert_once
from shop.ledger.models import FeeRule

HIGHEST = 5_000
"""The most a programme can keep, in ten-thousandths: half."""
MOST_FLAT = 100_000
"""The highest flat sum of a line, in rupiah."""
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class BadFee(ValueError):
    """The share is below nothing or above `HIGHEST`, or the sum out of range."""


class Kept(NamedTuple):
    """What a rule keeps: `basis_points` ten-thousandths of a line and `flat` rupiah of each."""

    rule_id: uuid.UUID
    basis_points: int
    flat: int

    def of(self, total: int) -> Rupiah:
        """The fee of a line of `total` rupiah, never more than half of it."""
        return fee_of(total, self.basis_points, self.flat)


For = tuple[uuid.UUID | None, str | None]
"""Whom a rule is for: a seller, a category, or neither: everybody."""
EVERYBODY: For = (None, None)


@dataclass(frozen=True)
class FeesNow:
    """The rules of one moment. A seller's own comes before that of a category."""

    rules: Mapping[For, Kept]

    def for_line(self, seller_id: uuid.UUID, category_slug: str) -> Kept:
        """The rule of a line."""
        own = self.rules.get((seller_id, None)) or self.rules.get((None, category_slug))
        return own or self.rules[EVERYBODY]


def fee_of(total: int, basis_points: int, flat: int) -> Rupiah:
    """What is kept of `total` rupiah, never more than half of it."""
    return Rupiah(min(portion(total, basis_points) + flat, portion(total, HIGHEST)))


def current_rule(session: Session) -> FeeRule:
    """The general rule now; a shop without one gets the rule "nothing", valid since ever."""
    found = session.scalars(_rule_now(EVERYBODY)).first()
    if found is not None:
        return found
    insert_once(
        session, FeeRule, id=ids.new_id(), basis_points=0, flat=0, ended=False,
        valid_from=_BEGINNING, set_by=None,
    )  # fmt: skip
    return session.scalars(_rule_now(EVERYBODY)).one()


def rule_for(session: Session, seller_id: uuid.UUID, category_slug: str) -> FeeRule:
    """The rule that holds now for what a seller sells in a category."""
    for whom in ((seller_id, None), (None, category_slug)):
        found = session.scalars(_rule_now(whom)).first()
        if found is not None and not found.ended:
            return found
    return current_rule(session)


def current_basis_points(session: Session) -> int:
    """What the programme keeps at this moment, in ten-thousandths; only reads."""
    found = session.scalars(_rule_now(EVERYBODY)).first()
    return found.basis_points if found else 0


def set_rule(
    session: Session,
    basis_points: int,
    person_id: uuid.UUID | None,
    *,
    flat: int | None = None,
    whom: For = EVERYBODY,
) -> FeeRule:
    """Keep this of every sale (of `whom`) from now on; the same again adds nothing.

    `basis_points` are ten-thousandths, `flat` rupiah of each line (None: as it was). Raises
    `BadFee`.
    """
    before = current_rule(session) if whom == EVERYBODY else _of(session, whom)
    wanted = flat if flat is not None else before.flat if before else 0
    if not 0 <= basis_points <= HIGHEST or not 0 <= wanted <= MOST_FLAT:
        raise BadFee(f"{basis_points} ten-thousandths and {wanted} rupiah")
    if before and (before.basis_points, before.flat) == (basis_points, wanted):
        return before
    return _write(session, whom, basis_points, wanted, person_id, before)


def end_rule(session: Session, whom: For, person_id: uuid.UUID | None) -> None:
    """From now on the rule that is not for `whom` alone holds; ended twice changes nothing."""
    if whom == EVERYBODY:
        raise BadFee("the general rule cannot end")
    before = _of(session, whom)
    if before is not None:
        _write(session, whom, 0, 0, person_id, before, ended=True)


def _of(session: Session, whom: For) -> FeeRule | None:
    found = session.scalars(_rule_now(whom)).first()
    return None if found is None or found.ended else found


def _write(
    session: Session,
    whom: For,
    basis_points: int,
    flat: int,
    person_id: uuid.UUID | None,
    before: FeeRule | None,
    *,
    ended: bool = False,
) -> FeeRule:
    rule = FeeRule(
        seller_id=whom[0], category_slug=whom[1], basis_points=basis_points, flat=Rupiah(flat),
        ended=ended, valid_from=clock.now(), set_by=person_id,
    )  # fmt: skip
    session.add(rule)
    session.flush()  # two changes in one moment must fail here, by the unique moment
    audit.write(
        session, person_id, "fee.end" if ended else "fee.set", "fee_rule", rule.id,
        seller=str(whom[0] or ""), category=whom[1] or "",
        before=before.basis_points if before else None, after=basis_points,
        flat_before=before.flat if before else None, flat_after=flat,
    )  # fmt: skip
    return rule


def _rule_now(whom: For) -> Select[FeeRule]:
    return (
        select(FeeRule)
        .where(FeeRule.valid_from <= clock.now(), *_is_for(whom))
        .order_by(FeeRule.valid_from.desc())
        .limit(1)
    )


def _is_for(whom: For) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    seller_id, category_slug = whom
    return (
        FeeRule.seller_id.is_(None) if seller_id is None else FeeRule.seller_id == seller_id,
        FeeRule.category_slug.is_(None)
        if category_slug is None
        else FeeRule.category_slug == category_slug,
    )
