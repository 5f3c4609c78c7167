"""What the studio says about orders, in words a ten-year-old reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from shop.core import i18n
from shop.core.money import rupiah
from shop.ledger.queries import MonthEarned
from shop.orders import words
from shop.orders.models import SellerOrder, SellerOrderEvent
from shop.orders.queries_counts import MOST_COUNTED
from shop.orders.queries_making import MakingDay
from shop.orders.queries_studio import Today, Work
from shop.orders.states import BROUGHT
from shop.orders.states import SellerOrderState as S
from shop.orders.words import gettext, ngettext

GROUP_NAMES = {
    "new": _l("Baru"),
    "making": _l("Sedang dibuat"),
    "ready": _l("Siap"),
    "done": _l("Selesai"),
    "undone": _l("Batal"),
}

_EVENTS = {
    S.WAITING: _l("Masuk ke lapak"),
    S.ACCEPTED: _l("Diterima"),
    S.READY: _l("Siap"),
    S.HANDED_OVER: _l("Diserahkan"),
    S.COMPLETED: _l("Selesai"),
    S.DISPUTED: _l("Masalah dilaporkan"),
    S.RETURNED: _l("Barangnya dikembalikan"),
    S.DECLINED: _l("Ditolak"),
    S.CANCELLED: _l("Dibatalkan"),
    S.EXPIRED: _l("Lewat waktu"),
}

_LESS = _l("Sebagian dibatalkan")
_FEE = _l("Ongkos ditulis")

_ACTORS = {
    "buyer": _l("oleh pembeli"),
    "seller": _l("oleh penjual"),
    "staff": _l("oleh petugas"),
    "clock": _l("otomatis"),
}


@dataclass(frozen=True)
class Step:
    """The one big button: where it goes, its words, and whether it opens a form first."""

    url: str
    label: str
    asks: bool = False


@dataclass(frozen=True)
class Chip:
    """A corner of the orders page."""

    url: str
    label: Any
    count: str
    current: bool


def chips(counts: Mapping[str, int], current: str) -> list[Chip]:
    """The corners of the orders page."""
    return [
        Chip(url_for(".orders", state=group), name, _some(counts[group]), group == current)
        for group, name in GROUP_NAMES.items()
    ]


def _some(number: int) -> str:
    """`12`, or `100+` where nobody counted further."""
    return f"{number}+" if number >= MOST_COUNTED else str(number)


def headline(today: Today) -> str:
    """The day in one sentence."""
    pieces = sum(thing.quantity for thing in today.make)
    make = ngettext("buat %(num)d barang", "buat %(num)d barang", pieces) if pieces else ""
    orders = len(today.hand_over)
    hand = ngettext("serahkan %(num)d pesanan", "serahkan %(num)d pesanan", orders)
    parts = [part for part in (make, hand if orders else "") if part]
    if not parts and not today.new:
        return gettext("Hari ini belum ada yang harus dibuat")
    said = ", ".join(parts)
    first = f"{said[0].upper()}{said[1:]}." if said else ""
    fresh = len(today.new)
    new = ngettext("Ada %(num)d pesanan baru.", "Ada %(num)d pesanan baru.", fresh) if fresh else ""
    return f"{first} {new}".strip()


def making_headline(days: Sequence[MakingDay]) -> str:
    """`Buat 27 barang`, over all days; what is not accepted yet is named beside it."""
    made = sum(thing.pieces for day in days for thing in day.things)
    waiting = sum(thing.waiting for day in days for thing in day.things)
    said = ngettext("Buat %(num)d barang", "Buat %(num)d barang", made)
    if not waiting:
        return said if made else gettext("Yang dibuat")
    more = ngettext("%(num)d belum diterima", "%(num)d belum diterima", waiting)
    return f"{said}, {more}"


def this_month(months: list[MonthEarned]) -> str:
    """`Bulan ini, naik Rp249.000 dari Oktober 2026`."""
    before, now = months
    change, name = now.amount - before.amount, i18n.month_name(before.month, "MMMM")
    if change > 0:
        return gettext("Bulan ini, naik %(by)s dari %(month)s", by=rupiah(change), month=name)
    if change < 0:
        return gettext("Bulan ini, %(by)s di bawah %(month)s", by=rupiah(-change), month=name)
    return gettext("Bulan ini")


def when(part: SellerOrder) -> str:
    """`Untuk hari ini`."""
    if part.state in (S.HANDED_OVER, S.DISPUTED, S.COMPLETED) and part.handed_over_at:
        return gettext("Diserahkan %(day)s", day=i18n.day(part.handed_over_at))
    if part.state in (S.DECLINED, S.CANCELLED, S.EXPIRED):
        return gettext("Dipesan %(day)s", day=i18n.day(part.placed_at))
    return gettext("Untuk %(day)s", day=words.on_day(part.due_on))


def who(part: SellerOrder) -> str:
    """`Ratna, diantar ke Kemboja`."""
    return f"{part.order.buyer_name}, {words.how(part, part.order)}"


def paid(work: Work) -> tuple[str, str]:
    """Whether there is money, and the look of the badge that says it."""
    state = work.part.state
    if state in (S.DECLINED, S.CANCELLED, S.EXPIRED, S.DISPUTED, S.RETURNED):
        name, look = words.STATES[state]
        return str(name), look
    if state == S.COMPLETED:
        return gettext("Selesai"), "good"
    if work.owes_cash:
        return gettext("Tunai %(sum)s", sum=rupiah(work.part.asked)), "wait"
    if work.carrier:
        return gettext("Tunai lewat %(name)s", name=work.carrier), "wait"
    if state == S.UNPAID:
        return gettext("Belum dibayar"), "wait"
    return gettext("Sudah dibayar"), "good"


def next_step(work: Work) -> Step | None:
    """What the seller does next, if anything."""
    part = work.part
    if part.state == S.WAITING:
        return _step("accept_order", part, gettext("Terima pesanan"))
    if part.state == S.ACCEPTED:
        return _step("ready_order", part, _made(part))
    if part.state == S.READY:
        return _hand_over(work)
    if part.state in (S.HANDED_OVER, S.DISPUTED) and work.owes_cash:
        return _step("cash_page", part, gettext("Uang tunai diterima"), asks=True)
    return None


def _made(part: SellerOrder) -> str:
    """What is fetched at a point is ready once it lies there: its buyer goes and gets it."""
    if part.point is not None:
        return gettext("Sudah ada di %(place)s", place=part.point.name)
    return gettext("Selesai dibuat")


def _hand_over(work: Work) -> Step:
    """Cash comes as she fetches it; what is brought is paid for at the buyer's door, later."""
    part = work.part
    if part.delivery_kind in BROUGHT:
        return _step("hand_over_order", part, gettext("Berangkat antar"))
    if work.owes_cash:
        return _step("cash_page", part, gettext("Sudah diambil, uang diterima"), asks=True)
    name = part.order.buyer_name.split()[0]
    return _step("hand_over_order", part, gettext("Sudah diambil %(name)s", name=name))


def event(found: SellerOrderEvent) -> str:
    """`Diterima oleh penjual`."""
    what = _EVENTS.get(S(found.target), found.target)
    if found.source == found.target:  # it stayed where it was, with other figures
        what = _FEE if found.target == S.UNPAID else _LESS
    return f"{what} {_ACTORS.get(found.actor, '')}".strip()


def _step(endpoint: str, part: SellerOrder, label: str, *, asks: bool = False) -> Step:
    return Step(url_for(f"orders_studio.{endpoint}", part_id=part.id), label, asks)
