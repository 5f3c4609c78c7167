"""The outbox: work written in the business transaction, done later, at least once.

The queue that wakes the workers may lose a call; this table does not. Handlers are idempotent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

import structlog
from flask import current_app, has_app_context
from sqlalchemy import CursorResult, delete, event, select, update
from sqlalchemy.orm import Session, SessionTransaction

from shop.core import clock
from shop.core.models import OutboxMessage

PATIENCE = timedelta(minutes=5)
"""How long a worker may take before another tries the same message."""
MAX_ATTEMPTS = 8
KEPT_FOR = timedelta(days=30)
"""How long done work can be looked up."""


class NotNow(Exception):
    """It shall wait so many `seconds`, and that counts as no try."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not for {seconds:.0f} s")
        self.seconds = seconds


Handler = Callable[[Session, Mapping[str, Any]], None]
_FRESH = "outbox_fresh"
_COMMITTED = "outbox_committed"
log = structlog.get_logger()


def send(session: Session, kind: str, **payload: Any) -> None:
    """Write down work of `kind` in the present transaction; plain JSON values only."""
    session.add(OutboxMessage(kind=kind, payload=payload, due_at=clock.now()))
    session.info[_FRESH] = True


def forget_done(session: Session) -> None:
    """Delete work done longer ago than it is kept."""
    session.execute(delete(OutboxMessage).where(OutboxMessage.done_at < clock.now() - KEPT_FOR))


def wake_after_commit() -> None:
    """Wake the workers after each commit that wrote to the outbox."""
    if not event.contains(Session, "after_commit", _after_commit):
        event.listen(Session, "after_commit", _after_commit)
        event.listen(Session, "after_transaction_end", _after_end)


def _after_commit(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.pop(_FRESH, False):
        session.info[_COMMITTED] = True


def _after_end(session: Session, transaction: SessionTransaction) -> None:
    """Wake only now: the writers' queue is left, so nobody waits for the queue of jobs."""
    if transaction.parent is not None:
        return
    session.info.pop(_FRESH, None)
    if session.info.pop(_COMMITTED, False) and has_app_context():
        current_app.extensions["jobs_wake"]()


def drain(session: Session, handlers: Mapping[str, Handler]) -> int:
    """Do all due work, each message in its own transactions; returns how many succeeded."""
    done = 0
    while message := _claim_next(session):
        message_id, kind, payload = message
        try:
            handlers[kind](session, payload)
        except NotNow as later:
            session.rollback()
            due_at = clock.now() + timedelta(seconds=later.seconds)
            values: dict[str, Any] = {"due_at": due_at, "attempts": OutboxMessage.attempts - 1}
        except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
            session.rollback()
            log.error("outbox message failed", kind=kind, error=type(error).__name__)
            values = {"last_error": f"{type(error).__name__}: {error}"[:500]}
        else:
            values = {"done_at": clock.now(), "last_error": None}
            done += 1
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values)
        )
        session.commit()
    return done


def _claim_next(session: Session) -> tuple[Any, str, Mapping[str, Any]] | None:
    """Take the oldest due message; its next try is set before this one begins."""
    while True:
        row = session.execute(
            select(
                OutboxMessage.id,
                OutboxMessage.kind,
                OutboxMessage.payload,
                OutboxMessage.attempts,
                OutboxMessage.due_at,
            )
            .where(
                OutboxMessage.done_at.is_(None),
                OutboxMessage.due_at <= clock.now(),
                OutboxMessage.attempts < MAX_ATTEMPTS,
            )
            .order_by(OutboxMessage.due_at)
            .limit(1)
        ).first()
        if row is None:
            session.rollback()
            return None
        claimed = cast(
            "CursorResult[Any]",
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id == row.id, OutboxMessage.due_at == row.due_at)
                .values(due_at=clock.now() + PATIENCE * 2**row.attempts, attempts=row.attempts + 1)
            ),
        )
        session.commit()
        if claimed.rowcount == 1:
            return row.id, row.kind, row.payload
