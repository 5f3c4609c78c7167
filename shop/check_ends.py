"""Proving how parts ended: what was earned, what went back, and that nothing hangs in between."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.states import UNDONE, SellerOrderState
from shop.payments.models import Payment, PaymentPart, Refund, RefundLine
from shop.payments.states import Method, PaymentState

_ASKED = SellerOrder.total - func.coalesce(func.sum(OrderLine.lowered), 0)
"""What the buyer was asked for in the end; for statements grouped by part."""


def check_ends(session: Session) -> list[Finding]:
    """Every rule of how parts end, one finding each."""
    parts = count(session, select(func.count()).select_from(SellerOrder))
    return [
        found("every completed part is in the books once", parts, _completions(session)),
        found("nothing is held for parts that were undone", parts, _undone_ends(session)),
        found("sellers hold just what their buyers paid them", parts, _own_hands(session)),
        found("lines and refunds say the same of a line", parts, _wrong_lines(session)),
        found("lines and refunds say the same of a part", parts, _wrong_parts(session)),
    ]


def _completions(session: Session) -> Iterator[str]:
    """A completed part brought what was paid less what went back at her cost; no other brought any.

    What went back after its completion is taken from what she is owed, and is not counted here.
    """
    brought = _of_parts(session, EntryKind.COMPLETION, AccountKind.PAYABLE)
    back = _of_parts(session, EntryKind.REFUND_DUE, AccountKind.HELD)
    for part, asked in session.execute(
        select(SellerOrder.id, _ASKED)
        .outerjoin(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .where(SellerOrder.state == SellerOrderState.COMPLETED.value)
        .group_by(SellerOrder.id, SellerOrder.total)
    ):
        amount, returned = -brought.pop(part, 0), back.get(part, 0)
        if amount != asked - returned:
            yield f"part {part}: {asked} less {returned}, booked {amount}"
    for part in brought:
        yield f"part {part} is booked as completed and is not"


def _undone_ends(session: Session) -> Iterator[str]:
    """Of a part that was undone after its money came, nothing is held and no cash is kept."""
    ends = {
        kind: _of_parts(session, kind, AccountKind.PAYABLE)
        for kind in (EntryKind.MADE_GOOD, EntryKind.CASH_OWED)
    }
    back = _of_parts(session, EntryKind.REFUND_DUE, AccountKind.HELD)
    paid = exists().where(
        PaymentPart.seller_order_id == SellerOrder.id,
        PaymentPart.payment_id == Payment.id,
        Payment.state == PaymentState.SETTLED.value,
    )
    with_seller = exists().where(
        PaymentPart.seller_order_id == SellerOrder.id,
        PaymentPart.payment_id == Payment.id,
        Payment.state == PaymentState.SETTLED.value,
        or_(
            Payment.collector_id.is_not(None),
            and_(Payment.method == Method.CASH.value, Payment.carrier_id.is_(None)),
        ),
    )
    for part, with_her, asked in session.execute(
        select(SellerOrder.id, with_seller, _ASKED)
        .outerjoin(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .where(SellerOrder.state.in_(UNDONE), paid)
        .group_by(SellerOrder.id, SellerOrder.total)
    ):
        stays, owed = (ends[kind].pop(part, 0) for kind in ends)
        if -stays != asked - back.get(part, 0):
            yield f"part {part}: {asked} came, {back.get(part, 0)} went back, {-stays} stay"
        if owed != (asked if with_her else 0):
            yield f"part {part}: {asked} came, with her: {bool(with_her)}, {owed} owed"
    for left in ends.values():
        for part in left:
            yield f"part {part} is booked as undone and is not"


def _own_hands(session: Session) -> Iterator[str]:
    """What lies with a seller, in her hand or her own account, is for parts that go on."""
    goes_on = SellerOrder.state.not_in((*UNDONE, SellerOrderState.COMPLETED))
    direct = Payment.collector_id.is_not(None)
    wanted: dict[tuple[str, uuid.UUID], int] = {}
    for seller, own, amount in session.execute(
        select(PaymentPart.seller_id, direct, func.sum(PaymentPart.amount))
        .join(Payment, Payment.id == PaymentPart.payment_id)
        .join(SellerOrder, SellerOrder.id == PaymentPart.seller_order_id)
        .where(
            Payment.state == PaymentState.SETTLED.value,
            goes_on,
            or_(direct, and_(Payment.method == Method.CASH.value, Payment.carrier_id.is_(None))),
        )
        .group_by(PaymentPart.seller_id, direct)
    ):
        wanted[AccountKind.OWN if own else AccountKind.CASH, seller] = int(amount)
    for account in session.scalars(
        select(Account).where(Account.kind.in_((AccountKind.OWN, AccountKind.CASH)))
    ):
        place = (account.kind, account.seller_id or account.id)
        known = wanted.pop(place, 0)
        if account.balance != known:
            yield f"{account.code}: {account.balance} there, buyers of open parts paid {known}"
    for (kind, seller), missing in wanted.items():
        yield f"{kind} of seller {seller}: nothing there, buyers of open parts paid {missing}"


def _of_parts(session: Session, kind: EntryKind, account: AccountKind) -> dict[uuid.UUID, int]:
    """What entries of this kind put on accounts of that kind, by part."""
    rows = session.execute(
        select(Entry.seller_order_id, func.sum(Posting.amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Entry.kind == kind.value,
            Account.kind == account.value,
            Entry.seller_order_id.is_not(None),
        )
        .group_by(Entry.seller_order_id)
    )
    return {part: int(amount) for part, amount in rows if part is not None}


def _wrong_lines(session: Session) -> Iterator[str]:
    lines = (
        select(
            RefundLine.order_line_id.label("line"),
            func.sum(RefundLine.amount).label("amount"),
            func.sum(RefundLine.quantity).label("pieces"),
        )
        .group_by(RefundLine.order_line_id)
        .subquery()
    )
    told, pieces = func.coalesce(lines.c.amount, 0), func.coalesce(lines.c.pieces, 0)
    undone = OrderLine.cancelled + OrderLine.refunded
    rows = session.execute(
        select(OrderLine.id, OrderLine.given_back, told)
        .outerjoin(lines, lines.c.line == OrderLine.id)
        .where(or_(OrderLine.given_back != told, undone < pieces))
    )
    return (f"line {line}: {own} went back, its refunds say {told}" for line, own, told in rows)


def _wrong_parts(session: Session) -> Iterator[str]:
    """Amount, delivery and the seller's share: as lines and part say, and as the refunds say."""
    lines = (
        select(
            OrderLine.seller_order_id.label("part"),
            func.sum(OrderLine.given_back).label("back"),
            func.sum(OrderLine.borne).label("borne"),
        )
        .group_by(OrderLine.seller_order_id)
        .subquery()
    )
    told = (func.sum(Refund.amount), func.sum(Refund.delivery), func.sum(Refund.seller_share))
    own = (
        lines.c.back + SellerOrder.delivery_back,
        SellerOrder.delivery_back,
        lines.c.borne + SellerOrder.delivery_borne,
    )
    rows = session.execute(
        select(SellerOrder.id, *own, *told)
        .join(lines, lines.c.part == SellerOrder.id)
        .join(Refund, Refund.seller_order_id == SellerOrder.id)
        .group_by(SellerOrder.id, SellerOrder.delivery_back, SellerOrder.delivery_borne,
                  lines.c.back, lines.c.borne)
    )  # fmt: skip
    for part, *sums in rows:
        if sums[:3] != sums[3:]:
            yield f"part {part}: its lines say {sums[:3]}, its refunds {sums[3:]}"
