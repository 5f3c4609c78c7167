"""By which ways somebody wants to be told."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.accounts.models import Person
from shop.core import clock


def set_ways(session: Session, person_id: uuid.UUID, *, email: str, whatsapp: bool) -> None:
    """An empty address ends mail. The day of the first consent to WhatsApp is kept."""
    person = session.get_one(Person, person_id)
    person.email = email.strip() or None
    if whatsapp != (person.whatsapp_ok_at is not None):
        person.whatsapp_ok_at = clock.now() if whatsapp else None
        action = "person.whatsapp_on" if whatsapp else "person.whatsapp_off"
        audit.write(session, person_id, action, "person", person_id)
