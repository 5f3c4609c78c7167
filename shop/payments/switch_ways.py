"""Switching a way to pay off and on, for the programme or by a seller for what she sells."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.payments.models_stray import WayOff
from shop.payments.queries_ways import closed
from shop.payments.states import Method
from shop.sellers.models import Seller


class LastWay(ValueError):
    """Without this one nobody could pay any more."""


def switch_off(
    session: Session,
    method: Method,
    *,
    seller_id: uuid.UUID | None,
    offered: Collection[Method],
    person_id: uuid.UUID | None,
) -> None:
    """From now on no new order is paid this way; those that are placed stay as they are.

    `offered` are the ways that shop can take. Without a seller it counts for the whole programme.
    Doing it twice changes nothing. Raises `LastWay`.
    """
    if seller_id is not None:  # of two presses at once the second sees what the first left
        session.scalars(select(Seller.id).where(Seller.id == seller_id).with_for_update()).one()
    off = closed(session, [seller_id] if seller_id else [])
    if not [way for way in offered if way not in off and way is not method]:
        raise LastWay(method)
    written = insert_once(
        session, WayOff, id=ids.new_id(), method=method.value, seller_id=seller_id,
        since=clock.now(), off_by=person_id,
    )  # fmt: skip
    if written:
        _audit(session, "way.off", method, seller_id, person_id)


def switch_on(
    session: Session,
    method: Method,
    *,
    seller_id: uuid.UUID | None,
    person_id: uuid.UUID | None,
) -> None:
    """Take it again. Doing it twice changes nothing."""
    whose = WayOff.seller_id.is_(None) if seller_id is None else WayOff.seller_id == seller_id
    done = session.execute(
        update(WayOff)
        .where(WayOff.method == method.value, WayOff.until.is_(None), whose)
        .values(until=clock.now(), on_by=person_id)
        .returning(WayOff.id)
    ).all()
    if done:
        _audit(session, "way.on", method, seller_id, person_id)


def _audit(
    session: Session,
    action: str,
    method: Method,
    seller_id: uuid.UUID | None,
    person_id: uuid.UUID | None,
) -> None:
    about = ("seller", seller_id) if seller_id else ("shop_settings", "1")
    audit.write(session, person_id, action, *about, method=method.value)
