"""What has happened to an order so far, told to its buyer: what, by whom as a role, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.orders.models import SellerOrderEvent
from shop.orders.queries import OrderView
from shop.orders.states import SellerOrderState
from shop.orders.words import gettext

S = SellerOrderState

_TITLES: dict[str, Any] = {
    S.WAITING: _l("Diteruskan ke penjual"),
    S.ACCEPTED: _l("Pesanan diterima"),
    S.READY: _l("Selesai dibuat"),
    S.HANDED_OVER: _l("Diserahkan"),
    S.COMPLETED: _l("Pesanan selesai"),
    S.DECLINED: _l("Tidak bisa dibuat"),
    S.CANCELLED: _l("Dibatalkan"),
    S.EXPIRED: _l("Ditutup karena lewat waktu"),
    S.DISPUTED: _l("Masalah dilaporkan"),
    S.RETURNED: _l("Barang dikembalikan"),
}
_WHO: dict[str, Any] = {
    "buyer": _l("oleh Anda"),
    "seller": _l("oleh penjual"),
    "staff": _l("oleh petugas"),
    "clock": _l("otomatis"),
    "payment": _l("otomatis"),
}


@dataclass(frozen=True)
class Told:
    """One thing that happened. `sellers` is empty where it happened to the whole order.

    `reason` is as it is kept, to be put into the page's words.
    """

    title: str
    who: str
    when: datetime
    sellers: str = ""
    reason: str = ""


def history(view: OrderView) -> list[Told]:
    """Everything from placing on, the latest first; what parts went through together is one."""
    placed = Told(gettext("Pesanan dibuat"), str(_WHO["buyer"]), view.order.placed_at)
    moves = [_told(view, list(group)) for _, group in groupby(view.events, _alike)]
    return [*reversed(moves), placed]


def _alike(event: SellerOrderEvent) -> tuple[object, ...]:
    minute = event.happened_at.replace(second=0, microsecond=0)
    return minute, event.actor, event.source, event.target, event.reason


def _told(view: OrderView, together: Sequence[SellerOrderEvent]) -> Told:
    first = together[0]
    moved = {event.thing_id for event in together}
    names = [part.seller.name for part in view.parts if part.id in moved]
    return Told(
        title=_title(first),
        who=str(_WHO.get(first.actor, "")),
        when=first.happened_at,
        sellers="" if len(names) == len(view.parts) else ", ".join(names),
        reason=first.reason or "",
    )


def _title(event: SellerOrderEvent) -> str:
    if event.target == S.UNPAID:
        agreed = event.actor == "buyer"
        return gettext("Ongkos antar disetujui") if agreed else gettext("Ongkos antar disebut")
    if (event.source, event.target) == (S.DISPUTED, S.HANDED_OVER):
        return gettext("Laporan masalah ditarik")
    if event.source == event.target:  # pieces of it were called off, the rest goes on
        return gettext("Sebagian dibatalkan")
    return str(_TITLES[event.target])
