"""Why a line of the bank may be what is suggested, for people."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from shop.core.i18n import day
from shop.core.money import rupiah
from shop.ledger.entry_words import entry_words
from shop.payments.cannot_undo import Why
from shop.payments.models_bank import BankLine
from shop.payments.suggest_match import Fit, Suggestion


def why_words(why: Why) -> str:
    """Why a match stays, and what to do."""
    words: str = {
        Why.HANDED_OVER: gettext(
            "Barangnya sudah diserahkan atau pesanannya sudah berakhir, jadi tidak bisa dibatalkan"
            " di sini. Bicarakan dulu dengan pembeli dan penjual."
        ),
        Why.GOES_BACK: gettext(
            "Sebagian uangnya sudah dicatat untuk dikembalikan. Selesaikan itu dulu."
        ),
        Why.USED: gettext(
            "Uangnya sudah dipakai untuk hal lain, atau sisanya sedang diminta. Lihat dulu di"
            " uang yang belum jelas."
        ),
        Why.RETURNED: gettext("Kiriman ke penjual ini sudah dicatat kembali dari bank."),
        Why.NO_CODE: gettext("Semua angka pengenal untuk jumlah ini sedang dipakai. Coba besok."),
    }[why]
    return words


def fit_words(found: Suggestion, line: BankLine) -> str:
    """Why this may be it, in a few words."""
    return str(_words(found, line))


def _words(found: Suggestion, line: BankLine) -> object:
    amount = rupiah(found.amount)
    if found.fit is Fit.NEAR:
        off = rupiah(abs(found.amount - line.amount))
        if line.amount < found.amount:
            return gettext("Menunggu %(sum)s, yang masuk kurang %(off)s.", sum=amount, off=off)
        return gettext("Menunggu %(sum)s, yang masuk lebih %(off)s.", sum=amount, off=off)
    return _fits(found, amount)


def _fits(found: Suggestion, amount: str) -> object:
    match found.fit:
        case Fit.EXACT:
            return gettext("Menunggu tepat %(sum)s.", sum=amount)
        case Fit.BOOKED if found.entry is not None:
            return gettext(
                "%(what)s, sudah dicatat %(day)s.",
                what=entry_words(found.entry.kind), day=day(found.entry.day),
            )  # fmt: skip
        case Fit.BATCH:
            return ngettext(
                "Jumlah semua yang belum dikirim di daftar bayar ini, %(num)d penjual.",
                "Jumlah semua yang belum dikirim di daftar bayar ini, %(num)d penjual.",
                found.payouts,
            )
        case Fit.DAY if found.sales_day is not None:
            return gettext(
                "QRIS %(day)s: menurut catatan kami %(sum)s.", day=day(found.sales_day), sum=amount
            )
        case _:
            return gettext("Jumlahnya tepat, tetapi pesanannya sudah lewat waktu atau dibatalkan.")
