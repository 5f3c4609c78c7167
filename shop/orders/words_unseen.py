"""What staff write to a seller who has not looked at an order, or left it lying."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale, gettext, ngettext

from shop.catalog.words import whatsapp
from shop.core import clock, i18n
from shop.orders.models import SellerOrder
from shop.orders.queries_stuck import owes_cash

_HOUR = 3600


def whatsapp_link(part: SellerOrder, base_url: str) -> str:
    """The address that opens WhatsApp with a text to the seller. Sellers are written to in
    Indonesian; the text names no buyer, for it passes through another's hands.
    """
    with force_locale("id"):
        text = gettext(
            "Halo %(seller)s, ada pesanan baru nomor %(number)s yang belum dilihat. Mohon dijawab "
            "sebelum %(when)s: %(link)s",
            seller=part.seller.name,
            number=part.order.number,
            when=i18n.day_time(part.answer_by) if part.answer_by else "…",
            link=f"{base_url}/sell/orders/{part.id}",
        )
    return whatsapp(str(text), part.seller.phone)


def left(answer_by: datetime | None) -> str:
    """How long there is still time to answer."""
    if answer_by is None:
        return ""
    hours = int((answer_by - clock.now()).total_seconds() // _HOUR)
    if hours < 1:
        return str(gettext("kurang dari satu jam lagi"))
    return str(ngettext("%(num)d jam lagi", "%(num)d jam lagi", hours))


def ask_link(part: SellerOrder, base_url: str) -> str:
    """The address that opens WhatsApp with a question about an order that lies; as above."""
    about = {
        "seller": part.seller.name,
        "number": part.order.number,
        "link": f"{base_url}/sell/orders/{part.id}",
    }
    with force_locale("id"):
        text = (
            gettext(
                "Halo %(seller)s, pesanan %(number)s sudah diserahkan, tetapi uang tunainya belum "
                "dicatat. Mohon dicatat: %(link)s", **about,
            )
            if owes_cash(part)
            else gettext(
                "Halo %(seller)s, pesanan %(number)s dijanjikan %(day)s. Sudah diserahkan? Mohon "
                "dicatat: %(link)s", day=i18n.day(part.due_on), **about,
            )
        )  # fmt: skip
    return whatsapp(str(text), part.seller.phone)


def why(part: SellerOrder) -> str:
    """What it waits for, and since when."""
    if owes_cash(part) and part.handed_over_at:
        day = i18n.day(part.handed_over_at)
        return str(gettext("Diserahkan %(day)s, uang tunainya belum dicatat", day=day))
    return str(gettext("Dijanjikan %(day)s, belum diserahkan", day=i18n.day(part.due_on)))
