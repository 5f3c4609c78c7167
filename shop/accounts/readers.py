"""Who reads a notification and how to reach them: a person, or the buyer of an order.

Orders live in a room above, so who answers for them is set by `shop.wiring`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Person


@dataclass(frozen=True)
class Reader:
    """Who somebody is and the ways to them.

    `phone` (E.164) is for people who call or write by themselves; the shop itself writes only to
    `whatsapp`, the same number where its owner agreed. `page` is the path of the order's page as
    its secret link leads there now.
    """

    language: str
    name: str = ""
    phone: str = ""
    email: str | None = None
    whatsapp: str | None = None
    page: str = ""


OrderReader = Callable[[Session, Collection[uuid.UUID]], Mapping[uuid.UUID, Reader]]
Silencer = Callable[[Session, uuid.UUID], None]


@dataclass
class _Orders:
    read: OrderReader | None = None
    silence: Silencer | None = None


_orders = _Orders()


def wire(read: OrderReader, silence: Silencer) -> None:
    """Set who knows the buyer of an order, and who takes back her consent to WhatsApp."""
    _orders.read, _orders.silence = read, silence


def buyers(session: Session, order_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Reader]:
    """The buyers of these orders, by order; no query for none."""
    return _orders.read(session, order_ids) if _orders.read and order_ids else {}


def buyer(session: Session, order_id: uuid.UUID) -> Reader:
    """The buyer of an order."""
    return buyers(session, [order_id]).get(order_id, Reader("id"))


def reader_of(session: Session, notification: Notification) -> Reader:
    """Whom a notification is for, as they can be reached now."""
    if notification.order_id is not None:
        return buyer(session, notification.order_id)
    return as_reader(session.get_one(Person, notification.person_id))


def path_of(notification: Notification, reader: Reader) -> str:
    """Where a notification leads, or nothing: its order's secret link may be another by now."""
    link = notification.link
    return reader.page if reader.page and link.startswith("/o/") else link


def as_reader(person: Person) -> Reader:
    """A person as somebody who reads notifications."""
    whatsapp = person.phone if person.whatsapp_ok_at else None
    return Reader(person.language, person.name, person.phone, person.email, whatsapp)


def never_again(session: Session, notification: Notification) -> None:
    """Its reader's number is not on WhatsApp: nothing more is sent there."""
    if notification.order_id is not None:
        if _orders.silence:
            _orders.silence(session, notification.order_id)
        return
    session.get_one(Person, notification.person_id).whatsapp_ok_at = None
