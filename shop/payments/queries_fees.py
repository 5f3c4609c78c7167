"""Reading fee rules for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.catalog.models import Category
from shop.core.i18n import chosen
from shop.ledger.models import FeeRule
from shop.sellers.models import Seller
from shop.sellers.states import SellerState


@dataclass(frozen=True)
class RuleRow:
    """A rule that was set at a moment, whom it is for, and who set it; `flat` in rupiah."""

    whom: str
    name: str
    basis_points: int
    flat: int
    ended: bool
    since: datetime
    set_by: str | None


def rules(session: Session) -> Sequence[RuleRow]:
    """Every rule there was, newest first. `whom` is empty for the general one."""
    rows = session.execute(
        select(FeeRule, Seller.name, Category, Person.name)
        .outerjoin(Seller, Seller.id == FeeRule.seller_id)
        .outerjoin(Category, Category.slug == FeeRule.category_slug)
        .outerjoin(Person, Person.id == FeeRule.set_by)
        .order_by(FeeRule.valid_from.desc())
    )
    return [
        RuleRow(
            key_of(rule), seller or (chosen(category, "name") if category else ""),
            rule.basis_points, rule.flat, rule.ended, rule.valid_from, person,
        )
        for rule, seller, category, person in rows
    ]  # fmt: skip


def holding(rows: Sequence[RuleRow]) -> Sequence[RuleRow]:
    """Of all rules those that hold now, the general one first, then by name."""
    newest: dict[str, RuleRow] = {}
    for row in rows:
        newest.setdefault(row.whom, row)
    now = [row for row in newest.values() if not row.ended]
    return sorted(now, key=lambda row: (bool(row.whom), row.name))


def key_of(rule: FeeRule) -> str:
    """Whom a rule is for, as a form says it: `s:<seller>`, `c:<category>`, or nothing."""
    if rule.seller_id:
        return f"s:{rule.seller_id.hex}"
    return f"c:{rule.category_slug}" if rule.category_slug else ""


def whom_choices(session: Session) -> Sequence[tuple[str, str, str]]:
    """Whom a rule can be for: its key, its name, and its kind (`seller` or `category`)."""
    categories = session.scalars(select(Category).order_by(Category.position))
    sellers = session.execute(
        select(Seller.id, Seller.name)
        .where(Seller.state == SellerState.APPROVED.value)
        .order_by(Seller.name)
    )
    found = [(f"c:{one.slug}", str(chosen(one, "name")), "category") for one in categories]
    return found + [(f"s:{id_.hex}", name, "seller") for id_, name in sellers]
