"""Telling staff that messages do not reach people: once a day for each kind of trouble."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.accounts import notify, people
from shop.accounts.models import Role
from shop.core import clock

FAILED = "messages_failed"


def tell_staff(session: Session, why: str) -> None:
    """`why` is a code of `words_messages`."""
    notify.tell(
        session,
        people.staff(session, Role.FACILITATOR, Role.MANAGER),
        FAILED,
        link="/staff/messages",
        event=f"{why}:{clock.today()}",
    )
