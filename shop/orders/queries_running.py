"""The promotions that run at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import String, Table, bindparam, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.db import UtcDateTime
from shop.orders.models_promotion import Promotion
from shop.orders.promotion_sums import Running

_ALL = cast("Table", Promotion.__table__).c
_NOW = bindparam("now", type_=UtcDateTime())
# Built once: every checkout asks.
_RUNNING = (
    select(
        _ALL.id, _ALL.name, _ALL.name_en, _ALL.word, _ALL.target, _ALL.basis_points, _ALL.amount,
        _ALL.category_slug, _ALL.seller_id, _ALL.product_id, _ALL.minimum, _ALL.cap,
        _ALL.budget - _ALL.taken, _ALL.subsidy_points,
    )
    .where(
        _ALL.ended_at.is_(None),
        _ALL.starts_at <= _NOW,
        _ALL.ends_at.is_(None) | (_ALL.ends_at > _NOW),
        _ALL.word.is_(None) | (_ALL.word == bindparam("word", type_=String())),
        _ALL.budget.is_(None) | (_ALL.taken < _ALL.budget),
    )
    .order_by(_ALL.made_at, _ALL.id)
)  # fmt: skip


def running(session: Session, word: str = "") -> Sequence[Running]:
    """Those that are for everybody, and those for whom types this `word`; the oldest first."""
    rows = session.execute(_RUNNING, {"now": clock.now(), "word": tidy_word(word)})
    return [Running._make(row) for row in rows]


def tidy_word(typed: str) -> str:
    """A promotion's word as it is kept: capital letters, without spaces."""
    return "".join(typed.split()).upper()
