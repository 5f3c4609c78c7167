"""Comparing the books with what providers and the bank say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.ledger import facts
from shop.payments.bank import daily_qris
from shop.payments.bank_entries import booked, unseen
from shop.payments.differences import Difference
from shop.payments.differences import DifferenceKind as D
from shop.payments.models import WebhookEvent
from shop.payments.models_bank import BankFile, BankLine
from shop.payments.qris_days import qris_days
from shop.payments.queries_gateway import gateway_days
from shop.payments.queries_holders import holder_rows
from shop.payments.states_bank import LineState
from shop.payments.suggest_match import BOOKED_AFTER, BOOKED_BEFORE

MAY_WAIT = timedelta(days=3)
"""For so long a line may wait for somebody to look, from when its statement was kept."""
ACQUIRER_PAYS_WITHIN = timedelta(days=5)
"""The next working day, as they promise; long weekends come between."""
MAY_CARRY = timedelta(days=7)
"""A courier comes by once a week."""
_CUT_OFF = 1
"""Rupiah by which balances may differ: banks write sen, which are cut off."""


def compare_money(session: Session) -> list[Difference]:
    """Every difference with providers and bank; only reads.

    Of days that no statement covers nothing is known, so nothing is said.
    """
    return [
        *_messages(session),
        *_gateway(session),
        *_qris(session),
        *_waiting(session),
        *_not_at_bank(session),
        *_carried(session),
        *_gaps(session),
    ]


def _messages(session: Session) -> Iterator[Difference]:
    rows = session.scalars(select(WebhookEvent).where(WebhookEvent.fault != ""))
    for row in rows:
        day = clock.local_day(row.received_at)
        yield Difference(D.MESSAGE, f"{row.provider} {row.kind}: {row.fault}", day)


def _gateway(session: Session) -> Iterator[Difference]:
    for one in gateway_days(session):
        if one.booked and one.difference:
            yield Difference(D.GATEWAY_DAY, "", one.day, one.difference)
        elif not one.booked and one.difference and _overdue(one.day):
            yield Difference(D.GATEWAY_UNPAID, "", one.day, one.difference)


def _qris(session: Session) -> Iterator[Difference]:
    """A day nobody paid for is one only where the bank's statement says that nothing came."""
    seen = covered(session)
    for one in qris_days(session):
        last = one.day + ACQUIRER_PAYS_WITHIN
        if one.paid and one.open:
            yield Difference(D.QRIS_DAY, "", one.day, one.open)
        elif not one.paid and one.open and any(a <= one.day and last <= b for a, b in seen):
            yield Difference(D.QRIS_UNPAID, "", one.day, one.open)
    for line in session.scalars(select(BankLine).where(BankLine.gross.is_not(None))):
        said = daily_qris(line.description)
        if said is not None and said.gross - said.fee != line.amount:
            off = said.gross - said.fee - line.amount
            yield Difference(D.QRIS_FEE, line.description, line.booked_on, off)


def _waiting(session: Session) -> Iterator[Difference]:
    rows = session.scalars(
        select(BankLine)
        .join(BankFile)
        .where(BankLine.state == LineState.NEW.value, BankFile.kept_at < clock.now() - MAY_WAIT)
        .order_by(BankLine.booked_on, BankLine.number)
    )
    for line in rows:
        yield Difference(D.LINE_WAITING, line.description, line.booked_on, line.amount)


def _not_at_bank(session: Session) -> Iterator[Difference]:
    seen = covered(session)
    if not seen:
        return
    missing = [
        one
        for one in booked(session, *unseen())
        if any(
            first <= one.day - BOOKED_AFTER and one.day + BOOKED_BEFORE <= last
            for first, last in seen
        )
    ]
    known = facts.orders(session, {one.order_id for one in missing if one.order_id})
    for one in missing:
        order = known.get(one.order_id) if one.order_id else None
        what = f"{order.order_number} {order.buyer_name}" if order else one.key
        yield Difference(D.NOT_AT_BANK, what, one.day, one.amount, {"entry": one.kind})


def _carried(session: Session) -> Iterator[Difference]:
    for row in holder_rows(session):
        if row.since is not None and clock.today() - row.since > MAY_CARRY:
            yield Difference(D.CARRIED_LONG, row.holder.name, row.since, row.carried)


def _gaps(session: Session) -> Iterator[Difference]:
    """All lines together lead from the first balance to the last one."""
    files = _kept(session)
    if not files or any(one.aside for one in files):
        return
    account = files[-1].account
    files = [one for one in files if one.account == account]
    first = files[0]
    last = max(files, key=lambda one: (one.last_day or date.min, one.kept_at or clock.now()))
    if first.balance_before is None or last.balance_after is None:
        return
    moved = session.scalar(
        select(func.sum(BankLine.amount)).join(BankFile).where(BankFile.account == account)
    )
    off = last.balance_after - first.balance_before - int(moved or 0)
    if abs(off) > _CUT_OFF:
        broken = [
            later
            for earlier, later in pairwise(files)
            if later.balance_before != earlier.balance_after
        ]
        near = broken[0] if broken else last
        yield Difference(D.GAP, near.name, near.first_day, off)


def covered(session: Session) -> list[tuple[date, date]]:
    """The days without a hole between them of which statements are here."""
    found: list[tuple[date, date]] = []
    balance: int | None = None
    for one in _kept(session):
        if one.first_day is None or one.last_day is None:
            continue
        joins = found and (
            one.first_day <= found[-1][1] + timedelta(days=1)
            or (balance is not None and one.balance_before == balance)
        )
        if joins:
            found[-1] = found[-1][0], max(found[-1][1], one.last_day)
        else:
            found.append((one.first_day, one.last_day))
        balance = one.balance_after
    return found


def _kept(session: Session) -> list[BankFile]:
    return list(
        session.scalars(
            select(BankFile)
            .where(BankFile.kept_at.is_not(None))
            .order_by(BankFile.first_day, BankFile.last_day, BankFile.kept_at)
        )
    )


def _overdue(day: date) -> bool:
    return clock.today() - day > ACQUIRER_PAYS_WITHIN
