"""Proving that promotions take off what they say, and that their budgets and the books agree."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.models_promotion import Promotion
from shop.orders.states import UNDONE, SellerOrderState

_UNDONE = sorted(state.value for state in UNDONE)


def check_promotions(session: Session) -> list[Finding]:
    """Every rule of promotions, one finding each."""
    promotions = count(session, select(func.count()).select_from(Promotion))
    lines = count(
        session,
        select(func.count()).select_from(OrderLine).where(OrderLine.promotion_id.is_not(None)),
    )
    return [
        found("every budget is taken by orders that stand", promotions, _wrong_budgets(session)),
        found("a promotion is only on what it is for", lines, _wrong_scope(session)),
        found("the programme added what promotions say", lines, _wrong_subsidies(session)),
    ]


def _wrong_budgets(session: Session) -> Iterator[str]:
    each = union_all(
        select(OrderLine.promotion_id.label("which"), OrderLine.discount.label("off"))
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(OrderLine.promotion_id.is_not(None), SellerOrder.state.not_in(_UNDONE)),
        select(SellerOrder.delivery_promotion_id, SellerOrder.delivery_discount).where(
            SellerOrder.delivery_promotion_id.is_not(None), SellerOrder.state.not_in(_UNDONE)
        ),
    ).subquery()
    given = func.coalesce(func.sum(each.c.off), 0)
    rows = session.execute(
        select(Promotion.name, Promotion.taken, given)
        .outerjoin(each, each.c.which == Promotion.id)
        .where(Promotion.budget.is_not(None))
        .group_by(Promotion.id, Promotion.name, Promotion.taken)
        .having(given != Promotion.taken)
    )
    return (f"{name}: {taken} taken, orders have {own}" for name, taken, own in rows)


def _wrong_scope(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(OrderLine.id, Promotion.name)
        .join(Promotion, Promotion.id == OrderLine.promotion_id)
        .where(
            or_(
                Promotion.seller_id != OrderLine.seller_id,
                Promotion.product_id != OrderLine.product_id,
                (Promotion.subsidy_points == 0) & (OrderLine.subsidy > 0),
            )
        )
    )
    return (f"line {line} has {name!r}, as it cannot be" for line, name in rows)


def _wrong_subsidies(session: Session) -> Iterator[str]:
    """Of completed parts the programme's account has what stands of their subsidies; of no other
    anything.
    """
    booked = {
        part: int(amount)
        for part, amount in session.execute(
            select(Entry.seller_order_id, func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == Entry.id)
            .join(Account, Account.id == Posting.account_id)
            .where(Account.kind == AccountKind.PROMOTION.value)
            .group_by(Entry.seller_order_id)
        )
        if part is not None
    }
    for part, due in _due(session).items():
        if (amount := booked.pop(part, 0)) != due:
            yield f"part {part}: {due} due, booked {amount}"
    for part, amount in booked.items():
        if amount:
            yield f"part {part}: nothing due, booked {amount}"


def _due(session: Session) -> dict[uuid.UUID, int]:
    """What stands of the subsidies of each completed part, as `worth` has it."""
    completed = SellerOrder.state == SellerOrderState.COMPLETED.value
    due: dict[uuid.UUID, int] = {}
    for part, subsidy, stands, total in session.execute(
        select(
            SellerOrder.id, OrderLine.subsidy,
            OrderLine.total - OrderLine.lowered - OrderLine.borne, OrderLine.total,
        )
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .where(completed, OrderLine.subsidy > 0)
    ):  # fmt: skip
        due[part] = due.get(part, 0) + subsidy * stands // total
    for part, subsidy, stands, fee in session.execute(
        select(
            SellerOrder.id,
            SellerOrder.delivery_subsidy,
            SellerOrder.delivery - SellerOrder.delivery_borne,
            SellerOrder.delivery,
        ).where(completed, SellerOrder.delivery_subsidy > 0)
    ):
        due[part] = due.get(part, 0) + (subsidy * stands // fee if fee else subsidy)
    return due
