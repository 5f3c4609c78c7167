"""A browser wants to be told by push, or not any more."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from shop.accounts.by_push import check_endpoint
from shop.accounts.models import PushSubscription
from shop.config import PushConfig
from shop.core import clock
from shop.core.web_push import check_subscription

MOST = 8
"""Browsers of one reader; of more, the oldest are left out."""
_LONGEST = 600


class BadSubscription(ValueError):
    """Not what a browser gives who wants to be told."""


def subscribe(
    session: Session,
    push: PushConfig,
    *,
    endpoint: str,
    public_key: str,
    secret: str,
    person_id: uuid.UUID | None = None,
    order_id: uuid.UUID | None = None,
) -> None:
    """From now on this browser is told what its person, or who follows this order, is told.

    Doing it again changes nothing but the keys. A browser is told of one person only, the last who
    asked. Raises `BadSubscription`.
    """
    try:
        check_endpoint(push, endpoint)
        check_subscription(public_key, secret)
    except ValueError as error:
        raise BadSubscription from error
    if len(endpoint) > _LONGEST:
        raise BadSubscription
    if person_id is not None:
        _end(session, PushSubscription.endpoint == endpoint, PushSubscription.order_id.is_(None))
    else:
        _end(session, PushSubscription.endpoint == endpoint, PushSubscription.order_id == order_id)
    mine = session.scalars(
        select(PushSubscription)
        .where(_of(person_id, order_id), PushSubscription.gone_at.is_(None))
        .order_by(PushSubscription.created_at.desc())
    ).all()
    for old in mine[MOST - 1 :]:
        old.gone_at = clock.now()
    _write(session, endpoint, public_key, secret, person_id, order_id)


def unsubscribe(
    session: Session,
    endpoint: str,
    *,
    person_id: uuid.UUID | None = None,
    order_id: uuid.UUID | None = None,
) -> None:
    """Tell this browser nothing more of this."""
    _end(session, PushSubscription.endpoint == endpoint, _of(person_id, order_id))


def _write(
    session: Session,
    endpoint: str,
    public_key: str,
    secret: str,
    person_id: uuid.UUID | None,
    order_id: uuid.UUID | None,
) -> None:
    row = session.scalar(
        select(PushSubscription).where(
            PushSubscription.endpoint == endpoint, _of(person_id, order_id)
        )
    )
    if row is None:
        row = PushSubscription(endpoint=endpoint, person_id=person_id, order_id=order_id)
        session.add(row)
    row.public_key, row.secret, row.gone_at = public_key, secret, None


def _of(person_id: uuid.UUID | None, order_id: uuid.UUID | None) -> ColumnElement[bool]:
    if person_id is not None:
        return PushSubscription.person_id == person_id
    return PushSubscription.order_id == order_id


def _end(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        update(PushSubscription)
        .where(*which, PushSubscription.gone_at.is_(None))
        .values(gone_at=clock.now())
    )
