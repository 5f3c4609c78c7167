"""A bank statement is uploaded, looked at, and kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.payments.bank import BadStatement, BankFault, ColumnMap, Line, Statement, read
from shop.payments.models_bank import BankFile, BankLine, BankMap
from shop.payments.states_bank import LineState

_LONGEST = 400
_UNKEPT_FOR = timedelta(days=2)
_COUNTED_ASIDE = (BankFault.NOT_WHOLE_RUPIAH, BankFault.STANDS_TWICE)
"""Lines of which money may have moved although nobody books them."""


class OtherAccount(ValueError):
    """The statement is of another account than the programme's; it says which."""


@dataclass(frozen=True)
class Understood:
    """What a file says, and what of it is new here: shown before anything is kept."""

    statement: Statement
    booked: tuple[Line, ...]
    """Oldest first, without what is pending."""
    known: frozenset[str]
    """The fingerprints that stand here already."""

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        found = [line.booked_on for line in self.statement.lines]
        found += [line.booked_on for line in self.statement.set_aside]
        return min(found), max(found)

    @property
    def new(self) -> int:
        """How many lines would be added."""
        return len(self.booked) - len(self.known)

    @property
    def pending(self) -> list[Line]:
        """What the bank has not booked yet."""
        return [line for line in self.statement.lines if line.pending]

    @property
    def balance_after(self) -> int | None:
        """The bank's balance after the last booked line."""
        return self.booked[-1].balance if self.booked else None


def read_with(
    data: bytes, maps: Iterable[ColumnMap], account: str
) -> tuple[Statement | None, ColumnMap | None]:
    """Read a file, where no bank is known by its headings by the first of `maps` that fits.

    None for the statement where a map has to be made first. Asks no database.
    Raises `BadStatement` where the file cannot be trusted, `OtherAccount`.
    """
    try:
        return _ours(read(data, account=account), account), None
    except BadStatement as refused:
        if refused.fault is not BankFault.UNKNOWN_HEADINGS:
            raise
    for chosen in maps:
        try:
            found = read(data, column_map=chosen, account=account)
        except BadStatement as other:
            if other.fault is BankFault.BAD_MAP:
                continue
            raise
        return _ours(found, account), chosen
    return None, None


def read_by(data: bytes, chosen: ColumnMap | None, account: str) -> Statement:
    """Read a file by the map that was set for it. Raises `BadStatement`, `OtherAccount`."""
    return _ours(read(data, column_map=chosen, account=account), account)


def hold(
    session: Session, data: bytes, name: str, chosen: ColumnMap | None, person_id: uuid.UUID | None
) -> BankFile:
    """Lay a file aside until somebody has looked at what was understood; the same file once.

    Files that nobody kept are forgotten after two days.
    """
    session.execute(
        delete(BankFile).where(
            BankFile.kept_at.is_(None), BankFile.uploaded_at < clock.now() - _UNKEPT_FOR
        )
    )
    digest = sha256(data).hexdigest()
    insert_once(
        session, BankFile,
        id=ids.new_id(), sha256=digest, name=name[:120], content=data,
        column_map=chosen.to_json() if chosen else None, uploaded_at=clock.now(),
        uploaded_by=person_id, bank="", account="", read=0, added=0, aside=0,
    )  # fmt: skip
    return session.scalars(select(BankFile).where(BankFile.sha256 == digest)).one()


def set_map(
    session: Session,
    file: BankFile,
    bank: str,
    chosen: ColumnMap,
    person_id: uuid.UUID | None,
) -> None:
    """Use this map for the file and for the next ones of this bank."""
    file.column_map = chosen.to_json()
    row = session.get(BankMap, bank[:40]) or BankMap(bank=bank[:40])
    row.column_map, row.set_at, row.set_by = chosen.to_json(), clock.now(), person_id
    session.add(row)
    session.flush()
    audit.write(session, person_id, "bank.map", "bank_file", file.id, bank=bank[:40])


def understood(session: Session, statement: Statement) -> Understood:
    """What of a statement is new here."""
    lines = statement.lines[::-1] if statement.newest_first else statement.lines
    booked = tuple(line for line in lines if not line.pending)
    prints = [line.fingerprint for line in booked]
    known: set[str] = set()
    for at in range(0, len(prints), 500):
        some = prints[at : at + 500]
        known |= set(
            session.scalars(select(BankLine.fingerprint).where(BankLine.fingerprint.in_(some)))
        )
    return Understood(statement, booked, frozenset(known))


def keep(
    session: Session, file_id: uuid.UUID, statement: Statement, *, person_id: uuid.UUID | None
) -> BankFile:
    """Keep the lines of a file that do not stand here yet; again changes nothing.

    What is pending is left out: it comes with a later statement.
    """
    file = session.get_one(BankFile, file_id, populate_existing=True, with_for_update=True)
    if file.kept_at is not None:
        return file
    found = understood(session, statement)
    file.kept_at, file.kept_by = clock.now(), person_id
    file.first_day, file.last_day = found.days
    file.bank, file.account = statement.bank, statement.account[:40]
    file.read = len(found.booked)
    file.aside = sum(line.reason in _COUNTED_ASIDE for line in statement.set_aside)
    file.balance_after = found.balance_after
    if found.booked and found.booked[0].balance is not None:
        file.balance_before = found.booked[0].balance - found.booked[0].amount
    session.flush()
    file.added = sum(_keep_line(session, file_id, line) for line in found.booked)
    session.flush()
    audit.write(
        session, person_id, "bank.keep", "bank_file", file_id, read=file.read, added=file.added
    )
    return file


def _keep_line(session: Session, file_id: uuid.UUID, line: Line) -> bool:
    return insert_once(
        session, BankLine,
        id=ids.new_id(), fingerprint=line.fingerprint, file_id=file_id, number=line.number,
        booked_on=line.booked_on, at=line.time, amount=line.amount,
        description=line.description[:_LONGEST], balance=line.balance,
        state=LineState.NEW.value, reason="",
    )  # fmt: skip


def _ours(statement: Statement, account: str) -> Statement:
    """The statement, if its account can be the programme's: banks hide figures behind an x."""
    theirs, ours = _figures(statement.account), _figures(account)
    if theirs and ours:
        same = len(theirs) == len(ours) and all(
            "x" in (one, other) or one == other for one, other in zip(theirs, ours, strict=True)
        )
        if not same:
            raise OtherAccount(statement.account)
    return statement


def _figures(account: str) -> str:
    plain = account.lower().replace("*", "x")
    return "".join(one for one in plain if one.isdigit() or one == "x")
