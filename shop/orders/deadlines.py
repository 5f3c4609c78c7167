"""What the clock will do to an order if nobody does anything, told to its buyer beforehand."""

from __future__ import annotations

from datetime import timedelta

from shop.core import i18n
from shop.core.models import ShopSettings
from shop.orders.ask_to_pay import arranging
from shop.orders.models import SellerOrder
from shop.orders.queries import OrderView
from shop.orders.states import SellerOrderState
from shop.orders.words import gettext
from shop.payments.states import Method, PaymentState

S = SellerOrderState


def deadlines(view: OrderView, settings: ShopSettings) -> list[str]:
    """A sentence for each thing that ends by itself, in the order of the parts.

    A fee to be agreed on has its own words on the page.
    """
    told = [_to_pay(view)]
    for part in view.parts:
        if part.state == S.WAITING:
            told.append(_to_answer(view, part))
        elif part.state == S.HANDED_OVER:
            told.append(_to_complain(view, part, settings))
    return [sentence for sentence in told if sentence]


def _to_pay(view: OrderView) -> str:
    waiting = [p for p in view.payments if p.state == PaymentState.PENDING and p.expires_at]
    unpaid = any(part.state == S.UNPAID for part in view.parts)
    if not waiting or not unpaid or arranging(view.order):
        return ""
    return gettext(
        "Bayar sebelum %(when)s. Lewat itu pesanan ditutup sendiri dan barangnya dijual lagi.",
        when=i18n.day_time(max(p.expires_at for p in waiting if p.expires_at)),
    )


def _to_answer(view: OrderView, part: SellerOrder) -> str:
    if part.answer_by is None:
        return ""
    told = {"seller": part.seller.name, "when": i18n.day_time(part.answer_by)}
    if view.order.method == Method.CASH:
        return gettext(
            "%(seller)s menjawab paling lambat %(when)s. Lewat itu bagiannya batal sendiri.", **told
        )
    return gettext(
        "%(seller)s menjawab paling lambat %(when)s. Lewat itu bagiannya batal sendiri dan uangnya"
        " dikembalikan.",
        **told,
    )


def _to_complain(view: OrderView, part: SellerOrder, settings: ShopSettings) -> str:
    payment = view.payment_for(part.id)
    if part.handed_over_at is None or payment is None or payment.state != PaymentState.SETTLED:
        return ""  # cash that nobody has recorded waits for a person, not for the clock
    ends = part.handed_over_at + timedelta(days=settings.completed_after_days)
    return gettext(
        "Pesanan dari %(seller)s selesai sendiri %(when)s, kecuali Anda melaporkan masalah.",
        seller=part.seller.name,
        when=i18n.day_time(ends),
    )
