"""The orders of the last days, by hand, so that everyone who signs in finds work to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from shop.demo.demand import Market
from shop.demo.fates import stand_at
from shop.demo.orders import Fate, Order, PayBy


@dataclass(frozen=True, slots=True)
class _Scene:
    fate: Fate
    method: PayBy
    wanted: dict[str, int]
    buyer: str | None = None
    note: str = ""


F = Fate
_SCENES = (
    _Scene(
        F.UNPAID,
        "transfer",
        {"kerupuk-tenggiri": 2, "rempeyek-bilis": 1, "kue-nanas": 1, "tas-perca": 1},
        "Ratna Dewi",
    ),
    _Scene(F.UNPAID, "qris", {"nasi-lemak": 3}),
    _Scene(F.UNPAID, "transfer", {"tas-pandan": 1}),
    _Scene(F.UNPAID, "qris", {"kerupuk-atom": 2}),
    _Scene(F.CLAIMED, "transfer", {"luti-gendang": 4, "epok-epok-ikan": 2}, "Lilis Suganda"),
    _Scene(F.CLAIMED, "transfer", {"keripik-pisang": 10, "stik-bayam": 6}, "Toko Sinar"),
    _Scene(F.CLAIMED, "qris", {"otak-otak-ikan": 2}, "Anwar Sani"),
    _Scene(F.CLAIMED, "qris", {"kopi-bubuk": 1}, "Joko Prasetyo"),
    _Scene(F.CLAIMED, "transfer", {"abon-tongkol": 1}, "Hendra Gunawan"),
    _Scene(F.CLAIMED, "transfer", {"daster": 1, "jilbab-segi-empat": 1}, "Sri Wahyuni"),
    _Scene(F.CLAIMED, "transfer", {"bayam-ikat": 3, "cabai-rawit": 1}),
    _Scene(
        F.WAITING_PAID,
        "transfer",
        {"kerupuk-tenggiri": 2, "rempeyek-bilis": 1},
        "Sari Melati",
        "Tolong yang agak asin ya, Bu",
    ),
    _Scene(F.WAITING_PAID, "qris", {"paket-oleh-oleh": 2}, "Acai Lim"),
    _Scene(F.WAITING_PAID, "qris", {"bilis-kering": 1}),
    _Scene(F.WAITING_PAID, "transfer", {"selar-asin": 2, "udang-kering": 1}),
    _Scene(F.WAITING_CASH, "cash", {"kerupuk-tenggiri": 5}, "Anwar Sani"),
    _Scene(F.WAITING_CASH, "cash", {"kangkung-ikat": 4, "terung-ungu": 1}),
    _Scene(F.WAITING_CASH, "cash", {"bahulu": 1}),
    _Scene(
        F.ACCEPTED,
        "transfer",
        {"kerupuk-tenggiri": 12, "rempeyek-bilis": 6},
        "Majelis Al-Ikhlas",
        "Untuk arisan, tolong dua kardus",
    ),
    _Scene(F.ACCEPTED, "cash", {"rempeyek-bilis": 2}, "Bu Lurah Maryam"),
    _Scene(F.ACCEPTED, "transfer", {"kue-makmur": 3}),
    _Scene(F.ACCEPTED, "qris", {"tudung-saji": 1}),
    _Scene(F.ACCEPTED, "cash", {"cabai-rawit": 2, "timun": 1, "serai": 2}),
    _Scene(F.ACCEPTED, "qris", {"mukena": 1}),
    _Scene(F.READY, "transfer", {"kerupuk-tenggiri": 4}, "Dewi Anggraini"),
    _Scene(F.READY, "transfer", {"kerupuk-tenggiri": 1, "rempeyek-bilis": 1}, "Hendra Gunawan"),
    _Scene(F.READY, "cash", {"kacang-panjang": 2, "ubi-kayu": 3}),
    _Scene(F.READY, "qris", {"paket-oleh-oleh": 1}),
    _Scene(F.HANDED_OVER, "qris", {"abon-tongkol": 2}),
    _Scene(F.HANDED_OVER, "cash", {"kerupuk-tenggiri": 3}),
    _Scene(F.HANDED_OVER, "transfer", {"gelang-kerang": 5, "hiasan-meja-kerang": 1}),
    _Scene(F.HANDED_OVER, "cash", {"mie-tarempa": 2}),
    _Scene(F.HANDED_OVER, "transfer", {"otak-otak-tulang": 1, "otak-otak-sotong": 1}),
    _Scene(F.DECLINED, "cash", {"asam-pedas-ikan": 6}),
    _Scene(F.CANCELLED, "cash", {"keripik-ubi-pedas": 2}),
    _Scene(F.EXPIRED, "transfer", {"kue-nanas": 1, "bahulu": 2}, "Hendra Gunawan"),
)

COUNT = len(_SCENES)


def last_days(rng: Random, market: Market, now: datetime) -> list[Order]:
    """The orders of the scenes, each standing at its fate at `now`."""
    orders: list[Order] = []
    for scene in _SCENES:
        buyer = market.crowd.named(scene.buyer) if scene.buyer else market.crowd.anybody()
        order = market.asked(buyer, scene.method, scene.fate, scene.wanted, scene.note)
        orders.append(stand_at(rng, order, now))
    return orders
