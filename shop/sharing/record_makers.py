"""Writing down who made which pieces of a sale, before its money is shared."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.ledger import sales
from shop.ledger.post import lock_books
from shop.sharing.members import members_on
from shop.sharing.models import LineMaker, SharedSale
from shop.sharing.purse import NotMember

Made = Mapping[uuid.UUID, Mapping[uuid.UUID, int]]
"""Line → member → pieces."""


class TooLate(Exception):
    """It is shared already, or nothing of it is left to be made."""


class WrongPieces(Exception):
    """The pieces of a line do not add up: it has `pieces`."""

    def __init__(self, line_id: uuid.UUID, pieces: int) -> None:
        super().__init__(f"{line_id}: {pieces}")
        self.line_id = line_id
        self.pieces = pieces


def record_makers(
    session: Session,
    seller_id: uuid.UUID,
    sale_id: uuid.UUID,
    made: Made,
    *,
    person_id: uuid.UUID | None,
) -> None:
    """Write down who made what of a sale, in place of what was written before.

    A line without pieces has no record and is shared equally. Doing it twice changes nothing.
    Raises `LookupError` for a sale that is not hers, `TooLate`, `WrongPieces`, `NotMember`.
    """
    lock_books(session)  # a completion shares by what stands, so it must not come in between
    sale = sales.sales(session, [sale_id]).get(sale_id)
    if sale is None or sale.seller_id != seller_id:
        raise LookupError(sale_id)
    if sale.ended or _shared(session, sale_id):
        raise TooLate
    lines = {line.id: line for line in sale.lines}
    members = {member.id for member in members_on(session, seller_id, sale.sold_on)}
    for line_id, by in made.items():
        if line_id not in lines:
            raise LookupError(line_id)
        if not by.keys() <= members:
            raise NotMember
        total = sum(by.values())
        if min(by.values(), default=0) < 0 or total not in (0, lines[line_id].pieces):
            raise WrongPieces(line_id, lines[line_id].pieces)
    session.execute(delete(LineMaker).where(LineMaker.line_id.in_(made)))
    session.add_all(
        LineMaker(line_id=line_id, member_id=member_id, pieces=pieces, person_id=person_id)
        for line_id, by in made.items()
        for member_id, pieces in by.items()
        if pieces
    )
    session.flush()


def _shared(session: Session, sale_id: uuid.UUID) -> bool:
    found = session.scalar(select(SharedSale.id).where(SharedSale.sale_id == sale_id))
    return found is not None
