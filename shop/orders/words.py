"""What pages say about orders, in the page's language."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Mapping
from datetime import date, timedelta
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l

from shop.catalog.words import weight, whatsapp
from shop.core import clock, i18n
from shop.core.i18n import chosen
from shop.core.money import rupiah
from shop.core.regions import kelurahan_name
from shop.orders.basket import BasketLine
from shop.orders.delivery import by_boat
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.place_order import Change, ChangeKind
from shop.orders.states import BROUGHT, DeliveryKind, SellerOrderState
from shop.payments.queries_ways import Closed
from shop.payments.states import Method, PaymentState
from shop.sellers.models import Seller

S = SellerOrderState
gettext: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

STATES: dict[str, tuple[Any, str]] = {
    S.UNPAID: (_l("Menunggu pembayaran"), "wait"),
    S.WAITING: (_l("Menunggu penjual"), "wait"),
    S.ACCEPTED: (_l("Sedang dibuat"), "wait"),
    S.READY: (_l("Siap"), "good"),
    S.HANDED_OVER: (_l("Sudah diserahkan"), "good"),
    S.COMPLETED: (_l("Selesai"), "good"),
    S.DISPUTED: (_l("Ada masalah, sedang diperiksa"), "fault"),
    S.RETURNED: (_l("Barangnya dikembalikan"), "fault"),
    S.DECLINED: (_l("Tidak bisa dibuat"), "fault"),
    S.CANCELLED: (_l("Dibatalkan"), "fault"),
    S.EXPIRED: (_l("Lewat waktu"), "fault"),
}
"""The words of a part's state, and the look of its badge."""

PAID: dict[str, tuple[Any, str]] = {
    PaymentState.PENDING: (_l("Menunggu pembayaran"), "wait"),
    PaymentState.CLAIMED: (_l("Katanya sudah dikirim"), "wait"),
    PaymentState.SETTLED: (_l("Sudah dibayar"), "good"),
    PaymentState.EXPIRED: (_l("Lewat waktu"), ""),
    PaymentState.CANCELLED: (_l("Dibatalkan"), ""),
    PaymentState.LATE: (_l("Datang terlambat"), "fault"),
}
"""The words of a payment's state, and the look of its badge."""

METHODS: dict[str, tuple[Any, Any]] = {
    Method.TRANSFER: (
        _l("Transfer bank"),
        _l("Jumlahnya diberi tiga angka pengenal, supaya cepat ketemu"),
    ),
    Method.QRIS: (_l("QRIS"), _l("Pindai dari aplikasi bank atau dompet digital")),
    Method.GATEWAY: (_l("QRIS otomatis"), _l("Kode khusus pesanan ini; langsung tercatat lunas")),
    Method.CARD: (_l("Kartu"), _l("Lewat halaman aman penyedia kartu")),
    Method.CASH: (_l("Tunai saat terima"), _l("Dibayar ke tiap penjual, uang pas lebih baik")),
}


def missing_ways(
    closed: Closed, can: Container[Method], sellers: Mapping[uuid.UUID, Seller]
) -> list[str]:
    """Why each way that the shop `can` take is not offered for these sellers."""
    found = []
    for method, whose in closed.items():
        way = str(METHODS[method][0])
        if method in can and None in whose:
            found.append(gettext("%(way)s sedang tidak bisa dipakai.", way=way))
        elif method in can:
            names = ", ".join(sellers[one].name for one in whose if one and one in sellers)
            found.append(gettext("%(way)s tidak diterima %(sellers)s.", way=way, sellers=names))
    return found


def thing(line: BasketLine | OrderLine) -> str:
    """The name of what is bought, with its size or taste where there are several."""
    if isinstance(line, BasketLine):
        name, kind = chosen(line.product, "name"), line.variant.name
    else:
        name, kind = chosen(line, "name"), line.variant_name
    return f"{name}, {kind}" if kind else name


def facts(line: BasketLine) -> str:
    """`bungkus, 150 g, dibuat 3 hari`."""
    days = line.product.lead_days
    made = ngettext("dibuat %(num)d hari", "dibuat %(num)d hari", days) if days else ""
    unit = chosen(line.product, "unit")
    return ", ".join(filter(None, (unit, weight(line.product.weight_g), made)))


def shortage(line: BasketLine) -> str:
    """Why not all of a line can be had now; empty where it can."""
    if not line.for_sale:
        return gettext("Sudah tidak dijual, jadi tidak ikut dipesan.")
    if not line.can:
        return gettext("Sedang habis, jadi tidak ikut dipesan.")
    if line.can < line.quantity:
        return gettext("Hanya %(n)d yang bisa dipesan sekarang.", n=line.can)
    return ""


def trouble(line: BasketLine) -> str:
    """What changed about a line since it was put in; empty where nothing did."""
    dearer = ""
    if line.can and line.variant.price != line.price_seen:
        dearer = gettext(
            "Harganya berubah dari %(before)s jadi %(now)s.",
            before=rupiah(line.price_seen), now=rupiah(line.variant.price),
        )  # fmt: skip
    return " ".join(filter(None, (shortage(line), dearer)))


_CHANGES = {
    ChangeKind.GONE: _l("%(name)s sudah tidak dijual."),
    ChangeKind.SOLD_OUT: _l("%(name)s baru saja habis."),
    ChangeKind.FEWER: _l("%(name)s: hanya %(n)d yang bisa dipesan."),
    ChangeKind.PRICE: _l("%(name)s: harganya dari %(before)s jadi %(now)s."),
    ChangeKind.DELIVERY_FEE: _l("Ongkos antar dari %(seller)s: %(now)s."),
    ChangeKind.ARRANGE: _l("Ongkos antar dari %(seller)s ke %(place)s disepakati dulu."),
    ChangeKind.POINT_CLOSED: _l("%(seller)s tidak mengantar ke %(point)s lagi. Pilih cara lain."),
    ChangeKind.LATER: _l("%(seller)s: bisa mulai %(day)s."),
    ChangeKind.NO_DELIVERY: _l("%(seller)s tidak mengantar ke %(place)s."),
    ChangeKind.MINIMUM: _l("%(seller)s menerima pesanan mulai %(now)s."),
    ChangeKind.CREDIT: _l("Saldo yang bisa dipakai sekarang %(now)s."),
    ChangeKind.TOTAL: _l("Jumlahnya sekarang %(now)s."),
    ChangeKind.PROMOTION: _l("Promo %(name)s sekarang mengurangi %(now)s."),
    ChangeKind.WAY: _l("%(way)s tidak diterima %(seller)s. Pilih cara bayar lain."),
}
_NO_WAY = _l("%(way)s sedang tidak bisa dipakai. Pilih cara bayar lain.")
_OVER = _l("Promo %(name)s sudah berakhir, jadi %(before)s tidak dikurangi.")
_WEIGHED = _l("Ongkos antar dari %(seller)s untuk %(weight)s: %(now)s.")


def change(found: Change, sellers: Mapping[uuid.UUID, Seller], kelurahan_code: str | None) -> str:
    """One difference between what was shown and what is."""
    seller = sellers.get(found.seller_id) if found.seller_id else None
    text = _WEIGHED if found.weight_g else _CHANGES[found.kind]
    if found.kind is ChangeKind.WAY and found.seller_id is None:
        text = _NO_WAY
    elif found.kind is ChangeKind.PROMOTION and not found.now:
        text = _OVER
    return str(text) % {
        "weight": weight(found.weight_g),
        "way": METHODS.get(found.name, ("", ""))[0],
        "name": chosen(found, "name") or gettext("Satu barang"),
        "seller": seller.name if seller else gettext("Penjual"),
        "place": kelurahan_name(kelurahan_code),
        "before": rupiah(found.before),
        "now": rupiah(found.now),
        "n": found.now,
        "point": found.name or gettext("tempat itu"),
        "day": on_day(found.day) if found.day else "",
    }


def another_day(found: Change, sellers: Mapping[uuid.UUID, Seller]) -> str:
    """The address that asks the seller when there is more of it; empty where nothing is gone."""
    seller = sellers.get(found.seller_id) if found.seller_id else None
    if seller is None or found.kind not in (ChangeKind.SOLD_OUT, ChangeKind.FEWER):
        return ""
    name = chosen(found, "name")
    return whatsapp(gettext("Halo, kapan %(thing)s ada lagi?", thing=name), seller.phone)


def on_day(when: date) -> str:
    """`hari ini`, `besok` or the day, whose year is left out where it is this one."""
    today = clock.today()
    if when == today:
        return gettext("hari ini")
    if when == today + timedelta(days=1):
        return gettext("besok")
    if when.year == today.year:
        return str(flask_babel.format_date(when, "EEE d MMM"))
    return i18n.day(when)


def today_in_full() -> str:
    """`Rabu, 25 November 2026`."""
    return str(flask_babel.format_date(clock.today(), "EEEE, d MMMM y"))


def day_heading(when: date) -> str:
    """`Hari ini, Rabu`, `Jumat, 27 Nov`."""
    name = str(flask_babel.format_date(when, "EEEE"))
    if when == clock.today():
        return gettext("Hari ini, %(day)s", day=name)
    return f"{name}, {flask_babel.format_date(when, 'd MMM')}"


def how(part: SellerOrder, order: Order) -> str:
    """`ambil sendiri`, `diantar ke Kemboja`, `diambil di Pasar Bintan Center`."""
    if part.delivery_kind == DeliveryKind.PICKUP:
        return gettext("ambil sendiri")
    if part.point is not None:
        return gettext("diambil di %(place)s", place=part.point.name)
    place = kelurahan_name(order.kelurahan_code)
    if by_boat(order.kelurahan_code):
        return gettext("diantar ke %(place)s, naik pompong", place=place)
    return gettext("diantar ke %(place)s", place=place)


def to_seller(order: Order, part: SellerOrder) -> str:
    """A chat with the seller about an order."""
    text = gettext(
        "Halo %(seller)s, saya %(buyer)s. Tentang pesanan %(number)s:",
        seller=part.seller.name, buyer=order.buyer_name, number=order.number,
    )  # fmt: skip
    return whatsapp(text, part.seller.phone)


def to_buyer(order: Order, part: SellerOrder) -> str:
    """A chat with the buyer in her language, with what there is to say at this stage."""
    with flask_babel.force_locale(order.language):
        return whatsapp(_stage(order, part), order.buyer_phone)


def _stage(order: Order, part: SellerOrder) -> str:
    about = {"buyer": order.buyer_name, "seller": part.seller.name, "number": order.number}
    delivered = part.delivery_kind in BROUGHT
    if part.state == S.READY and delivered:
        text = gettext(
            "Halo %(buyer)s, pesanan %(number)s dari %(seller)s sudah siap dan segera diantar.",
            **about,
        )
    elif part.state == S.READY:
        text = gettext(
            "Halo %(buyer)s, pesanan %(number)s dari %(seller)s sudah siap diambil.", **about
        )
    elif part.state == S.ACCEPTED:
        text = gettext(
            "Halo %(buyer)s, pesanan %(number)s sedang saya buat. Salam, %(seller)s.", **about
        )
    else:
        text = gettext("Halo %(buyer)s, tentang pesanan %(number)s di %(seller)s:", **about)
    return text
