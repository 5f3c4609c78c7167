"""What pages say about the credit of buyers, and about late money that cannot be used."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from shop.payments.cannot_reopen import Why
from shop.payments.models_credit import CreditKind

KINDS: dict[str, Any] = {
    CreditKind.CODE: _l("Kelebihan dari pesanan %(number)s"),
    CreditKind.STRAY: _l("Uang lebih untuk pesanan %(number)s"),
    CreditKind.USED: _l("Dipakai untuk pesanan %(number)s"),
    CreditKind.UNDONE: _l("Dibatalkan, pesanan %(number)s"),
}
NOT_REOPENED: dict[Why, Any] = {
    Why.SENT: _l("Uangnya sudah atau sedang dikirim balik, jadi pesanannya tidak dibuka lagi."),
    Why.GOODS_GONE: _l("Barangnya sudah tidak cukup. Kirim balik uangnya."),
    Why.NOT_EXPIRED: _l("Pesanan ini dibatalkan atau sudah dibayar. Kirim balik uangnya."),
    Why.USED: _l("Saldo atau uang sebelumnya sudah terpakai. Kirim balik uangnya."),
}


def kind(kind: str, number: str) -> str:
    """Why it changed, with the order's number."""
    return str(KINDS[kind]) % {"number": number}
