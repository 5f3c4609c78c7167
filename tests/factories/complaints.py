"""Complaints for tests, made by the use cases that people's clicks call."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from shop.complaints.answer import answer
from shop.complaints.models import Complaint
from shop.complaints.report import report
from shop.complaints.states import ComplaintKind, Offer
from shop.core import ids
from shop.core.images import normalise
from shop.core.pictures import keep_picture
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from tests.factories.orders import Things, handed_over_part
from tests.photos import lively, saved

SAID = "Tiga bungkus remuk semua, plastiknya sobek"
ANSWERED = "Maaf, saya ganti dengan yang baru besok pagi"


def kept_photo(session: Session) -> str:
    """The name of a private picture."""
    image = normalise(saved(lively(700, 500), "JPEG"))
    storage = current_app.extensions["storage"]
    return keep_picture(session, storage, image, private=True).sha256


def open_complaint(
    session: Session,
    *things: Things,
    method: Method = Method.TRANSFER,
    delivery: DeliveryKind = DeliveryKind.PICKUP,
    cash_received: bool = True,
    photos: int = 0,
) -> Complaint:
    """A handed-over part with a problem; without `things`: 2 of one at Rp15.000."""
    part = handed_over_part(
        session, *things, method=method, delivery=delivery, cash_received=cash_received
    )
    return report(
        session, part.id, key=ids.new_token(), kind=ComplaintKind.SPOILED, text=SAID,
        pictures=[kept_photo(session) for _ in range(photos)],
    )  # fmt: skip


def answered_complaint(session: Session, *things: Things) -> Complaint:
    """A complaint the seller has answered."""
    return answer(
        session, open_complaint(session, *things).id, ANSWERED, offer=Offer.AGAIN, person_id=None
    )
