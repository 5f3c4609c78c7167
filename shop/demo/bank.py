"""The programme's bank account in the demo: what its statement of the last weeks says."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from shop.core import clock
from shop.core.money import portion
from shop.demo.memory import Memory
from shop.ledger.models import Entry
from shop.payments import match_line
from shop.payments.bank_entries import booked, unseen
from shop.payments.keep_statement import hold, keep, read_with
from shop.payments.models import Payment
from shop.payments.models_bank import BankLine
from shop.payments.qris_days import qris_days
from shop.payments.queries_bank import maps, shop_account
from shop.payments.states import Method, PaymentState

_DAYS = 45
_OPENING = 40_000_000
_MDR = 70
"""Ten-thousandths that an acquirer keeps of a sale by QRIS."""
_TO_MATCH = 3
"""Payments that came today and wait for staff."""
_WORDS = {
    "order_paid": "TRSF E-BANKING CR",
    "payout_paid": "TRSF E-BANKING DB",
    "refund_paid": "TRSF E-BANKING DB PENGEMBALIAN",
}
_Does = Callable[[BankLine], object]


@dataclass(frozen=True)
class _Row:
    day: date
    words: str
    amount: int
    does: _Does | None = None


def keep_statement(stage: Memory) -> None:
    """Upload the statement of the last weeks; all is matched except what came today."""
    rows = sorted([*_seen(stage), *_acquired(stage), *_others(stage)], key=lambda row: row.day)
    rows += _waiting(stage)
    session = stage.session
    data = _file(rows)
    statement, chosen = read_with(data, maps(session), shop_account(session))
    if statement is None:
        raise RuntimeError("the demo's own statement is not understood")
    file = hold(
        session, data, f"mutasi-{clock.today():%Y-%m-%d}.csv", chosen, stage.staff["finance"]
    )
    keep(session, file.id, statement, person_id=stage.staff["finance"])
    lines = session.scalars(
        select(BankLine).where(BankLine.file_id == file.id).order_by(BankLine.number)
    )
    for line, row in zip(lines.all(), rows, strict=True):
        if row.does is not None:
            row.does(line)


def _seen(stage: Memory) -> list[_Row]:
    """What the books say moved at the bank."""
    first = clock.day_start(clock.today() - timedelta(days=_DAYS))
    return [
        _Row(
            one.day, f"{_WORDS.get(one.kind, 'SETORAN')} {one.id.hex[-6:].upper()}", one.amount,
            partial(_link, stage, one.id),
        )
        for one in booked(stage.session, Entry.occurred_at >= first, *unseen())
    ]  # fmt: skip


def _acquired(stage: Memory) -> list[_Row]:
    """What the acquirer paid for each day of QRIS, on the next."""
    first, today = clock.today() - timedelta(days=_DAYS), clock.today()
    rows = []
    for one in qris_days(stage.session):
        if first <= one.day < today and one.came > 0:
            fee = portion(one.came, _MDR)
            words = f"MID : 885000123456 QR : {one.came}.00 DDR : {fee}.00"
            does = partial(_acquire, stage, one.day)
            rows.append(_Row(one.day + timedelta(days=1), words, one.came - fee, does))
    return rows


def _others(stage: Memory) -> list[_Row]:
    """Interest and fees of the bank: nothing of the shop's."""
    first = clock.today() - timedelta(days=_DAYS)
    return [
        _Row(first, "BUNGA REKENING", 4_210, partial(_aside, stage, "Bunga bank")),
        _Row(clock.today(), "BIAYA ADM", -6_500, partial(_aside, stage, "Biaya bank")),
    ]


def _waiting(stage: Memory) -> list[_Row]:
    """What buyers sent today and nobody has looked for yet."""
    rows = stage.session.scalars(
        select(Payment)
        .where(
            Payment.method == Method.TRANSFER.value,
            Payment.collector_id.is_(None),
            Payment.state.in_((PaymentState.CLAIMED.value, PaymentState.PENDING.value)),
        )
        .order_by(Payment.created_at)
        .limit(_TO_MATCH)
    )
    return [_Row(clock.today(), "TRSF E-BANKING CR", one.amount) for one in rows]


def _file(rows: list[_Row]) -> bytes:
    balance, out = _OPENING, io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(("Tanggal", "Keterangan", "Debit", "Kredit", "Saldo"))
    for row in rows:
        balance += row.amount
        debit, credit = ("", row.amount) if row.amount > 0 else (-row.amount, "")
        write((f"{row.day:%d/%m/%Y}", row.words, debit, credit, balance))
    return out.getvalue().encode()


def _link(stage: Memory, entry_id: uuid.UUID, line: BankLine) -> None:
    match_line.link(stage.session, line.id, [entry_id], person_id=stage.staff["finance"])


def _acquire(stage: Memory, day: date, line: BankLine) -> None:
    match_line.acquired(stage.session, line.id, day, person_id=stage.staff["finance"])


def _aside(stage: Memory, reason: str, line: BankLine) -> None:
    match_line.set_aside(stage.session, line.id, reason=reason, person_id=stage.staff["finance"])
