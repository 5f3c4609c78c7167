"""The checkout page: what was typed so far, and what it costs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from shop.core.forms import tidy
from shop.core.money import Rupiah
from shop.orders.basket import Basket, BasketPart, look
from shop.orders.delivery import Zones, due_day, fee_to, zones_of
from shop.orders.forms import LONGEST_NOTE, CheckoutForm
from shop.orders.place_order import Change, ChangeKind, PartWanted, PlaceOrder, WantedLine
from shop.orders.quote import quote
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers.models import Seller

_LINE = re.compile(r"([0-9a-f]{32}):([0-9a-f]{32}):([1-9][0-9]{0,3}):([1-9][0-9]{0,8})")
"""Seller, variant, how many, the price of one."""
_FEE = re.compile(r"([0-9a-f]{32}):([0-9]{1,6})")
_MOST_LINES = 100
NOT_SHOWN = -1
"""The fee of a delivery that was chosen before its fee was known: never the real one."""


class BadForm(ValueError):
    """No form of ours sends this."""


@dataclass(frozen=True)
class TillPart:
    """One seller's part: how it comes to the buyer, for how much, and when.

    `fee` is None where the seller does not go to the chosen kelurahan, or none is chosen yet.
    `forced`: the buyer wants it brought, and only the kelurahan makes it a pick-up.
    """

    basket: BasketPart
    zones: Zones
    way: DeliveryKind
    fee: Rupiah | None
    note: str
    forced: bool

    @property
    def key(self) -> str:
        """What tells its fields from those of the other parts."""
        return self.basket.seller.id.hex

    @property
    def delivered(self) -> bool:
        """Whether the seller is to bring it."""
        return self.way is DeliveryKind.DELIVERY

    @property
    def due_on(self) -> date:
        """When all of it can be ready."""
        return due_day(line.product.lead_days for line in self.basket.lines)


@dataclass(frozen=True)
class Till:
    """All of the page. Sums in rupiah; `changes` are what is not as the buyer saw it."""

    form: CheckoutForm
    parts: tuple[TillPart, ...]
    changes: tuple[Change, ...] = ()

    @property
    def sellers(self) -> dict[uuid.UUID, Seller]:
        """Those of whom something can be had."""
        return {part.basket.seller.id: part.basket.seller for part in self.parts}

    @property
    def pieces(self) -> int:
        """How many things."""
        return sum(part.basket.pieces for part in self.parts)

    @property
    def goods(self) -> int:
        """What they cost."""
        return sum(part.basket.goods for part in self.parts)

    @property
    def total(self) -> int:
        """With every delivery whose fee is known."""
        return self.goods + sum(part.fee or 0 for part in self.parts if part.delivered)

    @property
    def complete(self) -> bool:
        """Whether that is the whole sum."""
        return all(part.fee is not None for part in self.parts if part.delivered)


def first_look(session: Session, form: CheckoutForm, lines: Sequence[WantedLine]) -> Till:
    """The page as it opens on what lies in the cart."""
    return _till(session, form, look(session, lines), MultiDict())


def look_again(session: Session, form: CheckoutForm, typed: MultiDict[str, str]) -> Till:
    """The page with what was typed, at the prices and fees of now. Raises `BadForm`."""
    lines = [line for _, line in _lines(typed)]
    till = _till(session, form, look(session, lines), typed)
    wanted = wanted_in(form, typed, language="id", buyer_id=None)
    on_lines = (ChangeKind.GONE, ChangeKind.SOLD_OUT, ChangeKind.FEWER, ChangeKind.PRICE)
    changes = tuple(c for c in quote(session, wanted).changes if c.kind in on_lines)
    return Till(form, till.parts, changes)


def wanted_in(
    form: CheckoutForm, typed: MultiDict[str, str], *, language: str, buyer_id: uuid.UUID | None
) -> PlaceOrder:
    """The order a valid form asks for, with the prices and fees it showed. Raises `BadForm`."""
    sellers: dict[uuid.UUID, list[WantedLine]] = {}
    for seller_id, line in _lines(typed):
        sellers.setdefault(seller_id, []).append(line)
    fees = {m[1]: int(m[2]) for text in typed.getlist("fee") if (m := _FEE.fullmatch(text))}
    total = form.total.data or ""
    return PlaceOrder(
        key=form.key.data or "",
        language=language,
        buyer_name=form.buyer_name.data,
        buyer_phone=form.buyer_phone.e164,
        buyer_id=buyer_id,
        kelurahan_code=form.kelurahan.data or None,
        address=form.address.data,
        method=Method(form.method.data) if form.method.data in list(Method) else Method.CASH,
        parts=tuple(
            PartWanted(
                seller_id=seller_id,
                delivery_kind=_way(typed, seller_id, form.kelurahan.data) or DeliveryKind.PICKUP,
                note=_note(typed, seller_id),
                lines=tuple(lines),
                fee_seen=fees.get(seller_id.hex, NOT_SHOWN),
            )
            for seller_id, lines in sellers.items()
        ),
        total_seen=int(total) if re.fullmatch(r"[0-9]{1,10}", total) else NOT_SHOWN,
    )


def _lines(typed: MultiDict[str, str]) -> list[tuple[uuid.UUID, WantedLine]]:
    """The things the form was about, each with its seller. Raises `BadForm`."""
    found = [_LINE.fullmatch(text) for text in typed.getlist("line")]
    if not 0 < len(found) <= _MOST_LINES or None in found:
        raise BadForm("lines")
    return [(uuid.UUID(m[1]), (uuid.UUID(m[2]), int(m[3]), Rupiah(int(m[4])))) for m in found if m]


def _till(session: Session, form: CheckoutForm, basket: Basket, typed: MultiDict[str, str]) -> Till:
    parts = basket.orderable
    zones = zones_of(session, [part.seller.id for part in parts])
    found = tuple(
        _part(part, zones.get(part.seller.id, {}), form.kelurahan.data, typed) for part in parts
    )
    form.delivered = any(part.delivered for part in found)
    return Till(form, found)


def _part(
    part: BasketPart, zones: Zones, kelurahan_code: str | None, typed: MultiDict[str, str]
) -> TillPart:
    fee = fee_to(zones, kelurahan_code, part.goods)
    can_bring = fee is not None or (bool(zones) and not kelurahan_code)
    was_forced = bool(typed.get(f"forced-{part.seller.id.hex}"))
    wish = None if was_forced else _way(typed, part.seller.id, kelurahan_code)
    way = (wish or DeliveryKind.DELIVERY) if can_bring else DeliveryKind.PICKUP
    forced = bool(zones) and not can_bring and wish is not DeliveryKind.PICKUP
    return TillPart(part, zones, way, fee, _note(typed, part.seller.id), forced)


def _way(
    typed: MultiDict[str, str], seller_id: uuid.UUID, kelurahan_code: str | None
) -> DeliveryKind | None:
    """What was chosen. A pick-up forced by one kelurahan is no choice once there is another."""
    text = typed.get(f"way-{seller_id.hex}")
    forced_by = typed.get(f"forced-{seller_id.hex}")
    if forced_by and forced_by != kelurahan_code:
        return DeliveryKind.DELIVERY
    return DeliveryKind(text) if text in list(DeliveryKind) else None


def _note(typed: MultiDict[str, str], seller_id: uuid.UUID) -> str:
    return tidy(typed.get(f"note-{seller_id.hex}"))[:LONGEST_NOTE]
