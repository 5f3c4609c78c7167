"""A seller lets buyers pay her directly, or no more."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.images import NormalisedImage
from shop.core.pictures import keep_picture
from shop.core.settings import load_settings
from shop.core.storage import Storage
from shop.payments.qris import QrisCode, check_offered
from shop.sellers.models import Seller


class NotAllowedHere(PermissionError):
    """In this shop the programme collects for everybody."""


class NothingToPayInto(ValueError):
    """She has given neither a bank account nor a QRIS."""


def set_collects(
    session: Session, seller_id: uuid.UUID, *, on: bool, person_id: uuid.UUID | None
) -> None:
    """From now on new orders pay her directly, or the programme; those that are in stay.

    Twice changes nothing. Raises `NotAllowedHere`, `NothingToPayInto`; switching off always goes.
    """
    seller = _held(session, seller_id)
    if on and not load_settings(session).sellers_collect:
        raise NotAllowedHere
    if on and not (seller.bank_account or seller.qris_text):
        raise NothingToPayInto
    if seller.collects is not on:
        seller.collects = on
        audit.write(session, person_id, "seller.collects", "seller", seller_id, now=on)


def set_own_qris(
    session: Session,
    storage: Storage,
    seller_id: uuid.UUID,
    image: NormalisedImage,
    code: QrisCode,
    *,
    person_id: uuid.UUID | None,
) -> None:
    """Show this code to buyers who pay her directly. The audit keeps whose it says it is.

    Raises `NotAllowedHere`, and `BadQris` where buyers may not be shown such a code.
    """
    check_offered(code)
    if not load_settings(session).sellers_collect:
        raise NotAllowedHere
    seller = _held(session, seller_id)
    if seller.qris_text == code.text:
        return
    seller.qris_sha256 = keep_picture(session, storage, image).sha256
    seller.qris_text = code.text
    audit.write(
        session, person_id, "seller.qris", "seller", seller_id, name=code.name, nmid=code.nmid
    )


def _held(session: Session, seller_id: uuid.UUID) -> Seller:
    return session.scalars(
        select(Seller)
        .where(Seller.id == seller_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
