"""The programme's QRIS, its picture and its code, as pages show it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.core.models import Picture, ShopSettings
from shop.core.pictures import PictureView, picture_view
from shop.payments.qris import BadQris, QrisCode, read


def qris_of(session: Session, settings: ShopSettings) -> PictureView | None:
    """The picture to scan, if staff have uploaded one."""
    if settings.qris_sha256 is None:
        return None
    picture = session.get(Picture, settings.qris_sha256)
    return picture_view(picture, settings.qris_holder) if picture else None


def qris_code_of(settings: ShopSettings) -> QrisCode | None:
    """What the picture says; None where it was kept before codes were read."""
    try:
        return read(settings.qris_text)
    except BadQris:
        return None
