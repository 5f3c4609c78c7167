"""Sending a failed message once more, because staff say so."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.accounts.models import NotificationSend, SendState
from shop.accounts.notify import SEND
from shop.core import outbox


class NotFailed(Exception):
    """It has not failed, or somebody sends it again already."""


def resend(session: Session, send_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Begin its tries afresh. Raises `NotFailed`."""
    done = cast(
        "CursorResult[Any]",
        session.execute(
            update(NotificationSend)
            .where(
                NotificationSend.id == send_id,
                NotificationSend.state == SendState.FAILED.value,
            )
            .values(state=SendState.WAITING.value, attempts=0, error="", carrier_id=None)
        ),
    )
    if done.rowcount != 1:
        raise NotFailed
    outbox.send(session, SEND, send_id=str(send_id))
    audit.write(session, person_id, "message.resend", "notification_send", send_id)
