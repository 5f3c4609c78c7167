"""What Stripe says in its own names, for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.payments.states_stripe import DisputeState as D

STATES: dict[str, tuple[Any, str]] = {
    D.INQUIRY: (_l("Baru bertanya"), "wait"),
    D.OPEN: (_l("Menunggu bukti"), "fault"),
    D.REVIEW: (_l("Diperiksa bank"), "wait"),
    D.WON: (_l("Menang"), "good"),
    D.LOST: (_l("Kalah, belum diputuskan"), "fault"),
    D.BORNE: (_l("Kalah, sudah ditanggung"), ""),
    D.CLOSED: (_l("Selesai tanpa sengketa"), ""),
}
"""A dispute's state in words, and the tone of its badge."""
NEXT: dict[str, Any] = {
    D.INQUIRY: _l("Bank hanya bertanya; uangnya belum ditarik. Jawab di Stripe."),
    D.OPEN: _l("Uangnya sudah ditarik bank. Kirim bukti penyerahan barang di Stripe."),
    D.REVIEW: _l("Bukti sudah dikirim. Tunggu keputusan bank pembeli, biasanya sebulan lebih."),
    D.LOST: _l("Uangnya tetap pada pembeli. Putuskan siapa yang menanggungnya."),
}
"""What staff do now."""
_REASONS: dict[str, Any] = {
    "fraudulent": _l("Pemilik kartu bilang bukan dia yang membayar"),
    "product_not_received": _l("Pembeli bilang barangnya tidak sampai"),
    "product_unacceptable": _l("Pembeli bilang barangnya tidak sesuai"),
    "duplicate": _l("Pembeli bilang terbayar dua kali"),
    "credit_not_processed": _l("Pembeli bilang uang kembalinya belum datang"),
    "unrecognized": _l("Pemilik kartu tidak mengenali pembayarannya"),
}
_MISSING: tuple[tuple[str, Any], ...] = (
    ("verification", _l("foto KTP")),
    ("external_account", _l("rekening bank")),
    ("tos_acceptance", _l("persetujuan syarat Stripe")),
    ("business_profile", _l("keterangan usaha")),
    ("", _l("data diri")),
)


def reason_of_dispute(reason: str) -> str:
    """Why the bank took it back, as Stripe's word for it says."""
    return str(_REASONS.get(reason) or gettext("Alasan lain"))


def missing_words(names: Iterable[str]) -> str:
    """What Stripe still asks of a seller, each thing once."""
    said = [str(next(words for part, words in _MISSING if part in name)) for name in names]
    return ", ".join(dict.fromkeys(said))
