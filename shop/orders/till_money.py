"""What a checkout says of money before it is placed: credit, codes, and who is paid directly."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.core.models import ShopSettings
from shop.orders.till import Till
from shop.orders.ways import TillPart
from shop.payments.credit import LEAST_LEFT, free
from shop.payments.states import Method
from shop.sellers.models import Seller


@dataclass(frozen=True)
class Direct:
    """`amount` rupiah that are paid to this seller directly, by these ways."""

    seller: Seller
    amount: int
    ways: tuple[Method, ...]


@dataclass(frozen=True)
class TillMoney:
    """Beside the sum; money in rupiah.

    Of the buyer's `credit` `usable` rupiah can pay for this order and `used` of them do, as the
    page shows it. `known`: she is signed in. `coded`: some way that is offered has a code.
    """

    known: bool
    credit: int
    usable: int
    used: int
    coded: bool
    codes_are_credit: bool
    direct: tuple[Direct, ...]


def till_money(
    session: Session,
    till: Till,
    settings: ShopSettings,
    person_id: uuid.UUID | None,
) -> TillMoney:
    """What the page says. Only for who is signed in the database is asked, once."""
    form = till.form
    ways = {Method(value) for value, _ in form.method.choices or ()}
    direct = tuple(_directs(till, settings, ways))
    credit = free(session, person_id) if person_id else 0
    ours = till.total - sum(one.amount for one in direct)
    asked_later = till.arranged or not till.complete
    usable = 0 if asked_later else max(0, min(credit, ours - LEAST_LEFT))
    used = usable if form.use_credit.data and form.method.data != Method.CASH else 0
    coded = bool(ways & {Method.TRANSFER, Method.QRIS}) and len(direct) < len(till.parts)
    return TillMoney(
        person_id is not None, credit, usable, used, coded, settings.codes_are_credit, direct
    )


def _directs(till: Till, settings: ShopSettings, ways: Collection[Method]) -> list[Direct]:
    if not settings.sellers_collect or till.arranged:
        return []
    return [
        Direct(part.basket.seller, _cost(part), able)
        for part in till.parts
        if (able := _able(part.basket.seller, ways))
    ]


def _able(seller: Seller, ways: Collection[Method]) -> tuple[Method, ...]:
    """By which of these ways she is paid directly: as `payments.collect.collecting` finds it."""
    into = {Method.TRANSFER: seller.bank_account, Method.QRIS: seller.qris_text}
    return tuple(way for way, has in into.items() if seller.collects and has and way in ways)


def _cost(part: TillPart) -> int:
    brought = (part.fee or 0) if part.delivered else 0
    return int(part.basket.goods) + brought
