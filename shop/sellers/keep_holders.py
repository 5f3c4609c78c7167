"""Staff keep the list of who takes buyers' cash for sellers: couriers, and some pick-up points."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.sellers.models import PickupPoint
from shop.sellers.models_holder import CashHolder, HolderKind


class NameTaken(Exception):
    """Another courier has this name: sellers could not tell them apart."""


def add_courier(
    session: Session, person_id: uuid.UUID | None, *, name: str, phone: str
) -> CashHolder:
    """A new courier; `phone` is E.164 or empty. Raises `NameTaken`."""
    _check(session, name, None)
    holder = CashHolder(id=ids.new_id(), kind=HolderKind.COURIER.value, name=name, phone=phone)
    session.add(holder)
    session.flush()
    audit.write(session, person_id, "courier.add", "cash_holder", holder.id, name=name)
    return holder


def edit_courier(
    session: Session, holder_id: uuid.UUID, person_id: uuid.UUID | None, *, name: str, phone: str
) -> None:
    """Another name or number; `phone` is E.164 or empty. Raises `NameTaken`."""
    _check(session, name, holder_id)
    holder = session.get_one(CashHolder, holder_id)
    holder.name, holder.phone = name, phone
    session.flush()
    audit.write(session, person_id, "courier.edit", "cash_holder", holder_id, name=name)


def leave(session: Session, holder_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """No cash any more; what it carries it still owes. A second time changes nothing."""
    holder = session.get_one(CashHolder, holder_id, with_for_update=True)
    if holder.left_at is None:
        holder.left_at = clock.now()
        audit.write(session, person_id, "courier.leave", "cash_holder", holder_id)


def come_back(session: Session, holder_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """It takes cash again. A second time changes nothing."""
    holder = session.get_one(CashHolder, holder_id, with_for_update=True)
    if holder.left_at is not None:
        holder.left_at = None
        audit.write(session, person_id, "courier.back", "cash_holder", holder_id)


def let_point(session: Session, point_id: uuid.UUID, person_id: uuid.UUID | None) -> CashHolder:
    """This pick-up point takes cash from now on. A second time changes nothing."""
    point = session.get_one(PickupPoint, point_id, with_for_update=True)
    holder = session.scalars(select(CashHolder).where(CashHolder.point_id == point_id)).first()
    if holder is None:
        holder = CashHolder(
            id=ids.new_id(), kind=HolderKind.POINT.value, name=point.name, phone=point.phone,
            point_id=point_id,
        )  # fmt: skip
        session.add(holder)
        session.flush()
        audit.write(session, person_id, "courier.add", "cash_holder", holder.id, name=point.name)
    come_back(session, holder.id, person_id)
    return holder


def takers(session: Session, point_id: uuid.UUID | None = None) -> Sequence[CashHolder]:
    """Who may be named to take the cash of an order: couriers, and the point where it is fetched.

    By name; those that left are not among them.
    """
    fits: ColumnElement[bool] = CashHolder.kind == HolderKind.COURIER.value
    if point_id is not None:
        fits = fits | (CashHolder.point_id == point_id)
    return session.scalars(
        select(CashHolder).where(CashHolder.left_at.is_(None), fits).order_by(CashHolder.name)
    ).all()


def all_holders(session: Session) -> Sequence[CashHolder]:
    """Everybody who takes cash or ever did: those that still do first, by name."""
    return session.scalars(
        select(CashHolder).order_by(CashHolder.left_at.is_not(None), CashHolder.name)
    ).all()


def _check(session: Session, name: str, own_id: uuid.UUID | None) -> None:
    same = session.scalar(
        select(CashHolder.id).where(
            CashHolder.kind == HolderKind.COURIER.value,
            CashHolder.name == name,
            CashHolder.left_at.is_(None),
        )
    )
    if same not in (None, own_id):
        raise NameTaken
