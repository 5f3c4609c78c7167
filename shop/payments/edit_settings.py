"""Changing the shop's settings."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.images import NormalisedImage
from shop.core.models import ShopSettings
from shop.core.pictures import keep_picture
from shop.core.settings import load_settings
from shop.core.storage import Storage
from shop.payments.qris import QrisCode, check_offered


def edit_settings(session: Session, person_id: uuid.UUID | None, **values: Any) -> list[str]:
    """Set these columns of the settings; returns the names of those that changed."""
    settings = _kept(session)
    changed = [name for name, value in values.items() if getattr(settings, name) != value]
    for name in changed:
        setattr(settings, name, values[name])
    if changed:
        session.flush()  # the table's own checks speak here
        audit.write(session, person_id, "settings.edit", "shop_settings", "1", changed=changed)
    return changed


def set_qris(
    session: Session,
    storage: Storage,
    image: NormalisedImage,
    code: QrisCode,
    *,
    person_id: uuid.UUID | None,
) -> None:
    """Show `image` to buyers who pay by QRIS, and keep what its `code` says and under which name.

    Another code has the sum put into it only once somebody answers for that anew (`allow`). Raises
    `BadQris` where buyers may not be shown such a code.
    """
    check_offered(code)
    before = load_settings(session)
    edit_settings(
        session,
        person_id,
        qris_sha256=keep_picture(session, storage, image).sha256,
        qris_holder=code.name,
        qris_text=code.text,
        qris_amount=before.qris_amount and before.qris_text == code.text,
    )


def _kept(session: Session) -> ShopSettings:
    settings = load_settings(session)
    session.add(settings)
    return settings
