"""What pages say about standing orders, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import flask_babel
from flask import request
from flask_babel import lazy_gettext as _l

from shop.catalog.words import whatsapp
from shop.core.i18n import chosen
from shop.core.money import rupiah
from shop.core.regions import kelurahan_name
from shop.orders.place_order import ChangeKind
from shop.orders.states import DeliveryKind
from shop.standing.models import StandingLine, StandingOrder, StandingRun
from shop.standing.run import LATE, MISSED, PRICE
from shop.standing.states import RunOutcome, StandingState

gettext: Callable[..., str] = flask_babel.gettext
_A_MONDAY = date(2026, 1, 5)

STATES: dict[str, tuple[Any, str]] = {
    StandingState.ACTIVE: (_l("Berjalan"), "good"),
    StandingState.PAUSED: (_l("Dijeda"), "wait"),
    StandingState.ENDED: (_l("Sudah berakhir"), ""),
}
"""The words of a state, and the look of its badge."""

OUTCOMES: dict[str, tuple[Any, str]] = {
    RunOutcome.PLACED: (_l("Sudah dipesan"), "good"),
    RunOutcome.SKIPPED: (_l("Dilewati"), ""),
    RunOutcome.FAILED: (_l("Tidak dipesan"), "fault"),
}
"""The words of a day's outcome, and the look of its badge."""

_REASONS: dict[str, Any] = {
    MISSED: _l(
        "Sampai hari itu lewat, pesanannya belum bisa dibuat. Pesan sendiri kalau masih perlu."
    ),
    LATE: _l("Waktunya sudah terlalu dekat untuk membuatnya."),
    PRICE: _l("Harganya naik dari %(before)s menjadi %(now)s."),
    ChangeKind.GONE: _l("%(name)s sedang tidak dijual."),
    ChangeKind.SOLD_OUT: _l("%(name)s habis."),
    ChangeKind.FEWER: _l("%(name)s hanya ada %(now)s."),
    ChangeKind.NO_DELIVERY: _l("Penjual tidak mengantar ke tempat itu lagi."),
    ChangeKind.ARRANGE: _l("Penjual tidak mengantar ke tempat itu lagi."),
    ChangeKind.POINT_CLOSED: _l("Tempat ambilnya sudah tutup."),
    ChangeKind.MINIMUM: _l("Penjual menerima pesanan mulai %(sum)s."),
    ChangeKind.WAY: _l("Cara bayar pesanan ini sedang tidak diterima."),
}


def weekday(number: int) -> str:
    """`Kamis` for 3."""
    return str(flask_babel.format_date(_A_MONDAY + timedelta(days=number), "EEEE"))


def every(standing: StandingOrder) -> str:
    """`Tiap Kamis`."""
    return gettext("Tiap %(day)s", day=weekday(standing.weekday))


def things(standing: StandingOrder) -> list[tuple[int, str]]:
    """How many of what."""
    return [(line.quantity, thing(line)) for line in standing.lines]


def thing(line: StandingLine) -> str:
    """The name of what is wanted, with its size or taste where there are several."""
    name = chosen(line.variant.product, "name")
    return f"{name}, {line.variant.name}" if line.variant.name else name


def how(standing: StandingOrder) -> str:
    """`ambil sendiri`, `ambil di Kedai Pak Long` or `diantar ke Kemboja`."""
    if standing.delivery_kind == DeliveryKind.POINT and standing.point:
        return gettext("ambil di %(place)s", place=standing.point.name)
    if standing.delivery_kind == DeliveryKind.PICKUP:
        return gettext("ambil sendiri")
    return gettext("diantar ke %(place)s", place=kelurahan_name(standing.kelurahan_code))


def reason(run: StandingRun) -> str:
    """Why there is no order for a day; empty where there is one."""
    kind, _, rest = run.reason.partition(":")
    first, _, second = rest.partition(":")
    if kind not in _REASONS:
        return gettext("Pesanan tidak bisa dibuat.") if kind else ""
    about = {"name": second or gettext("Satu barang"), "now": first}
    if first.isdecimal():
        about["sum"] = rupiah(int(first))
    if kind == PRICE:
        about = {"before": rupiah(int(first)), "now": rupiah(int(second))}
    return str(_REASONS[kind]) % about


def to_buyer(standing: StandingOrder, *, with_key: bool) -> str:
    """A chat with the buyer; `with_key`, for staff only: with the link to her page."""
    text = gettext(
        "Halo %(buyer)s, tentang pesanan tetap di %(seller)s:",
        buyer=standing.buyer_name, seller=standing.seller.name,
    )  # fmt: skip
    link = request.host_url.rstrip("/") + f"/l/{standing.token}"
    return whatsapp(f"{text} {link}" if with_key else text, standing.buyer_phone)


def to_seller(standing: StandingOrder) -> str:
    """A chat with the seller."""
    text = gettext(
        "Halo %(seller)s, saya %(buyer)s. Tentang pesanan tetap saya:",
        seller=standing.seller.name, buyer=standing.buyer_name,
    )  # fmt: skip
    return whatsapp(text, standing.seller.phone)
