"""Telling people what happened: kept for the studio or the order's page, and sent (`sending`).

One row for each reader and event. The database's unique key is the last word on that, so telling
the same event again is harmless.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shop.accounts import readers
from shop.accounts.models import (
    Channel,
    Notification,
    NotificationSend,
    Person,
    PushSubscription,
)
from shop.accounts.whatsapp_words import TEMPLATES
from shop.core import clock, ids, outbox

SEND = "notification.send"
_LONGEST_EVENT = 66


@dataclass(frozen=True)
class Told:
    """Something that happened, for several people; see `tell`."""

    person_ids: Iterable[uuid.UUID]
    seller_id: uuid.UUID | None = None
    link: str = ""
    event: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Way:
    channel: Channel
    subscription_id: uuid.UUID | None = None


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
    tell_all(session, kind, [Told(person_ids, seller_id, link, event, detail)])


def tell_all(session: Session, kind: str, news: Sequence[Told]) -> None:
    """Tell several things of one kind in as many statements as one."""
    rows = [
        _row(
            kind, one.event, person_id, person_id=person_id, seller_id=one.seller_id,
            link=one.link, detail=one.detail,
        )
        for one in news
        for person_id in dict.fromkeys(one.person_ids)
    ]  # fmt: skip
    fresh = _keep(session, rows)
    ways = _ways_to(session, {row["person_id"] for row in fresh})
    for row in fresh:
        _send(session, row["id"], kind, ways.get(row["person_id"], ()))


def tell_buyer(
    session: Session,
    order_id: uuid.UUID,
    kind: str,
    *,
    event: str,
    link: str = "",
    **detail: Any,
) -> None:
    """Tell whoever placed this order, on its page and by the ways she agreed to; as `tell`."""
    row = _row(kind, event, order_id, order_id=order_id, link=link, detail=detail)
    if not _keep(session, [row]):
        return
    buyer = readers.buyer(session, order_id)
    ways = [_Way(Channel.PUSH, one) for one in _followers(session, order_id)]
    if buyer.email:
        ways.append(_Way(Channel.MAIL))
    if buyer.whatsapp:
        ways.append(_Way(Channel.WHATSAPP))
    _send(session, row["id"], kind, ways)


def just_now(thing_id: uuid.UUID) -> str:
    """Names, for `event`, what is done to a thing now, where its life cycle lets it happen once."""
    return f"{thing_id.hex}:{clock.now():%Y%m%d%H%M%S%f}"


def _row(kind: str, event: str, reader_id: uuid.UUID, **values: Any) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "key": f"{kind}:{_short(event or ids.new_id().hex)}:{reader_id.hex}",
        "kind": kind,
        "created_at": clock.now(),
        "person_id": None,
        "order_id": None,
        "seller_id": None,
    } | values


def _short(event: str) -> str:
    """An event's name as it fits into the key: a long one by its hash."""
    return event if len(event) <= _LONGEST_EVENT else sha256(event.encode()).hexdigest()


def _keep(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Insert what was not told before; returns these rows."""
    if not rows:
        return []
    session.flush()  # whom it is about may be new, too
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    kept = session.scalars(
        dialect.insert(Notification)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Notification.id)
    )
    fresh = set(kept)
    return [row for row in rows if row["id"] in fresh]


def _ways_to(
    session: Session, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Collection[_Way]]:
    """By which ways these people can be reached."""
    if not person_ids:
        return {}
    found: dict[uuid.UUID, dict[_Way, None]] = {}
    rows = session.execute(
        select(Person.id, Person.email, Person.whatsapp_ok_at, PushSubscription.id)
        .outerjoin(
            PushSubscription,
            (PushSubscription.person_id == Person.id) & PushSubscription.gone_at.is_(None),
        )
        .where(Person.id.in_(person_ids))
    )
    for person_id, email, whatsapp_ok_at, subscription_id in rows:
        ways = found.setdefault(person_id, {})
        if email:
            ways[_Way(Channel.MAIL)] = None
        if whatsapp_ok_at:
            ways[_Way(Channel.WHATSAPP)] = None
        if subscription_id:
            ways[_Way(Channel.PUSH, subscription_id)] = None
    return {person_id: list(ways) for person_id, ways in found.items()}


def _followers(session: Session, order_id: uuid.UUID) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(PushSubscription.id).where(
            PushSubscription.order_id == order_id, PushSubscription.gone_at.is_(None)
        )
    ).all()


def _send(session: Session, notification_id: uuid.UUID, kind: str, ways: Iterable[_Way]) -> None:
    """Write down a message for each way, and the work of sending it."""
    for way in ways:
        if way.channel is Channel.WHATSAPP and kind not in TEMPLATES:
            continue
        to = f":{way.subscription_id.hex}" if way.subscription_id else ""
        send = NotificationSend(
            id=ids.new_id(),
            notification_id=notification_id,
            key=f"{way.channel}:{notification_id.hex}{to}",
            channel=way.channel.value,
            subscription_id=way.subscription_id,
        )
        session.add(send)
        outbox.send(session, SEND, send_id=str(send.id))


def mark_seen_by_buyer(session: Session, order_id: uuid.UUID) -> None:
    """Whoever ordered has opened the order's page; what she had seen before stays as it is."""
    session.execute(
        update(Notification)
        .where(Notification.order_id == order_id, Notification.seen_at.is_(None))
        .values(seen_at=clock.now())
    )


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
