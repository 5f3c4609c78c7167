"""The checkout page: what was typed so far, and what it costs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from shop.core.money import Rupiah
from shop.orders.basket import Basket, look
from shop.orders.delivery import zones_of
from shop.orders.forms import CheckoutForm
from shop.orders.place_order import Change, ChangeKind, PartWanted, PlaceOrder, WantedLine
from shop.orders.promotion_sums import Discounts
from shop.orders.promotion_word import off_basket, word_fault
from shop.orders.quote import quote
from shop.orders.ways import FETCHED, TillPart, Typed, chosen, note_of, part_of
from shop.payments.states import Method
from shop.sellers.models import PickupPoint, Seller
from shop.sellers.points import points_of

_LINE = re.compile(r"([0-9a-f]{32}):([0-9a-f]{32}):([1-9][0-9]{0,3}):([1-9][0-9]{0,8})")
"""Seller, variant, how many, the price of one."""
_FEE = re.compile(r"([0-9a-f]{32}):([0-9]{1,9})")
_PROMOTION = re.compile(r"([0-9a-f]{32}):([0-9]{1,9})")
_DUE = re.compile(r"([0-9a-f]{32}):([0-9]{4}-[0-9]{2}-[0-9]{2})")
_MOST_LINES = 100
NOT_SHOWN = -1
"""The fee of a delivery that was chosen before its fee was known: never the real one."""


class BadForm(ValueError):
    """No form of ours sends this."""


@dataclass(frozen=True)
class Trip:
    """A pick-up point to which several sellers bring; `going` is how many parts are fetched there,
    `could` how many could be."""

    point: PickupPoint
    going: int
    could: int


@dataclass(frozen=True)
class Till:
    """All of the page. Sums in rupiah; `changes` are what is not as the buyer saw it, `off` is
    what promotions take off.

    `asked` are all sellers of what was wanted, those with nothing left among them.
    """

    form: CheckoutForm
    parts: tuple[TillPart, ...]
    asked: Mapping[uuid.UUID, Seller]
    off: Discounts
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
        """What they cost without a promotion."""
        return sum(part.basket.goods for part in self.parts)

    @property
    def total(self) -> int:
        """With every delivery whose fee is known, less what promotions take off."""
        fees = sum(part.fee or 0 for part in self.parts if part.delivered)
        return self.goods + fees - self.off.total

    @property
    def complete(self) -> bool:
        """Whether all fees are known that are not to be agreed on later."""
        return all(part.fee is not None for part in self.parts if part.delivered)

    @property
    def arranged(self) -> bool:
        """Whether some fee is to be agreed on before it is paid."""
        return any(part.arranged for part in self.parts)

    @property
    def trips(self) -> list[Trip]:
        """The points where things of two sellers or more can be fetched in one go."""
        points = {point.id: point for part in self.parts for point in part.points}
        trips = [
            Trip(
                point,
                sum(part.way.point_id == point.id for part in self.parts),
                sum(point.id in [one.id for one in part.points] for part in self.parts),
            )
            for point in points.values()
        ]
        return [trip for trip in trips if trip.could > 1]


def first_look(
    session: Session,
    form: CheckoutForm,
    lines: Sequence[WantedLine],
    notes: Mapping[uuid.UUID, str],
) -> Till:
    """The page as it opens on what lies in the cart, with the cart's notes by seller."""
    typed = MultiDict({f"note-{seller_id.hex}": note for seller_id, note in notes.items()})
    return _till(session, form, look(session, lines), typed)


def look_again(session: Session, form: CheckoutForm, typed: Typed) -> Till:
    """The page with what was typed, at the prices and fees of now. Raises `BadForm`."""
    lines = [line for _, line in _lines(typed)]
    till = _till(session, form, look(session, lines), typed)
    wanted = wanted_in(form, typed, language="id", buyer_id=None)
    on_lines = (ChangeKind.GONE, ChangeKind.SOLD_OUT, ChangeKind.FEWER, ChangeKind.PRICE)
    changes = tuple(c for c in quote(session, wanted).changes if c.kind in on_lines)
    return replace(till, changes=changes)


def wanted_in(
    form: CheckoutForm, typed: Typed, *, language: str, buyer_id: uuid.UUID | None
) -> PlaceOrder:
    """The order a valid form asks for, with the prices and fees it showed. Raises `BadForm`."""
    sellers: dict[uuid.UUID, list[WantedLine]] = {}
    for seller_id, line in _lines(typed):
        sellers.setdefault(seller_id, []).append(line)
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
            _wanted_of(seller_id, tuple(lines), form.kelurahan.data, typed)
            for seller_id, lines in sellers.items()
        ),
        total_seen=int(total) if re.fullmatch(r"[0-9]{1,10}", total) else NOT_SHOWN,
        landmark=form.landmark.data,
        latitude=form.pin[0] if form.pin else None,
        longitude=form.pin[1] if form.pin else None,
        buyer_email=form.buyer_email.data or None,
        whatsapp_ok=bool(form.whatsapp_ok.data),
        word=form.word.data,
        promotions_seen=tuple(
            (uuid.UUID(m[1]), int(m[2]))
            for text in typed.getlist("promotion")
            if (m := _PROMOTION.fullmatch(text))
        ),
    )


def _wanted_of(
    seller_id: uuid.UUID, lines: tuple[WantedLine, ...], kelurahan_code: str | None, typed: Typed
) -> PartWanted:
    fees = {m[1]: int(m[2]) for text in typed.getlist("fee") if (m := _FEE.fullmatch(text))}
    days = {m[1]: m[2] for text in typed.getlist("due") if (m := _DUE.fullmatch(text))}
    way = chosen(typed, seller_id, kelurahan_code) or FETCHED
    return PartWanted(
        seller_id=seller_id,
        delivery_kind=way.kind,
        note=note_of(typed, seller_id),
        lines=lines,
        fee_seen=fees.get(seller_id.hex, NOT_SHOWN),
        point_id=way.point_id,
        due_seen=_day(days.get(seller_id.hex, "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lines(typed: Typed) -> list[tuple[uuid.UUID, WantedLine]]:
    """The things the form was about, each with its seller. Raises `BadForm`."""
    found = [_LINE.fullmatch(text) for text in typed.getlist("line")]
    if not 0 < len(found) <= _MOST_LINES or None in found:
        raise BadForm("lines")
    return [(uuid.UUID(m[1]), (uuid.UUID(m[2]), int(m[3]), Rupiah(int(m[4])))) for m in found if m]


def _till(session: Session, form: CheckoutForm, basket: Basket, typed: Typed) -> Till:
    parts = basket.orderable
    sellers = [part.seller.id for part in parts]
    zones, points = zones_of(session, sellers), points_of(session, sellers)
    found = tuple(
        part_of(
            part, zones.get(part.seller.id, {}), points.get(part.seller.id, ()),
            form.kelurahan.data, typed,
        )
        for part in parts
    )  # fmt: skip
    form.delivered = any(part.brought for part in found)
    form.word_fault = word_fault(session, parts, form.word.data or "")
    fees = {part.basket.seller.id: part.fee or 0 for part in found if part.delivered}
    off = off_basket(session, parts, fees, form.word.data or "")
    return Till(form, found, {part.seller.id: part.seller for part in basket.parts}, off)
