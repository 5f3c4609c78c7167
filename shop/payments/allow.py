"""Switching on what may need an agreement of the programme: only who read the warning does."""

from __future__ import annotations

import uuid
from enum import StrEnum

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.settings import load_settings
from shop.payments.edit_settings import edit_settings
from shop.payments.qris_picture import qris_code_of


class Risk(StrEnum):
    """A switch of the settings that is off unless somebody answers for it, by its column."""

    QRIS_AMOUNT = "qris_amount"
    SELLERS_COLLECT = "sellers_collect"


class NotRead(Exception):
    """Nobody says that the warning was read."""


class NoCode(Exception):
    """There is no code yet into which a sum could be put."""


def allow(session: Session, risk: Risk, *, warning_read: bool, person_id: uuid.UUID | None) -> None:
    """Switch it on; the audit says who had read the warning. Twice changes nothing.

    Raises `NotRead`, `NoCode`.
    """
    if not warning_read:
        raise NotRead(risk)
    if risk is Risk.QRIS_AMOUNT and qris_code_of(load_settings(session)) is None:
        raise NoCode(risk)
    if edit_settings(session, person_id, **{risk.value: True}):
        audit.write(session, person_id, on(risk), "shop_settings", "1", warning_read=True)


def forbid(session: Session, risk: Risk, *, person_id: uuid.UUID | None) -> None:
    """Switch it off again. Twice changes nothing."""
    edit_settings(session, person_id, **{risk.value: False})


def on(risk: Risk) -> str:
    """Under which name the audit keeps that it was switched on."""
    return f"{risk.value}.on"
