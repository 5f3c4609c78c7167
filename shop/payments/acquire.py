"""A gateway paid a day's sales into the bank, less what it keeps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock
from shop.core.money import Rupiah
from shop.ledger.models import Entry
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.reverse import reverse
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.models_gateway import Acquired


class OtherFigures(Exception):
    """This day is booked under this reference, with other figures; `known` is how."""

    def __init__(self, known: Acquired) -> None:
        super().__init__(known.reference)
        self.known = known


class NotYet(ValueError):
    """The day has not come."""


@dataclass(frozen=True)
class Sheet:
    """What the gateway's statement says of one day; whole rupiah, `credited` = `gross` - `fee`."""

    provider: str
    day: date
    gross: int
    fee: int
    reference: str


def acquire(session: Session, sheet: Sheet, *, person_id: uuid.UUID | None) -> Acquired:
    """Book what the gateway paid into the bank for a day, once for each bank reference.

    The same again changes nothing. Raises `NotYet`, `OtherFigures`.
    """
    if sheet.day > clock.today():
        raise NotYet(sheet.day)
    lock_books(session)
    known = session.scalars(
        select(Acquired).where(
            Acquired.provider == sheet.provider,
            Acquired.day == sheet.day,
            Acquired.reference == sheet.reference,
        )
    ).first()
    if known is not None:
        if (known.gross, known.fee) != (sheet.gross, sheet.fee):
            raise OtherFigures(known)
        return known
    row = Acquired(
        provider=sheet.provider, day=sheet.day, reference=sheet.reference,
        gross=Rupiah(sheet.gross), fee=Rupiah(sheet.fee), booked_by=person_id,
    )  # fmt: skip
    session.add(row)
    session.flush()  # the entry is keyed by the row's id
    legs = [
        Leg(AccountKind.BANK, sheet.gross - sheet.fee),
        Leg(AccountKind.ACQUIRING, sheet.fee),
        Leg(AccountKind.GATEWAY, -sheet.gross),
    ]
    about = About(person_id=person_id, note=f"{sheet.provider} {sheet.day} {sheet.reference}")
    post(session, EntryKind.ACQUIRED, _key(row), legs, about)
    audit.write(
        session, person_id, "gateway.acquired", "acquired", row.id,
        day=sheet.day.isoformat(), gross=sheet.gross, fee=sheet.fee, reference=sheet.reference,
    )  # fmt: skip
    return row


def undo(session: Session, acquired_id: uuid.UUID, *, person_id: uuid.UUID | None) -> bool:
    """What was booked for a day was wrong: reverse it, so that it can be booked anew.

    False where somebody else did that before.
    """
    lock_books(session)
    row = session.get(Acquired, acquired_id, populate_existing=True)
    if row is None:
        return False
    entry = session.scalars(select(Entry).where(Entry.key == _key(row))).one()
    reverse(session, entry.id, person_id=person_id, note=entry.note)
    audit.write(
        session, person_id, "gateway.undone", "acquired", row.id,
        day=row.day.isoformat(), gross=row.gross, fee=row.fee, reference=row.reference,
    )  # fmt: skip
    session.delete(row)
    session.flush()
    return True


def _key(row: Acquired) -> str:
    return f"{EntryKind.ACQUIRED.value}:{row.id.hex}"
