"""What a seller writes to a buyer by WhatsApp: ready texts in the buyer's language, as links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from shop.catalog.words import whatsapp
from shop.core import i18n
from shop.core.money import rupiah
from shop.core.regions import kelurahan_name
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.orders.states import SellerOrderState as S
from shop.orders.words import gettext

_FETCHED = (DeliveryKind.PICKUP, DeliveryKind.POINT)
_NAMES = {
    "accepted": _l("Pesanan diterima"),
    "ready": _l("Siap diambil"),
    "on the way": _l("Sedang diantar"),
    "fee": _l("Tanya ongkos antar"),
    "thanks": _l("Terima kasih"),
}


@dataclass(frozen=True)
class Message:
    """A text and the address that opens WhatsApp with it; `name` is in the seller's language."""

    name: Any
    text: str
    url: str


def messages(part: SellerOrder) -> list[Message]:
    """The texts that fit a part, those for the present stage first."""
    with force_locale(part.order.language):
        texts = [(kind, _TEXTS[kind](part)) for kind in _kinds(part)]
    phone = part.order.buyer_phone
    return [Message(_NAMES[kind], text, whatsapp(text, phone)) for kind, text in texts]


def _kinds(part: SellerOrder) -> list[str]:
    arrives = "ready" if part.delivery_kind in _FETCHED else "on the way"
    kinds = ["accepted", arrives, "thanks"]
    if part.delivery_kind == DeliveryKind.ARRANGED and part.agreed_at is None:
        kinds.insert(0, "fee")
    now = {S.READY: arrives, S.HANDED_OVER: "thanks", S.COMPLETED: "thanks"}.get(S(part.state))
    return sorted(kinds, key=lambda kind: kind != now) if now else kinds


def _about(part: SellerOrder) -> dict[str, str]:
    order = part.order
    return {
        "buyer": order.buyer_name,
        "seller": part.seller.name,
        "number": order.number,
        "place": kelurahan_name(order.kelurahan_code),
        "day": i18n.day(part.due_on),
    }


def _accepted(part: SellerOrder) -> str:
    return gettext(
        "Halo %(buyer)s, pesanan %(number)s sudah saya terima dan siap %(day)s. Salam, %(seller)s.",
        **_about(part),
    )


def _ready(part: SellerOrder) -> str:
    point = part.point
    if point is not None:
        where, hours = f"{point.name}, {point.address}", i18n.chosen(point, "hours")
    else:
        seller = part.seller
        where = seller.address or kelurahan_name(seller.kelurahan_code)
        hours = seller.pickup_hours
    said = gettext(
        "Halo %(buyer)s, pesanan %(number)s sudah siap diambil di %(where)s. Salam, %(seller)s.",
        where=where, **_about(part),
    )  # fmt: skip
    return f"{said} {gettext('Jam: %(hours)s.', hours=hours)}" if hours else said


def _on_the_way(part: SellerOrder) -> str:
    return gettext(
        "Halo %(buyer)s, pesanan %(number)s sedang diantar ke %(place)s. Salam, %(seller)s.",
        **_about(part),
    )


def _fee(part: SellerOrder) -> str:
    about = _about(part)
    if part.arranged_fee is None:
        return gettext(
            "Halo %(buyer)s, pesanan %(number)s mau diantar ke mana tepatnya? Nanti saya beri tahu "
            "ongkosnya. Salam, %(seller)s.", **about,
        )  # fmt: skip
    return gettext(
        "Halo %(buyer)s, ongkos antar pesanan %(number)s ke %(place)s %(fee)s. Setuju? Jawab di "
        "halaman pesanan Anda. Salam, %(seller)s.", fee=rupiah(part.arranged_fee), **about,
    )  # fmt: skip


def _thanks(part: SellerOrder) -> str:
    return gettext(
        "Halo %(buyer)s, terima kasih sudah membeli di %(seller)s. Semoga suka! Kalau ada yang "
        "kurang, balas pesan ini.", **_about(part),
    )  # fmt: skip


_TEXTS: dict[str, Callable[[SellerOrder], str]] = {
    "accepted": _accepted,
    "ready": _ready,
    "on the way": _on_the_way,
    "fee": _fee,
    "thanks": _thanks,
}
