"""Proving that consigned goods, their records and the books say the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from shop.consignment.models import (
    Consignment,
    ConsignmentCount,
    ConsignmentLine,
    ConsignmentPayment,
    standing,
)
from shop.consignment.states import ConsignmentState, CountKind, PaidBy
from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind

_OF_SALE = (EntryKind.CONSIGNMENT_SOLD, EntryKind.FEE, EntryKind.CASH_KEPT)


def check_consignment(session: Session) -> list[Finding]:
    """Every rule of consigned goods, one finding each."""
    lines = count(session, select(func.count()).select_from(ConsignmentLine))
    counts = count(session, select(func.count()).select_from(ConsignmentCount))
    payments = count(session, select(func.count()).select_from(ConsignmentPayment))
    all_of = count(session, select(func.count()).select_from(Consignment))
    return [
        found("consigned pieces are the sum of their records", lines, _wrong_lines(session)),
        found("a consignment is closed when nothing lies there", all_of, _wrong_states(session)),
        found("every consigned sale is in the books once", counts, _sales(session)),
        found("what takes a count back says the same as it", counts, _unlike(session)),
        found("a sale taken back is undone in the books", counts, _undone(session)),
        found("what points handed on is in the books once", payments, _handed_on(session)),
        found("points hold what they owe", payments, _wrong_points(session)),
    ]


def _pieces(kind: CountKind) -> ColumnElement[int]:
    counted = case(
        (ConsignmentCount.kind == kind.value, standing(ConsignmentCount.quantity)), else_=0
    )
    return func.coalesce(func.sum(counted), 0)


def _wrong_lines(session: Session) -> Iterator[str]:
    sold, back, lost = (_pieces(kind) for kind in CountKind)
    line = ConsignmentLine
    rows = session.execute(
        select(line.id, line.quantity, line.sold, sold, line.returned, back, line.lost, lost)
        .outerjoin(ConsignmentCount, ConsignmentCount.line_id == line.id)
        .group_by(line.id, line.quantity, line.sold, line.returned, line.lost)
        .having(
            or_(
                sold != line.sold,
                back != line.returned,
                lost != line.lost,
                line.sold + line.returned + line.lost > line.quantity,
            )
        )
    )
    return (
        f"line {row[0]} of {row[1]}: {row[2]} sold and {row[3]}, {row[4]} back and {row[5]}, "
        f"{row[6]} lost and {row[7]}"
        for row in rows
    )


def _wrong_states(session: Session) -> Iterator[str]:
    line = ConsignmentLine
    lying = func.coalesce(func.sum(line.quantity - line.sold - line.returned - line.lost), 0)
    is_open = Consignment.state == ConsignmentState.OPEN.value
    rows = session.execute(
        select(Consignment.number, Consignment.state, lying)
        .outerjoin(line, line.consignment_id == Consignment.id)
        .group_by(Consignment.id, Consignment.number, Consignment.state)
        .having(or_(and_(is_open, lying == 0), and_(~is_open, lying != 0)))
    )
    return (f"{number} is {state} with {pieces} pieces" for number, state, pieces in rows)


def _booked(session: Session, kind: EntryKind) -> dict[uuid.UUID | None, list[int]]:
    booked: dict[uuid.UUID | None, list[int]] = {}
    for consigned_id, amount in session.execute(
        select(Entry.consigned_id, func.sum(Posting.amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.kind == kind.value, Entry.consigned_id.is_not(None), Posting.amount > 0)
        .group_by(Entry.id, Entry.consigned_id)
    ):
        booked.setdefault(consigned_id, []).append(int(amount))
    return booked


def _sales(session: Session) -> Iterator[str]:
    """Its money, what the programme keeps of it, and what she kept in her hand."""
    booked = [_booked(session, kind) for kind in _OF_SALE]
    for sale in session.scalars(
        select(ConsignmentCount).where(
            ConsignmentCount.kind == CountKind.SOLD.value, ConsignmentCount.reverses_id.is_(None)
        )
    ):
        kept = sale.amount if sale.paid_by == PaidBy.SELLER else 0
        expected = [[sum_] if sum_ else [] for sum_ in (sale.amount, sale.fee, kept)]
        entries = [of_kind.pop(sale.id, []) for of_kind in booked]
        if entries != expected:
            yield f"sale {sale.id}: {expected}, booked {entries}"
    for consigned_id in set().union(*booked):
        yield f"entries of a sale {consigned_id} that is not there"


def _unlike(session: Session) -> Iterator[str]:
    wrong, back = aliased(ConsignmentCount), ConsignmentCount
    same = ("line_id", "kind", "quantity", "amount", "fee", "paid_by")
    rows = session.scalars(
        select(back.id)
        .join(wrong, wrong.id == back.reverses_id)
        .where(
            or_(
                wrong.reverses_id.is_not(None),
                *(getattr(back, name).is_distinct_from(getattr(wrong, name)) for name in same),
            )
        )
    )
    return (f"{id_} is unlike what it takes back" for id_ in rows)


def _undone(session: Session) -> Iterator[str]:
    """Each entry of a sale has its reversal, leg by leg, or none has."""
    reversal, leg, other = aliased(Entry), aliased(Posting), aliased(Posting)
    taken_back = exists().where(ConsignmentCount.reverses_id == Entry.consigned_id)
    of_sale = Entry.kind.in_(_OF_SALE)
    wrong = session.scalars(
        select(Entry.key)
        .outerjoin(reversal, reversal.reverses_id == Entry.id)
        .where(of_sale, Entry.consigned_id.is_not(None), reversal.id.is_not(None) != taken_back)
    )
    yield from (f"{key} is not undone, or should not be" for key in wrong)
    legs = session.scalars(
        select(Entry.key)
        .join(reversal, reversal.reverses_id == Entry.id)
        .join(leg, leg.entry_id == Entry.id)
        .outerjoin(other, (other.entry_id == reversal.id) & (other.account_id == leg.account_id))
        .where(of_sale, Entry.consigned_id.is_not(None))
        .where(func.coalesce(other.amount, 0) != -leg.amount)
    )
    yield from (f"{key} is undone with other sums" for key in legs)


def _handed_on(session: Session) -> Iterator[str]:
    booked = _booked(session, EntryKind.CONSIGNMENT_PAID)
    rows = session.execute(select(ConsignmentPayment.id, ConsignmentPayment.amount))
    for payment_id, amount in rows:
        entries = booked.pop(payment_id, [])
        if entries != [amount]:
            yield f"{payment_id}: {amount}, booked {entries}"
    for unknown in booked:
        yield f"entries of money {unknown} that nobody handed on"


def _wrong_points(session: Session) -> Iterator[str]:
    """By seller: sold at points less what they handed on, and the account of it."""
    owed: dict[uuid.UUID, int] = {}
    for seller_id, amount in session.execute(
        select(ConsignmentLine.seller_id, func.sum(standing(ConsignmentCount.amount)))
        .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
        .where(ConsignmentCount.paid_by == PaidBy.POINT.value)
        .group_by(ConsignmentLine.seller_id)
    ):
        owed[seller_id] = int(amount)
    for seller_id, amount in session.execute(
        select(ConsignmentPayment.seller_id, func.sum(ConsignmentPayment.amount)).group_by(
            ConsignmentPayment.seller_id
        )
    ):
        owed[seller_id] = owed.get(seller_id, 0) - int(amount)
    accounts = session.execute(
        select(Account.seller_id, Account.balance).where(Account.kind == AccountKind.POINT.value)
    )
    for owner, balance in accounts:
        expected = owed.pop(owner, 0) if owner else 0
        if balance != expected or balance < 0:
            yield f"seller {owner}: {expected} at points, the account says {balance}"
    for owner, rest in owed.items():
        if rest:
            yield f"seller {owner}: {rest} at points, and no account of it"
