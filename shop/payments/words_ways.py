"""The names of ways to pay, as people read them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from shop.payments.states import Method

NAMES: dict[str, Any] = {
    Method.TRANSFER: _l("Transfer bank"),
    Method.QRIS: _l("QRIS"),
    Method.GATEWAY: _l("QRIS otomatis"),
    Method.CARD: _l("Kartu"),
    Method.CASH: _l("Tunai saat terima"),
}
