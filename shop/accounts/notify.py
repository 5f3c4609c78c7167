"""Telling people what happened: kept for the studio, and mailed where mail is set up."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from shop.accounts.models import Channel, Notification, NotificationSend, Person
from shop.core import clock, ids, outbox

MAIL = "notification.mail"


def tell(
    session: Session,
    person_ids: Iterable[uuid.UUID],
    kind: str,
    *,
    seller_id: uuid.UUID | None = None,
    link: str = "",
    event: str = "",
    **detail: Any,
) -> None:
    """Tell each of these people, once each. `kind` names the words (`accounts.news`).

    `event` names what happened: whoever was told of it already is not told again.

    `link` is a path of this shop; `detail` holds plain JSON values that the words use.
    """
    told = list(dict.fromkeys(person_ids))
    mailed = set(
        session.scalars(select(Person.id).where(Person.id.in_(told), Person.email.is_not(None)))
    )
    for person_id in told:
        notification = Notification(
            id=ids.new_id(),
            key=f"{kind}:{event or ids.new_id().hex}:{person_id.hex}",
            person_id=person_id,
            seller_id=seller_id,
            kind=kind,
            link=link,
            detail=detail,
        )
        session.add(notification)
        if person_id in mailed:
            _by_mail(session, notification.id)


def _by_mail(session: Session, notification_id: uuid.UUID) -> None:
    session.add(
        NotificationSend(
            notification_id=notification_id,
            key=f"mail:{notification_id.hex}",
            channel=Channel.MAIL.value,
        )
    )
    outbox.send(session, MAIL, notification_id=str(notification_id))


def mark_seen(
    session: Session,
    person_id: uuid.UUID,
    *,
    before: date | None = None,
    seller_id: uuid.UUID | None = None,
) -> None:
    """A person's news counts as seen.

    With `before`, only news from before that day; with `seller_id`, not that of other sellers.
    """
    news = update(Notification).where(
        Notification.person_id == person_id, Notification.seen_at.is_(None)
    )
    if before is not None:
        news = news.where(Notification.created_at < clock.day_start(before))
    if seller_id is not None:
        news = news.where(
            or_(Notification.seller_id.is_(None), Notification.seller_id == seller_id)
        )
    session.execute(news.values(seen_at=clock.now()))
