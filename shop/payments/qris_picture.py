"""A QRIS of the programme or of a seller: its picture and its code, as pages show it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.core.models import Picture, ShopSettings
from shop.core.pictures import PictureView, picture_view
from shop.payments.qris import BadQris, QrisCode, read
from shop.sellers.models import Seller


def qris_of(session: Session, whose: ShopSettings | Seller, holder: str) -> PictureView | None:
    """The picture to scan, if one was uploaded; `holder` is its spoken name."""
    if whose.qris_sha256 is None:
        return None
    picture = session.get(Picture, whose.qris_sha256)
    return picture_view(picture, holder) if picture else None


def qris_code_of(whose: ShopSettings | Seller) -> QrisCode | None:
    """What the picture says; None where there is none, or it was kept before codes were read."""
    try:
        return read(whose.qris_text)
    except BadQris:
        return None
