"""Sending what notifications wait to be sent, from the outbox: at least once, mostly once.

A send that was accepted is never sent again: its state is asked for first, and only one worker
takes a try. A worker that is killed after the carrier took a message and before that was written
down leaves it to be sent once more, under the same name: the mail's Message-ID, the push message's
topic and tag, WhatsApp's own data of ours, by which a status that comes meanwhile stops the repeat.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import structlog
from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Session

from shop.accounts import by_mail, by_push, by_whatsapp, readers, trouble
from shop.accounts.carriers import Delayed, Item, Pack, Post, Refused, Unknown
from shop.accounts.models import (
    Channel,
    Notification,
    NotificationSend,
    PushSubscription,
    SendState,
)
from shop.accounts.rest import Rest
from shop.config import Config
from shop.core import clock
from shop.core.outbox import MAX_ATTEMPTS, NotNow

CARRIERS: Mapping[Channel, Pack] = {
    Channel.MAIL: by_mail.pack,
    Channel.PUSH: by_push.pack,
    Channel.WHATSAPP: by_whatsapp.pack,
}
HOPELESS_AFTER = timedelta(hours=36)
"""Longer than all tries take: what waits still was lost by workers that died."""
BUSY_FOR = timedelta(minutes=3)
"""How long one try may take: longer than any carrier is waited for, and shorter than the outbox
waits for a dead worker."""
_RANK = {
    SendState.WAITING: 0,
    SendState.ACCEPTED: 1,
    SendState.FAILED: 2,
    SendState.DELIVERED: 3,
    SendState.READ: 4,
}
"""A state only gives way to a higher one. Whoever has read a message got it, whatever failed."""
log = structlog.get_logger()
resting = Rest()


def send(session: Session, payload: Mapping[str, Any], config: Config) -> None:
    """Send one message of a notification; commits by itself around the call.

    Raises `Delayed`, also while another worker is at it, upon which the outbox tries again later,
    and `outbox.NotNow` while its carrier rests (`accounts.rest`).
    Where its way is not set up (any more), nothing is sent and the send is dropped: the
    notification itself stays.
    """
    found = session.get(NotificationSend, uuid.UUID(payload["send_id"]))
    if found is None or found.state != SendState.WAITING:
        return
    channel = Channel(found.channel)
    if seconds := resting.left(channel):
        raise NotNow(seconds)
    post = _parcel(session, found, config)
    if post is None:
        session.delete(found)
        return
    send_id, attempt = found.id, found.attempts + 1
    if not _take(session, send_id, attempt):
        raise Delayed("another worker is at it")
    session.commit()  # a slow carrier must keep nobody waiting for the database
    try:
        with resting.after_waiting_in_vain(channel):
            carrier_id = post()
    except Refused as fault:
        forward(session, send_id, SendState.FAILED, error=str(fault))
        if isinstance(fault, Unknown):
            _forget_address(session, send_id)
        if found.channel != Channel.PUSH:  # browsers come and go
            trouble.tell_staff(session, str(fault))
        log.warning("message refused", send=send_id.hex, why=str(fault))
    except Delayed as fault:
        given_up = attempt >= MAX_ATTEMPTS
        state = SendState.FAILED if given_up else SendState.WAITING
        forward(session, send_id, state, error=str(fault), busy_until=None)
        session.commit()
        if not given_up:
            raise
    else:
        forward(
            session, send_id, SendState.ACCEPTED,
            sent_at=clock.now(), error="", carrier_id=carrier_id,
        )  # fmt: skip


def forward(session: Session, send_id: uuid.UUID, state: SendState, **values: Any) -> bool:
    """Bring a send to `state`, if that is further than it is; whether it was."""
    before = [one.value for one in SendState if _RANK[one] < _RANK[state]] or [state.value]
    done = cast(
        "CursorResult[Any]",
        session.execute(
            update(NotificationSend)
            .where(NotificationSend.id == send_id, NotificationSend.state.in_(before))
            .values(state=state.value, **values)
        ),
    )
    return done.rowcount == 1


def give_up(session: Session) -> None:
    """What waits for longer than all tries take has failed, so that staff see it."""
    session.execute(
        update(NotificationSend)
        .where(
            NotificationSend.state == SendState.WAITING.value,
            NotificationSend.created_at < clock.now() - HOPELESS_AFTER,
        )
        .values(state=SendState.FAILED.value, error="given up")
    )


def _parcel(session: Session, found: NotificationSend, config: Config) -> Post | None:
    notification = session.get_one(Notification, found.notification_id)
    reader = readers.reader_of(session, notification)
    item = Item(found.id, found.subscription_id, notification, reader)
    return CARRIERS[Channel(found.channel)](session, item, config)


def _take(session: Session, send_id: uuid.UUID, attempt: int) -> bool:
    """Begin a try, unless somebody else is at it."""
    now = clock.now()
    done = cast(
        "CursorResult[Any]",
        session.execute(
            update(NotificationSend)
            .where(
                NotificationSend.id == send_id,
                NotificationSend.state == SendState.WAITING.value,
                NotificationSend.attempts == attempt - 1,
                or_(NotificationSend.busy_until.is_(None), NotificationSend.busy_until <= now),
            )
            .values(attempts=attempt, busy_until=now + BUSY_FOR)
        ),
    )
    return done.rowcount == 1


def _forget_address(session: Session, send_id: uuid.UUID) -> None:
    """Send nothing more to where nobody is."""
    found = session.get_one(NotificationSend, send_id)
    if found.channel == Channel.PUSH:
        session.get_one(PushSubscription, found.subscription_id).gone_at = clock.now()
    elif found.channel == Channel.WHATSAPP:
        readers.never_again(session, session.get_one(Notification, found.notification_id))
