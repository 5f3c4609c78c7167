"""What the programme keeps of a sale. A change holds from now on and touches no past sale."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.ledger.models import FeeRule

HIGHEST = 5_000
"""The most a programme can keep, in ten-thousandths: half."""
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class BadFee(ValueError):
    """The share is below nothing or above `HIGHEST`."""


def current_rule(session: Session) -> FeeRule:
    """The rule of this moment; a shop without one gets the rule "nothing", valid since ever."""
    found = session.scalars(_rule_now()).first()
    if found is not None:
        return found
    insert_once(
        session, FeeRule, id=ids.new_id(), basis_points=0, valid_from=_BEGINNING, set_by=None
    )
    return session.scalars(_rule_now()).one()


def current_basis_points(session: Session) -> int:
    """What the programme keeps at this moment, in ten-thousandths; only reads."""
    found = session.scalars(_rule_now()).first()
    return found.basis_points if found else 0


def set_rule(session: Session, basis_points: int, person_id: uuid.UUID | None) -> FeeRule:
    """Keep `basis_points` ten-thousandths of every sale from now on; the same again adds nothing.

    Raises `BadFee`.
    """
    if not 0 <= basis_points <= HIGHEST:
        raise BadFee(f"{basis_points} ten-thousandths")
    before = current_rule(session)
    if before.basis_points == basis_points:
        return before
    rule = FeeRule(basis_points=basis_points, valid_from=clock.now(), set_by=person_id)
    session.add(rule)
    session.flush()  # two changes in one moment must fail here, by the unique moment
    audit.write(
        session, person_id, "fee.set", "fee_rule", rule.id,
        before=before.basis_points, after=basis_points,
    )  # fmt: skip
    return rule


def _rule_now() -> Select[FeeRule]:
    return (
        select(FeeRule)
        .where(FeeRule.valid_from <= clock.now())
        .order_by(FeeRule.valid_from.desc())
        .limit(1)
    )
