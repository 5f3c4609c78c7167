"""A gateway's message: kept first, once by what tells it from others, then asked back."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock, ids
from shop.ledger.insert_once import insert_once
from shop.payments.ask_back import ask
from shop.payments.models import WebhookEvent
from shop.payments.models_gateway import GatewayCode
from shop.payments.providers.acquirer import GatewayUnreachable, Notification


def hear(session: Session, config: Config, provider: str, note: Notification) -> None:
    """Keep a signed message and ask the gateway how the code it names stands; commits.

    What the message itself says is never booked. One that came before changes nothing. Where the
    gateway does not answer now, the clock asks it again.
    """
    event_id = ids.new_id()
    code_id = session.scalar(
        select(GatewayCode.id).where(
            GatewayCode.provider == provider, GatewayCode.reference == note.reference
        )
    )
    kept = insert_once(
        session, WebhookEvent,
        id=event_id, provider=provider, provider_event_id=note.identity, kind=note.kind,
        payload=note.payload, received_at=clock.now(),
        fault="" if code_id else f"no such code: {note.reference}"[:200],
    )  # fmt: skip
    session.commit()
    if not kept:
        return
    if code_id is not None:
        with suppress(GatewayUnreachable):  # it is asked again by the clock
            ask(session, config, code_id)
    session.execute(
        update(WebhookEvent).where(WebhookEvent.id == event_id).values(handled_at=clock.now())
    )
