"""Differences between books, providers and bank, and the next step, for people."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.core.i18n import day
from shop.core.money import rupiah
from shop.payments.differences import Difference
from shop.payments.differences import DifferenceKind as D

_WHAT = {
    D.BOOKS: _l("Catatan toko tidak cocok: %(what)s"),
    D.MESSAGE: _l("Kabar dari penyedia tidak cocok dengan pembayaran mana pun: %(what)s, %(day)s"),
    D.GATEWAY_DAY: _l("QRIS otomatis %(day)s: catatan kami berbeda %(sum)s dari laporan mereka"),
    D.GATEWAY_UNPAID: _l("QRIS otomatis %(day)s: %(sum)s belum dibayar perusahaan QRIS"),
    D.QRIS_DAY: _l("QRIS %(day)s: catatan kami berbeda %(sum)s dari yang dibayar"),
    D.QRIS_UNPAID: _l("QRIS %(day)s: %(sum)s tidak ada di mutasi bank"),
    D.QRIS_FEE: _l("Baris QRIS %(day)s: bruto, biaya, dan jumlahnya berbeda %(sum)s, %(what)s"),
    D.LINE_WAITING: _l("Mutasi %(day)s, %(sum)s, belum dicocokkan: %(what)s"),
    D.NOT_AT_BANK: _l("Tercatat %(day)s, %(sum)s, tetapi tidak ada di mutasi bank: %(what)s"),
    D.CARRIED_LONG: _l("%(what)s membawa uang tunai sejak %(day)s, sekarang %(sum)s"),
    D.STRIPE: _l("Stripe %(day)s: %(what)s, selisih %(sum)s"),
    D.STRIPE_SILENT: _l("Stripe tidak bisa ditanya: %(what)s"),
    D.GAP: _l("Saldo bank tidak bersambung, selisih %(sum)s, dekat berkas %(what)s"),
}
_NEXT = {
    D.BOOKS: _l("Jangan ubah apa pun. Kirim baris ini ke pengelola teknis."),
    D.MESSAGE: _l("Buka “Tidak cocok” di Cek pembayaran, lalu cari uangnya di halaman penyedia."),
    D.GATEWAY_DAY: _l("Bandingkan laporan hari itu dengan daftar pembayaran, satu per satu."),
    D.GATEWAY_UNPAID: _l("Catat pembayarannya di “QRIS otomatis”, atau tanyakan ke mereka."),
    D.QRIS_DAY: _l("Bandingkan riwayat QRIS hari itu dengan pembayaran yang dikonfirmasi."),
    D.QRIS_UNPAID: _l("Cari baris QRIS hari itu di Mutasi bank, atau tanyakan ke perusahaan QRIS."),
    D.QRIS_FEE: _l("Tanyakan biayanya ke perusahaan QRIS."),
    D.LINE_WAITING: _l("Buka Mutasi bank, lalu cocokkan atau sisihkan."),
    D.NOT_AT_BANK: _l("Periksa apakah uangnya benar bergerak. Kalau tidak, batalkan catatannya."),
    D.CARRIED_LONG: _l("Minta disetor, lalu catat di Kurir dan titik."),
    D.STRIPE: _l(
        "Buka halaman Stripe, bandingkan dengan catatan toko, lalu kirim ulang kabarnya dari sana."
    ),
    D.STRIPE_SILENT: _l("Coba lagi nanti. Kalau tetap begitu, periksa kunci Stripe."),
    D.GAP: _l("Unduh lagi mutasi dari hari itu, lalu unggah di Mutasi bank."),
}


def difference_words(found: Difference) -> str:
    """What is different."""
    return str(_WHAT[found.kind]) % {
        "what": found.what,
        "sum": rupiah(found.amount),
        "day": day(found.day) if found.day else gettext("tanpa tanggal"),
    }


def next_step(found: Difference) -> str:
    """What to do about it."""
    return str(_NEXT[found.kind])


def more_than_came(left: int) -> str:
    """Why a refund cannot go back the way it came; `left` rupiah of that payment could."""
    words: str = gettext(
        "Lewat jalan ini tinggal %(left)s yang bisa kembali: sisanya dulu dibayar dari saldo atau "
        "sudah kembali. Kirim semuanya dengan bank.",
        left=rupiah(left),
    )
    return words
