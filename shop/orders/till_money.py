"""What a checkout says of money before it is placed: credit, codes, and who is paid directly."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.core.models import ShopSettings
from shop.payments.credit import LEAST_LEFT, free
from shop.payments.states import Method
from shop.sellers.models import Seller


@dataclass(frozen=True)
class AtTill:
    """What stands on the page: what each seller's part costs in rupiah, and what is chosen.

    `ways` are offered, `method` is chosen; some fee is not known before `later`.
    """

    costs: Sequence[tuple[Seller, int]]
    ways: Collection[str]
    method: str | None
    later: bool
    wants_credit: bool


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
    session: Session, found: AtTill, settings: ShopSettings, person_id: uuid.UUID | None
) -> TillMoney:
    """What the page says. Only for who is signed in the database is asked, once."""
    direct = tuple(_directs(found, settings))
    credit = free(session, person_id) if person_id else 0
    ours = sum(cost for _, cost in found.costs) - sum(one.amount for one in direct)
    usable = 0 if found.later else max(0, min(credit, ours - LEAST_LEFT))
    used = usable if found.wants_credit and found.method != Method.CASH else 0
    by_code = Method.TRANSFER in found.ways or Method.QRIS in found.ways
    coded = by_code and len(direct) < len(found.costs)
    return TillMoney(
        person_id is not None, credit, usable, used, coded, settings.codes_are_credit, direct
    )


def _directs(found: AtTill, settings: ShopSettings) -> list[Direct]:
    if not settings.sellers_collect or found.later:
        return []
    return [
        Direct(seller, cost, able)
        for seller, cost in found.costs
        if (able := _able(seller, found.ways))
    ]


def _able(seller: Seller, ways: Collection[str]) -> tuple[Method, ...]:
    """By which of these ways she is paid directly: as `payments.collect.collecting` finds it."""
    into = {Method.TRANSFER: seller.bank_account, Method.QRIS: seller.qris_text}
    return tuple(way for way, has in into.items() if seller.collects and has and way in ways)
