"""Why a line of the bank may be what is suggested, for people."""

from __future__ import annotations

from flask_babel import gettext

from shop.core.i18n import day
from shop.core.money import rupiah
from shop.ledger.entry_words import entry_words
from shop.payments.models_bank import BankLine
from shop.payments.suggest_match import Fit, Suggestion


def fit_words(found: Suggestion, line: BankLine) -> str:
    """Why this may be it, in a few words."""
    return str(_words(found, line))


def _words(found: Suggestion, line: BankLine) -> object:
    amount = rupiah(found.amount)
    match found.fit:
        case Fit.EXACT:
            return gettext("Menunggu tepat %(sum)s.", sum=amount)
        case Fit.BOOKED if found.entry is not None:
            return gettext(
                "%(what)s, sudah dicatat %(day)s.",
                what=entry_words(found.entry.kind), day=day(found.entry.day),
            )  # fmt: skip
        case Fit.DAY if found.sales_day is not None:
            return gettext(
                "QRIS %(day)s: menurut catatan kami %(sum)s.", day=day(found.sales_day), sum=amount
            )
        case Fit.LATE:
            return gettext("Jumlahnya tepat, tetapi pesanannya sudah lewat waktu atau dibatalkan.")
    off = rupiah(abs(found.amount - line.amount))
    if line.amount < found.amount:
        return gettext("Menunggu %(sum)s, yang masuk kurang %(off)s.", sum=amount, off=off)
    return gettext("Menunggu %(sum)s, yang masuk lebih %(off)s.", sum=amount, off=off)
