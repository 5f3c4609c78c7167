"""What WhatsApp says became of messages: in any order, more than once, and in one message many.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components#statuses-object
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.accounts import by_whatsapp, readers, sending, trouble
from shop.accounts.models import Channel, Notification, NotificationSend, SendState
from shop.core import clock

_STATES = {
    "sent": SendState.ACCEPTED,
    "delivered": SendState.DELIVERED,
    "read": SendState.READ,
    "failed": SendState.FAILED,
}
_LONGEST_ID = 120
log = structlog.get_logger()


@dataclass(frozen=True)
class Status:
    """How far the carrier brought one message. `code` is its fault's number, where it failed."""

    carrier_id: str
    send_id: uuid.UUID | None
    state: SendState
    code: int | None


def signed(body: bytes, header: str, app_secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the app secret's own for this very body."""
    right = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(header.encode(), f"sha256={right}".encode())


def receive(session: Session, said: Any) -> int:
    """Take in all statuses of a message; returns how many brought a send further."""
    return sum(_apply(session, status) for status in read(said))


def read(said: Any) -> Iterator[Status]:
    """The statuses in a message; what is no status of a message is passed over."""
    for entry in _list(said, "entry"):
        for change in _list(entry, "changes"):
            value = change.get("value") if isinstance(change, dict) else None
            for one in _list(value, "statuses"):
                status = _status(one)
                if status is not None:
                    yield status


def _list(thing: Any, key: str) -> list[Any]:
    found = thing.get(key) if isinstance(thing, dict) else None
    return found if isinstance(found, list) else []


def _status(one: Any) -> Status | None:
    if not isinstance(one, dict) or not isinstance(one.get("id"), str):
        return None
    state = _STATES.get(str(one.get("status")))
    if state is None:
        return None
    errors = _list(one, "errors")
    code = errors[0].get("code") if errors and isinstance(errors[0], dict) else None
    return Status(
        one["id"][:_LONGEST_ID],
        _uuid(one.get("biz_opaque_callback_data")),
        state,
        code if isinstance(code, int) else None,
    )


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None


def _apply(session: Session, status: Status) -> bool:
    found = session.scalar(
        select(NotificationSend).where(
            NotificationSend.channel == Channel.WHATSAPP.value,
            or_(
                NotificationSend.carrier_id == status.carrier_id,
                # of one whose name we did not learn, for the worker was killed just then
                (NotificationSend.id == status.send_id) & NotificationSend.carrier_id.is_(None),
            ),
        )
    )
    if found is None:
        return False
    values: dict[str, Any] = {"carrier_id": status.carrier_id, "error": ""}
    if found.sent_at is None:
        values["sent_at"] = clock.now()
    if status.state is SendState.FAILED:
        values["error"] = by_whatsapp.reason(status.code or 0)
    if not sending.forward(session, found.id, status.state, **values):
        return False
    if status.state is SendState.FAILED:
        _failed(session, found, status.code, values["error"])
    return True


def _failed(session: Session, found: NotificationSend, code: int | None, why: str) -> None:
    log.warning("message failed", send=found.id.hex, why=why)
    if code in by_whatsapp.NOT_THERE:
        readers.never_again(session, session.get_one(Notification, found.notification_id))
    trouble.tell_staff(session, why)
