"""A promotion is made: by staff for anything, by a seller for her own goods at her own cost."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog.models import Product
from shop.core import clock
from shop.core.money import MAX_PRICE, Rupiah
from shop.ledger.post import lock_books
from shop.orders.models_promotion import Promotion, Target
from shop.orders.promotion_sums import HIGHEST
from shop.orders.queries_running import tidy_word

ALL = 10_000
"""The whole, in ten-thousandths."""
MOST_BUDGET = 1_000_000_000
"""The largest budget, in rupiah: above it a typing slip is more likely."""
_WORD = re.compile(r"[A-Z0-9]{3,20}")


class BadPromotion(ValueError):
    """Something of it cannot be; `field` names what, as in `NewPromotion`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class WordTaken(BadPromotion):
    """Another promotion that has not ended has this word."""


class NotHers(PermissionError):
    """A seller makes and ends promotions of her own goods only, at her own cost."""


@dataclass(frozen=True)
class NewPromotion:
    """A promotion as it is wanted, see `Promotion`; a product's seller need not be named.

    `starts_at` None: now.
    """

    name: str
    name_en: str = ""
    word: str | None = None
    target: Target = Target.GOODS
    basis_points: int | None = None
    amount: int | None = None
    category_slug: str | None = None
    seller_id: uuid.UUID | None = None
    product_id: uuid.UUID | None = None
    minimum: int = 0
    cap: int | None = None
    subsidy_points: int = 0
    budget: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def add_promotion(
    session: Session,
    wanted: NewPromotion,
    *,
    key: str,
    person_id: uuid.UUID | None,
    by_seller: uuid.UUID | None = None,
) -> Promotion:
    """Let it run from its first moment on; the same `key` gives the promotion it made before.

    `by_seller` is the seller who makes it herself (None: staff do). Raises `BadPromotion`,
    `WordTaken`, `NotHers`.
    """
    known = session.scalars(select(Promotion).where(Promotion.key == key)).first()
    if known is not None:
        return known
    seller_id = _seller(session, wanted)
    if by_seller is not None and (seller_id != by_seller or wanted.subsidy_points):
        raise NotHers
    starts_at = wanted.starts_at or clock.now()
    word = tidy_word(wanted.word or "") or None
    _check(wanted, word, starts_at)
    if word:
        _check_free(session, word)
    made = Promotion(
        key=key, name=wanted.name.strip(), name_en=wanted.name_en.strip(), word=word,
        target=wanted.target.value, basis_points=wanted.basis_points, amount=wanted.amount,
        category_slug=wanted.category_slug, seller_id=seller_id, product_id=wanted.product_id,
        minimum=Rupiah(wanted.minimum), cap=wanted.cap, subsidy_points=wanted.subsidy_points,
        budget=wanted.budget, starts_at=starts_at, ends_at=wanted.ends_at,
        by_seller=by_seller is not None, made_by=person_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.write(
        session, person_id, "promotion.add", "promotion", made.id, name=made.name,
        off=made.basis_points or made.amount, target=made.target, seller=str(seller_id or ""),
        subsidy=made.subsidy_points, budget=made.budget,
    )  # fmt: skip
    return made


def _seller(session: Session, wanted: NewPromotion) -> uuid.UUID | None:
    """Whose goods it is for; None: not of one seller."""
    if wanted.product_id is None:
        return wanted.seller_id
    product = session.get(Product, wanted.product_id)
    if product is None or wanted.seller_id not in (None, product.seller_id):
        raise BadPromotion("product_id")
    return product.seller_id


def _check(wanted: NewPromotion, word: str | None, starts_at: datetime) -> None:
    highest = HIGHEST if wanted.target is Target.GOODS else ALL
    points, amount = wanted.basis_points, wanted.amount
    wrong = {
        "name": not 0 < len(wanted.name.strip()) <= 60,
        "name_en": len(wanted.name_en.strip()) > 60,
        "word": word is not None and not _WORD.fullmatch(word),
        "basis_points": (points is None) == (amount is None)
        or (points is not None and not 0 < points <= highest),
        "amount": amount is not None and not 0 < amount <= MAX_PRICE,
        "category_slug": wanted.category_slug is not None
        and (wanted.seller_id or wanted.product_id) is not None,
        "minimum": not 0 <= wanted.minimum <= MAX_PRICE,
        "cap": wanted.cap is not None and not 0 < wanted.cap <= MAX_PRICE,
        "budget": wanted.budget is not None and not 0 < wanted.budget <= MOST_BUDGET,
        "subsidy_points": not 0 <= wanted.subsidy_points <= ALL,
        "ends_at": wanted.ends_at is not None and wanted.ends_at <= max(starts_at, clock.now()),
    }
    for field, bad in wrong.items():
        if bad:
            raise BadPromotion(field)


def _check_free(session: Session, word: str) -> None:
    lock_books(session)  # two who choose the same word at the same moment
    taken = select(Promotion.id).where(
        Promotion.word == word,
        Promotion.ended_at.is_(None),
        or_(Promotion.ends_at.is_(None), Promotion.ends_at > clock.now()),
    )
    if session.scalar(taken.limit(1)) is not None:
        raise WordTaken("word")
