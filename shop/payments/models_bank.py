"""Statements of the programme's bank account, their lines, and what was matched with them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.moves import MoveRow
from shop.payments.states_bank import LineState


class BankFile(Base):
    """A statement as staff uploaded it, by its content; kept (`kept_at`) once they looked at it.

    The rest is filled in when it is kept: `account` as the file names it, the days it is about, and
    the bank's balances before its first line and after its last one, where it says them.
    `aside` counts lines that no program may book; `column_map` is JSON, for a bank not known here.
    """

    __tablename__ = "bank_files"
    __table_args__ = (
        CheckConstraint(
            "kept_at IS NULL OR (first_day IS NOT NULL AND last_day IS NOT NULL)", name="kept_whole"
        ),
        Index("ix_bank_files_kept", "kept_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    column_map: Mapped[str | None] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    uploaded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    kept_at: Mapped[datetime | None]
    kept_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    bank: Mapped[str] = mapped_column(String(20), default="")
    account: Mapped[str] = mapped_column(String(40), default="")
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    balance_before: Mapped[int | None] = mapped_column(BigInteger)
    balance_after: Mapped[int | None] = mapped_column(BigInteger)
    read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    aside: Mapped[int] = mapped_column(default=0)


class BankLine(Base):
    """One booked line of a statement, once however many files it stands in.

    `amount` rupiah came in, or went out where it is below zero. `reason` says why it was set aside.
    For an acquirer's line, `sales_day` is the day it pays for, `gross` what was sold, as it says.
    """

    __tablename__ = "bank_lines"
    __table_args__ = (
        one_of("state", LineState),
        CheckConstraint("amount <> 0", name="moves_something"),
        CheckConstraint("state <> 'aside' OR reason <> ''", name="aside_has_reason"),
        CheckConstraint("(sales_day IS NULL) = (gross IS NULL)", name="day_has_gross"),
        Index("ix_bank_lines_state", "state", "booked_on"),
        Index("ix_bank_lines_file", "file_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    fingerprint: Mapped[str] = mapped_column(String(32), unique=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_files.id"))
    number: Mapped[int]
    booked_on: Mapped[date]
    at: Mapped[time | None]
    amount: Mapped[int] = mapped_column(BigInteger)
    description: Mapped[str] = mapped_column(String(400))
    balance: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default=LineState.NEW.value)
    reason: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    sales_day: Mapped[date | None]
    gross: Mapped[int | None] = mapped_column(BigInteger)
    file: Mapped[BankFile] = relationship()


class BankLineEvent(MoveRow, Base):
    """A move in the life of a line."""

    __tablename__ = "bank_line_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_lines.id"), index=True)


class BankMatch(Base):
    """This line is that entry of the journal, or a part of it: no entry stands on two lines.

    `made` says that it was booked because of the line; else it stood there before.
    """

    __tablename__ = "bank_matches"
    __table_args__ = (UniqueConstraint("entry_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_lines.id"), index=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("entries.id"))
    made: Mapped[bool]


class BankMap(Base):
    """The column map staff set for a bank that is not known here, to be used the next time."""

    __tablename__ = "bank_maps"

    bank: Mapped[str] = mapped_column(String(40), primary_key=True)
    column_map: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    set_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class MoneyCheck(Base):
    """What one comparison of books, orders, providers and bank found."""

    __tablename__ = "money_checks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    checked_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    result: Mapped[dict[str, Any]]
