"""What promotions make of a basket, and whether a word that was typed is one of theirs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from shop.orders.basket import BasketPart
from shop.orders.promotion_sums import Discounts, Priced, applies, discounts
from shop.orders.queries_running import running, tidy_word
from shop.orders.words import gettext


def off_basket(
    session: Session, parts: Iterable[BasketPart], fees: Mapping[uuid.UUID, int], word: str = ""
) -> Discounts:
    """What goes off these things and off the known delivery `fees`, in rupiah by seller."""
    return discounts(running(session, word), _priced(parts), fees)


def word_fault(session: Session, parts: Iterable[BasketPart], word: str) -> str:
    """Why this word takes nothing off; empty where it does, or where none was typed."""
    if not word:
        return ""
    named = [one for one in running(session, word) if one.word == tidy_word(word)]
    if not named:
        return gettext("Kata promo ini tidak dikenal atau sudah berakhir.")
    if not any(applies(one, _priced(parts)) for one in named):
        return gettext("Promo ini tidak untuk isi pesanan ini.")
    return ""


def _priced(parts: Iterable[BasketPart]) -> list[Priced]:
    return [
        Priced(part.seller.id, line.product.category_slug, line.product.id, line.total)
        for part in parts
        for line in part.lines
    ]
