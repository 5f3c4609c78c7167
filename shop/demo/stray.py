"""Money of the demo that does not fit, a photo of a slip, and a way to pay that somebody left."""

from __future__ import annotations

import io
import uuid

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.images import normalise
from shop.core.money import rupiah
from shop.core.pictures import keep_picture
from shop.core.storage import Storage
from shop.payments.add_slip import add_slip
from shop.payments.end_stray import send_back
from shop.payments.models import Payment
from shop.payments.record_stray import Came, record
from shop.payments.states import Method, PaymentState
from shop.payments.switch_ways import switch_off

NO_CASH = "maimunah"
"""The seller who takes no cash."""
_PAPER = (720, 960)
_UNKNOWN = 175_000
_FROM_NOBODY = 60_000
_MISSING = 5_000


def odd_money(session: Session, storage: Storage, finance: uuid.UUID) -> None:
    """One of each: sent twice, too little with a slip beside it, from nobody known, to go back."""
    paid = _newest(session, PaymentState.SETTLED)
    if paid is not None:
        came = Came(Method.TRANSFER, paid.amount, "BI-FAST transfer kedua")
        record(session, came, payment_id=paid.id, person_id=finance, key="demo-double")
    claimed = _newest(session, PaymentState.CLAIMED)
    if claimed is not None and claimed.amount > 2 * _MISSING:
        came = Came(Method.TRANSFER, claimed.amount - _MISSING, "TRSF E-BANKING")
        picture = keep_picture(session, storage, normalise(slip(came.amount)), private=True)
        add_slip(session, claimed.id, picture.sha256)
        record(session, came, payment_id=claimed.id, person_id=finance, key="demo-short")
    nobody = Came(Method.TRANSFER, _UNKNOWN, "SETORAN TUNAI 0812XXXX")
    record(session, nobody, payment_id=None, person_id=finance, key="demo-wrong")
    wrong = Came(Method.QRIS, _FROM_NOBODY, "Salah pindai, minta dikembalikan")
    stray = record(session, wrong, payment_id=None, person_id=finance, key="demo-back")
    send_back(session, stray.id, person_id=finance)


def leave_cash(session: Session, seller_id: uuid.UUID, owner: uuid.UUID | None) -> None:
    """A seller who is rarely at home when buyers come takes no cash any more."""
    switch_off(session, Method.CASH, seller_id=seller_id, offered=tuple(Method), person_id=owner)


def _newest(session: Session, state: PaymentState) -> Payment | None:
    return session.scalars(
        select(Payment)
        .where(
            Payment.method == Method.TRANSFER.value,
            Payment.state == state.value,
            Payment.collector_id.is_(None),
        )
        .order_by(Payment.created_at.desc(), Payment.id)
    ).first()


def slip(
    amount: int, title: str = "Transfer berhasil", whose: str = "Program Pelantar (contoh)"
) -> bytes:
    """A slip as banking apps show one, marked as a sample."""
    image = Image.new("RGB", _PAPER, "#f4f6f5")
    draw = ImageDraw.Draw(image)
    lines = ("CONTOH", title, rupiah(amount), whose)
    for number, words in enumerate(lines):
        size = ImageFont.load_default(64 if number == 2 else 40)
        draw.text((_PAPER[0] / 2, 220 + number * 130), words, "#0b483e", size, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
