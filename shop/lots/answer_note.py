"""What becomes of a delivery note: its member confirms it, or it is withdrawn."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.lifecycle import move
from shop.lots.hold import hold_lot, weigh
from shop.lots.models import DeliveryNote, DeliveryNoteEvent, Lot
from shop.lots.states import DELIVERY_NOTE, NoteState
from shop.sellers.models import SellerMember


class NotHers(PermissionError):
    """Only the member herself can say it; where she cannot sign in, somebody else than the one who
    wrote it down.
    """


class NoReason(Exception):
    """Nothing was said."""


def confirm(session: Session, note: DeliveryNote, person_id: uuid.UUID) -> None:
    """It is as she brought it. Raises `NotHers`, `IllegalMove`."""
    actor = speaks_as(session.get_one(SellerMember, note.member_id), note, person_id)
    if actor is None:
        raise NotHers
    _move(session, note, NoteState.CONFIRMED, actor, person_id)


def withdraw(session: Session, note: DeliveryNote, person_id: uuid.UUID, words: str) -> None:
    """It was a mistake: it counts no more, and its weight leaves the stock again.

    Raises `NoReason`, `Settled`, `IllegalMove`.
    """
    why = words.strip()[:300]
    if not why:
        raise NoReason
    pooled = hold_lot(session, session.get_one(Lot, note.lot_id))
    _move(session, note, NoteState.WITHDRAWN, "keeper", person_id, why)
    weigh(session, pooled, -note.grams, key=f"unnote:{note.id.hex}", person_id=person_id)
    audit.write(session, person_id, "note.withdraw", "delivery_note", note.id, reason=why)


def speaks_as(member: SellerMember, note: DeliveryNote, person_id: uuid.UUID | None) -> str | None:
    """As whom somebody may confirm a note of this member; None for nobody."""
    if member.person_id is not None:
        return "member" if member.person_id == person_id else None
    return "witness" if note.person_id != person_id else None


def _move(
    session: Session,
    note: DeliveryNote,
    target: NoteState,
    actor: str,
    person_id: uuid.UUID,
    words: str | None = None,
) -> None:
    move(
        session, DELIVERY_NOTE, cast("Table", DeliveryNote.__table__),
        cast("Table", DeliveryNoteEvent.__table__), note.id, target,
        actor=actor, person_id=person_id, reason=words, extra={"why": words} if words else {},
    )  # fmt: skip
    session.expire(note, ["state", "why"])
