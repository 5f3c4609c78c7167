"""The places of the two doors that need a sign-in: which tabs there are, and who sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext

from shop.accounts.access import current_actor
from shop.accounts.permissions import P
from shop.accounts.queries import unseen_news
from shop.complaints.queries import waiting as waiting_complaints
from shop.core.db import db
from shop.orders.queries_counts import new_orders

_BESIDE = {
    "consignment_studio": "sellers_studio",
    "standing_studio": "sellers_studio",
    "group_fund": "ledger_studio",
    "group_rules": "ledger_studio",
    "group_studio": "ledger_studio",
    "lots_notes": "ledger_studio",
    "lots_studio": "ledger_studio",
    "lots_terms": "ledger_studio",
    "member_statement": "ledger_studio",
    "consignment_staff": "orders_staff",
    "journal_staff": "ledger_staff",
    "participant_staff": "training_staff",
    "months_staff": "ledger_staff",
    "holders_staff": "payments_staff",
    "programme_staff": "ledger_staff",
    "statements_staff": "ledger_staff",
    "standing_staff": "orders_staff",
}
"""The blueprints whose pages stand under another one's tab, though their address is not its."""


@dataclass(frozen=True)
class Tab:
    """One place in a door's navigation."""

    endpoint: str
    label: Any
    icon: str
    permission: P
    waiting: Callable[[], int] | None = None

    @property
    def count(self) -> int:
        """How many things wait there."""
        return self.waiting() if self.waiting else 0

    @property
    def url(self) -> str:
        """Its address."""
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        """Whether the present page belongs to it: by its room, or else by its address."""
        blueprint = _BESIDE.get(request.blueprint or "", request.blueprint)
        room = [tab for tab in STUDIO + STAFF if tab.room == blueprint]
        here = request.script_root + request.path
        above = [
            tab
            for tab in room or STUDIO + STAFF
            if here == tab.url or here.startswith(f"{tab.url}/")
        ]
        return bool(above or room) and self is max(above or room, key=lambda tab: len(tab.url))

    @property
    def room(self) -> str:
        """The blueprint it belongs to."""
        return self.endpoint.partition(".")[0]


def _new_orders() -> int:
    return new_orders(db.session(), current_actor().seller)


def _complaints() -> int:
    return waiting_complaints(db.session())


def _news() -> int:
    actor = current_actor()
    return unseen_news(db.session(), actor.person, actor.seller_id)


STUDIO: tuple[Tab, ...] = (
    Tab("orders_studio.today", lazy_gettext("Hari ini"), "home", P.SELL_TODAY_VIEW),
    Tab("catalog_studio.products", lazy_gettext("Produk"), "tag", P.SELL_PRODUCT_EDIT),
    Tab("orders_studio.orders", lazy_gettext("Pesanan"), "box", P.SELL_ORDER_HANDLE, _new_orders),
    Tab("ledger_studio.money", lazy_gettext("Uang"), "wallet", P.SELL_MONEY_VIEW),
    Tab("sellers_studio.more", lazy_gettext("Lainnya"), "more", P.SELL_TODAY_VIEW, _news),
)
STAFF: tuple[Tab, ...] = (
    Tab("impact_staff.desk", lazy_gettext("Meja"), "home", P.STAFF_DESK_VIEW),
    Tab("impact_staff.impact", lazy_gettext("Hasil"), "certificate", P.STAFF_IMPACT_VIEW),
    Tab("training_staff.courses", lazy_gettext("Pelatihan"), "people", P.STAFF_TRAINING_VIEW),
    Tab("catalog_staff.products", lazy_gettext("Barang"), "tag", P.STAFF_PRODUCT_APPROVE),
    Tab("orders_staff.orders", lazy_gettext("Pesanan"), "box", P.STAFF_PAYMENT_VIEW),
    Tab(
        "complaints_staff.complaints",
        lazy_gettext("Keluhan"),
        "alert",
        P.STAFF_ORDER_UNDO,
        _complaints,
    ),
    Tab("payments_staff.payments", lazy_gettext("Cek pembayaran"), "check", P.STAFF_PAYMENT_VIEW),
    Tab("ledger_staff.payouts", lazy_gettext("Bayar penjual"), "wallet", P.STAFF_PAYOUT_VIEW),
    Tab("delivery_staff.delivery", lazy_gettext("Antar dan ambil"), "truck", P.STAFF_DELIVERY_EDIT),
    Tab("sellers_staff.sellers", lazy_gettext("Penjual"), "people", P.STAFF_SELLER_VIEW),
    Tab("accounts_staff.people", lazy_gettext("Orang"), "people", P.STAFF_PERSON_MANAGE),
    Tab("settings_staff.settings", lazy_gettext("Pengaturan"), "edit", P.STAFF_SETTINGS_EDIT),
)
