"""Bank statements as files and as lines kept in the shop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.payments.keep_statement import hold, keep, read_with
from shop.payments.models_bank import BankFile, BankLine
from shop.payments.queries_bank import maps, shop_account

Row = tuple[date, str, int]
HEADINGS = "Tanggal,Keterangan,Debit,Kredit,Saldo"


def csv(rows: Iterable[Row], *, opening: int = 1_000_000, headings: str = HEADINGS) -> bytes:
    """A statement with these payments (day, words, rupiah), oldest first, and its balances."""
    lines, balance = [headings], opening
    for day, words, amount in rows:
        balance += amount
        out, came = (str(-amount), "") if amount < 0 else ("", str(amount))
        lines.append(f"{day:%d/%m/%Y},{words},{out},{came},{balance}")
    return "\n".join(lines).encode()


def keep_csv(session: Session, data: bytes) -> BankFile:
    """Upload a statement and keep it."""
    statement, chosen = read_with(data, maps(session), shop_account(session))
    assert statement is not None
    file = hold(session, data, "mutasi.csv", chosen, None)
    return keep(session, file.id, statement, person_id=None)


def make_line(
    session: Session, amount: int, words: str = "TRSF", *, day: date | None = None
) -> BankLine:
    """One line of a statement of its own."""
    today = day or clock.today()
    opening = 1_000_000 + (session.query(BankLine).count() + 1) * 7_000_000
    file = keep_csv(session, csv([(today, words, amount)], opening=opening))
    return session.scalars(select(BankLine).where(BankLine.file_id == file.id)).one()


def days_ago(days: int) -> date:
    """A day of the past."""
    return clock.today() - timedelta(days=days)
