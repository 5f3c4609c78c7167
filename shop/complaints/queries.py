"""Reading complaints: a buyer's through her order, a seller's through her stall, all for staff."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from shop.complaints.models import Complaint, ComplaintEvent, ComplaintPhoto
from shop.complaints.states import WAITING, ComplaintState
from shop.core.models import Picture
from shop.core.paging import Page
from shop.orders.models import Order, SellerOrder

A_PAGE = 20

CORNERS: dict[str, tuple[ComplaintState, ...]] = {
    "waiting": tuple(sorted(WAITING)),
    "granted": (ComplaintState.GRANTED,),
    "refused": (ComplaintState.REFUSED,),
    "withdrawn": (ComplaintState.WITHDRAWN,),
}
"""The corners of the staff's page, by the word in its address."""


def part_of_buyer(session: Session, token: str, part_id: uuid.UUID) -> SellerOrder | None:
    """A part of the order whose secret link this is."""
    return session.scalars(
        select(SellerOrder)
        .join(SellerOrder.order)
        .where(Order.token == token, SellerOrder.id == part_id)
        .options(
            contains_eager(SellerOrder.order),
            joinedload(SellerOrder.seller),
            selectinload(SellerOrder.lines),
        )
    ).first()


def part_for_staff(session: Session, part_id: uuid.UUID) -> SellerOrder | None:
    """Any part, with its order, seller and lines."""
    return session.scalars(
        select(SellerOrder)
        .where(SellerOrder.id == part_id)
        .options(
            joinedload(SellerOrder.order),
            joinedload(SellerOrder.seller),
            selectinload(SellerOrder.lines),
        )
    ).first()


def of_part(session: Session, part_id: uuid.UUID) -> Sequence[Complaint]:
    """All complaints about a part, newest first."""
    return session.scalars(
        _whole()
        .where(Complaint.seller_order_id == part_id)
        .order_by(Complaint.opened_at.desc(), Complaint.id.desc())
    ).all()


def latest(session: Session, part_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Complaint]:
    """The newest complaint about each of these parts that has one."""
    rows = session.scalars(
        select(Complaint)
        .where(Complaint.seller_order_id.in_(part_ids))
        .order_by(Complaint.opened_at, Complaint.id)
    )
    return {complaint.seller_order_id: complaint for complaint in rows}


def of_seller(session: Session, seller_id: uuid.UUID, number: int) -> Page[Complaint]:
    """One page of what buyers reported of this seller's goods, newest first."""
    mine = Complaint.seller_id == seller_id
    total = session.scalar(select(func.count()).select_from(Complaint).where(mine))
    newest = (Complaint.opened_at.desc(), Complaint.id.desc())
    return _page(session, _whole().where(mine).order_by(*newest), number, total)


def own(session: Session, seller_id: uuid.UUID, complaint_id: uuid.UUID) -> Complaint | None:
    """A complaint, if it is about this seller's goods."""
    mine = (Complaint.id == complaint_id, Complaint.seller_id == seller_id)
    return session.scalars(_whole().where(*mine)).first()


def unanswered(session: Session, seller_id: uuid.UUID) -> Sequence[Complaint]:
    """What this seller has yet to answer, oldest first."""
    return session.scalars(
        select(Complaint)
        .where(Complaint.seller_id == seller_id, Complaint.state == ComplaintState.OPEN.value)
        .order_by(Complaint.opened_at)
        .limit(A_PAGE)
    ).all()


def complaints(session: Session, corner: str, number: int) -> Page[Complaint]:
    """For staff, one page of a corner: what waits oldest first, the decided newest first."""
    states = CORNERS[corner]
    inside = Complaint.state.in_([state.value for state in states])
    total = session.scalar(select(func.count()).select_from(Complaint).where(inside))
    oldest = Complaint.opened_at if corner == "waiting" else Complaint.opened_at.desc()
    return _page(session, _whole().where(inside).order_by(oldest, Complaint.id), number, total)


def complaint(session: Session, complaint_id: uuid.UUID) -> Complaint | None:
    """Any complaint, for staff."""
    return session.scalars(_whole().where(Complaint.id == complaint_id)).first()


def counts(session: Session) -> dict[str, int]:
    """How many complaints lie in each of the staff's corners."""
    rows = session.execute(select(Complaint.state, func.count()).group_by(Complaint.state))
    by_state = {state: number for state, number in rows}  # noqa: C416 - rows are no plain pairs
    return {
        corner: sum(by_state.get(state.value, 0) for state in states)
        for corner, states in CORNERS.items()
    }


def waiting(session: Session) -> int:
    """How many complaints wait for staff to decide."""
    states = [state.value for state in WAITING]
    return session.scalar(select(func.count()).where(Complaint.state.in_(states))) or 0


def events_of(session: Session, complaint_id: uuid.UUID) -> Sequence[ComplaintEvent]:
    """The moves of a complaint, oldest first."""
    return session.scalars(
        select(ComplaintEvent)
        .where(ComplaintEvent.thing_id == complaint_id)
        .order_by(ComplaintEvent.happened_at, ComplaintEvent.id)
    ).all()


def pictures(session: Session, names: Sequence[str]) -> list[Picture]:
    """These kept pictures, in this order."""
    rows = session.scalars(select(Picture).where(Picture.sha256.in_(names)))
    return sorted(rows, key=lambda picture: names.index(picture.sha256))


def picture(session: Session, sha256: str) -> Picture | None:
    """A kept picture by its name."""
    return session.get(Picture, sha256)


def _whole() -> Select[Complaint]:
    part = joinedload(Complaint.part)
    return select(Complaint).options(
        part.joinedload(SellerOrder.order),
        part.selectinload(SellerOrder.lines),
        joinedload(Complaint.seller),
        selectinload(Complaint.photos).joinedload(ComplaintPhoto.picture),
    )


def _page(
    session: Session, chosen: Select[Complaint], number: int, total: int | None
) -> Page[Complaint]:
    rows = session.scalars(chosen.limit(A_PAGE).offset((number - 1) * A_PAGE)).all()
    return Page(rows, number, A_PAGE, total or 0)
