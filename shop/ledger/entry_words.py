"""The kinds of accounts and entries as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from shop.ledger.states import AccountKind as A
from shop.ledger.states import EntryKind as E

_ENTRIES: Mapping[str, Any] = {
    E.ORDER_PAID: _l("Pembayaran masuk"),
    E.CASH_RECEIVED: _l("Tunai diterima penjual"),
    E.COMPLETION: _l("Pesanan selesai"),
    E.FEE: _l("Potongan program"),
    E.CASH_KEPT: _l("Tunai disimpan penjual"),
    E.CASH_OWED: _l("Tunai terutang penjual"),
    E.MADE_GOOD: _l("Tetap untuk penjual"),
    E.LATE_PAYMENT: _l("Pembayaran terlambat"),
    E.REFUND_DUE: _l("Akan dikembalikan ke pembeli"),
    E.REFUND_PAID: _l("Dikembalikan ke pembeli"),
    E.CONSIGNMENT_SOLD: _l("Titipan laku"),
    E.CONSIGNMENT_PAID: _l("Uang titipan diserahkan"),
    E.PAYOUT_CLAIMED: _l("Masuk daftar bayar"),
    E.PAYOUT_PAID: _l("Penjual dibayar"),
    E.PAYOUT_RETURNED: _l("Pembayaran penjual kembali"),
    E.STRAY: _l("Uang masuk tanpa pesanan"),
    E.STRAY_ENDED: _l("Uang tanpa pesanan diselesaikan"),
    E.OWN_RECEIVED: _l("Diterima penjual langsung"),
    E.OWN_KEPT: _l("Disimpan penjual"),
    E.ACQUIRED: _l("Dibayar perusahaan QRIS atau kartu"),
    E.MOVED: _l("Dipindahkan"),
    E.TRANSFERRED: _l("Dikirim lewat Stripe"),
    E.SHARED: _l("Dibagi dalam kelompok"),
    E.ADVANCED: _l("Uang muka anggota"),
    E.MEMBER_PAID: _l("Anggota dibayar"),
    E.FUND_INCOME: _l("Kas kelompok masuk"),
    E.FUND_SPENT: _l("Kas kelompok keluar"),
    E.LOT_SETTLED: _l("Hasil kelompok dihitung"),
    E.PROMOTED: _l("Tambahan promo dari program"),
    E.REVERSAL: _l("Pembatalan catatan"),
    E.DISPUTED: _l("Pembayaran kartu disengketakan"),
    E.DISPUTE_ENDED: _l("Sengketa kartu selesai"),
    E.CARRIED: _l("Tunai dibawa kurir atau titik"),
    E.HANDED_IN: _l("Tunai disetor"),
}
ACCOUNTS: Mapping[str, Any] = {
    A.BANK: _l("Rekening bank program"),
    A.QRIS: _l("QRIS program"),
    A.CARD: _l("Kartu lewat Stripe"),
    A.GATEWAY: _l("QRIS otomatis"),
    A.CASH: _l("Tunai di tangan penjual"),
    A.OWN: _l("Rekening penjual sendiri"),
    A.POINT: _l("Uang di tempat titip"),
    A.HELD: _l("Ditahan sampai pesanan selesai"),
    A.PAYABLE: _l("Hak penjual"),
    A.IN_TRANSIT: _l("Sedang dibayarkan"),
    A.FEE: _l("Potongan program"),
    A.SURPLUS: _l("Angka pengenal"),
    A.SUSPENSE: _l("Menunggu kejelasan"),
    A.REFUNDS: _l("Harus kembali ke pembeli"),
    A.CREDIT: _l("Saldo pembeli"),
    A.GOODWILL: _l("Ditanggung program"),
    A.PROMOTION: _l("Promo yang ditanggung program"),
    A.ACQUIRING: _l("Biaya QRIS dan kartu"),
    A.POOL: _l("Uang bersama kelompok"),
    A.FUND: _l("Kas kelompok"),
    A.MEMBER: lazy_pgettext("uang", "Hak anggota"),
    A.ADVANCE: _l("Uang muka anggota"),
    A.DISPUTED: _l("Disengketakan bank pembeli"),
    A.CARRIED: _l("Tunai di kurir dan titik"),
}
"""Where money can be."""


def entry_words(kind: str) -> str:
    """What happened, in a few words."""
    return str(_ENTRIES[kind])


def account_words(kind: str) -> str:
    """Where the money is."""
    return str(ACCOUNTS[kind])
