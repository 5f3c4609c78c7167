"""Why money goes back or a part ended, as people read it: a person's words, or the shop's own."""

from __future__ import annotations

from flask_babel import gettext

LATE = "late"
DOUBLE = "double"
NO_ANSWER = "no_answer"


def reason_words(reason: str | None) -> str:
    """The reason kept with a refund or a move, in the page's language."""
    if reason == LATE:
        return str(gettext("Uang datang setelah pesanan gugur"))
    if reason == DOUBLE:
        return str(gettext("Terbayar dua kali"))
    if reason == NO_ANSWER:
        return str(gettext("Penjual tidak menjawab sampai batas waktunya"))
    return reason or ""
