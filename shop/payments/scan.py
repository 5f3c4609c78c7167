"""What a buyer scans to pay by QRIS."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from shop.core.models import ShopSettings
from shop.core.pictures import PictureView
from shop.payments.models import Payment
from shop.payments.qris import MOST, picture_svg, with_amount
from shop.payments.qris_picture import qris_code_of, qris_of
from shop.payments.states import Method, PaymentState
from shop.payments.ways import WAYS
from shop.sellers.models import Seller


@dataclass(frozen=True)
class Scan:
    """What a buyer scans to pay one sum, and what her app will say whose it is.

    `typed` asks her to type the sum, `exact` has it in it (None unless the programme allows that).
    `photo` is what was uploaded. Of `typed` and `photo` at least one is there.
    """

    name: str
    nmid: str | None
    typed: Markup | None
    exact: Markup | None
    photo: PictureView | None


def scan_of(
    session: Session,
    settings: ShopSettings,
    payment: Payment | None,
    seller: Seller | None = None,
) -> Scan | None:
    """What to scan for a payment that is still to be made: the code of the `seller` who collects it
    by herself, else the programme's.

    None where nothing is to be scanned: it is paid another way, its sum is above what QRIS takes,
    or whoever collects it has no QRIS.
    """
    if payment is None or payment.state != PaymentState.PENDING:
        return None
    if not WAYS[Method(payment.method)].needs_code or payment.amount > MOST:
        return None
    holder = settings.qris_holder if seller is None else seller.name
    photo, code = qris_of(session, seller or settings, holder), qris_code_of(seller or settings)
    if code is None:
        return Scan(holder, None, None, None, photo) if photo else None
    label = gettext("Kode QRIS %(name)s", name=code.name)
    exact = picture_svg(with_amount(code, payment.amount), label) if settings.qris_amount else None
    return Scan(code.name, code.nmid, picture_svg(code.text, label), exact, photo)
