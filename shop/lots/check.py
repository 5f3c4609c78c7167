"""Proving the lots: parts equal wholes, and what was settled is in the books."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind, EntryKind
from shop.lots.models import DeliveryNote, Lot, LotPart, LotSale
from shop.lots.states import LotState, NoteState


def check_lots(session: Session) -> list[Finding]:
    """Every rule of lots, one finding each."""
    settled = count(
        session,
        select(func.count()).select_from(Lot).where(Lot.state == LotState.SETTLED.value),
    )
    return [
        found("every settled lot is the sum of its parts", settled, _wrong_sums(session)),
        found("every settled lot counts just its notes", settled, _wrong_weights(session)),
        found("every settled lot is in the books", settled, _wrong_books(session)),
    ]


def _wrong_sums(session: Session) -> Iterator[str]:
    parts = (
        select(LotPart.lot_id, func.sum(LotPart.amount).label("amount"))
        .group_by(LotPart.lot_id)
        .subquery()
    )
    sold = (
        select(LotSale.lot_id, func.sum(LotSale.gross).label("gross"),
               func.sum(LotSale.net).label("net"))
        .group_by(LotSale.lot_id)
        .subquery()
    )  # fmt: skip
    shared = func.coalesce(parts.c.amount, 0)
    gross, net = func.coalesce(sold.c.gross, 0), func.coalesce(sold.c.net, 0)
    rows = session.execute(
        select(Lot.id, Lot.shared, shared, Lot.gross, gross)
        .outerjoin(parts, parts.c.lot_id == Lot.id)
        .outerjoin(sold, sold.c.lot_id == Lot.id)
        .where(
            Lot.state == LotState.SETTLED.value,
            or_(Lot.shared != shared, Lot.gross != gross, Lot.gross - Lot.fees != net),
        )
    )
    return (f"lot {id_}: {a} in parts of {b}, sold {c} of {d}" for id_, a, b, c, d in rows)


def _wrong_weights(session: Session) -> Iterator[str]:
    weight = func.sum(DeliveryNote.grams * DeliveryNote.weight)
    notes = (
        select(DeliveryNote.lot_id, weight.label("graded"))
        .where(DeliveryNote.state != NoteState.WITHDRAWN.value)
        .group_by(DeliveryNote.lot_id)
        .subquery()
    )
    parts = (
        select(LotPart.lot_id, func.sum(LotPart.graded).label("graded"))
        .group_by(LotPart.lot_id)
        .subquery()
    )
    rows = session.execute(
        select(Lot.id, Lot.graded, notes.c.graded, parts.c.graded)
        .outerjoin(notes, notes.c.lot_id == Lot.id)
        .outerjoin(parts, parts.c.lot_id == Lot.id)
        .where(
            Lot.state == LotState.SETTLED.value,
            or_(
                Lot.graded != func.coalesce(notes.c.graded, 0),
                Lot.graded != func.coalesce(parts.c.graded, 0),
            ),
        )
    )
    return (f"lot {id_}: {own}, notes {notes_}, parts {hers}" for id_, own, notes_, hers in rows)


def _wrong_books(session: Session) -> Iterator[str]:
    booked = {
        (group_id, kind, member_id): int(amount)
        for group_id, kind, member_id, amount in session.execute(
            select(Entry.group_id, Account.kind, Account.member_id, func.sum(Posting.amount))
            .join(Posting, Posting.entry_id == Entry.id)
            .join(Account, Account.id == Posting.account_id)
            .where(Entry.kind == EntryKind.LOT_SETTLED.value)
            .group_by(Entry.group_id, Account.kind, Account.member_id)
        )
    }
    wanted: dict[tuple[uuid.UUID | None, str, uuid.UUID | None], int] = {}
    for lot in session.scalars(select(Lot).where(Lot.state == LotState.SETTLED.value)):
        fund = lot.coop_fee - lot.lost
        wanted[lot.id, AccountKind.POOL.value, None] = fund + lot.shared
        wanted[lot.id, AccountKind.FUND.value, None] = -fund
    for part in session.scalars(select(LotPart)):
        wanted[part.lot_id, AccountKind.MEMBER.value, part.member_id] = part.deducted - part.amount
        wanted[part.lot_id, AccountKind.ADVANCE.value, part.member_id] = -part.deducted
    for place in {**booked, **wanted}:
        if booked.get(place, 0) != wanted.get(place, 0):
            yield f"lot {place[0]}: {place[1]} has {booked.get(place, 0)}, not {wanted.get(place)}"
