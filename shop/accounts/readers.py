"""Who reads a notification and how to reach them: a person, or the buyer of an order.

Orders live in a room above, so who answers for them is set by `shop.wiring`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Person


@dataclass(frozen=True)
class Reader:
    """Language and ways to somebody. Without a phone (E.164) there is no consent to WhatsApp."""

    language: str
    email: str | None = None
    whatsapp: str | None = None


OrderReader = Callable[[Session, uuid.UUID], Reader]
Silencer = Callable[[Session, uuid.UUID], None]


@dataclass
class _Orders:
    read: OrderReader | None = None
    silence: Silencer | None = None


_orders = _Orders()


def wire(read: OrderReader, silence: Silencer) -> None:
    """Set who knows the buyer of an order, and who takes back her consent to WhatsApp."""
    _orders.read, _orders.silence = read, silence


def buyer(session: Session, order_id: uuid.UUID) -> Reader:
    """The buyer of an order."""
    return _orders.read(session, order_id) if _orders.read else Reader("id")


def reader_of(session: Session, notification: Notification) -> Reader:
    """Whom a notification is for, as they can be reached now."""
    if notification.order_id is not None:
        return buyer(session, notification.order_id)
    person = session.get_one(Person, notification.person_id)
    return Reader(person.language, person.email, person.phone if person.whatsapp_ok_at else None)


def never_again(session: Session, notification: Notification) -> None:
    """Its reader's number is not on WhatsApp: nothing more is sent there."""
    if notification.order_id is not None:
        if _orders.silence:
            _orders.silence(session, notification.order_id)
        return
    session.get_one(Person, notification.person_id).whatsapp_ok_at = None
