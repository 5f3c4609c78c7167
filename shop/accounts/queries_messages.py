"""Messages that failed, wait too long, or of which nobody knows whether they arrived."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from shop.accounts import readers
from shop.accounts.models import Channel, Notification, NotificationSend, Person, SendState
from shop.accounts.readers import Reader
from shop.core import clock
from shop.core.paging import Page

A_PAGE = 40
STUCK_AFTER = timedelta(hours=1)
SILENT_AFTER = timedelta(hours=24)
"""WhatsApp took a message and says nothing more: a person should look after it."""
SHOWN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Trouble:
    """A message that did not arrive, with who should have read it."""

    send: NotificationSend
    reader: Reader

    @property
    def can_be_sent_again(self) -> bool:
        """Whether another try makes sense: it has ended, and there is somebody at the address."""
        gone = self.send.error == "whatsapp not there" or self.send.channel == Channel.PUSH
        return self.send.state == SendState.FAILED and not gone


def troubles(session: Session, number: int) -> Page[Trouble]:
    """One page of them, the latest first."""
    sends = session.scalars(
        select(NotificationSend)
        .where(_troubled())
        .options(joinedload(NotificationSend.notification))
        .order_by(NotificationSend.created_at.desc(), NotificationSend.id.desc())
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    ).all()
    told = [send.notification for send in sends]
    people = {
        person.id: readers.as_reader(person)
        for person in session.scalars(
            select(Person).where(Person.id.in_({one.person_id for one in told if one.person_id}))
        )
    }
    buyers = readers.buyers(session, {one.order_id for one in told if one.order_id})
    known = {**people, **buyers}
    rows = [Trouble(send, _reader(send.notification, known)) for send in sends]
    return Page(rows, number, A_PAGE, count(session))


def count(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count(NotificationSend.id)).where(_troubled())) or 0


def _reader(told: Notification, known: Mapping[uuid.UUID, Reader]) -> Reader:
    found = told.person_id or told.order_id
    return known.get(found, Reader("id")) if found else Reader("id")


def _troubled() -> ColumnElement[bool]:
    now = clock.now()
    return and_(
        NotificationSend.created_at > now - SHOWN_FOR,
        or_(
            and_(
                NotificationSend.state == SendState.FAILED.value,
                # browsers come and go: nobody needs to look after them
                or_(NotificationSend.channel != Channel.PUSH.value,
                    NotificationSend.error.not_in(["push 404", "push 410"])),
            ),
            and_(
                NotificationSend.state == SendState.WAITING.value,
                NotificationSend.created_at < now - STUCK_AFTER,
            ),
            and_(
                NotificationSend.channel == Channel.WHATSAPP.value,
                NotificationSend.state == SendState.ACCEPTED.value,
                NotificationSend.sent_at < now - SILENT_AFTER,
            ),
        ),
    )  # fmt: skip
