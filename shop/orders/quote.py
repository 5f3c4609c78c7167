"""What a wanted order costs now, when it can be there, and what is not as the buyer saw it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from shop.catalog.states import ProductState
from shop.core.money import Rupiah
from shop.core.regions import all_kelurahan
from shop.orders.delivery import Zones, due_day, fee_to, zones_of
from shop.orders.models_promotion import Promotion
from shop.orders.place_order import Change, ChangeKind, PartWanted, PlaceOrder, WantedLine
from shop.orders.promotion_sums import NOTHING, Discounts, Priced, Taken, discounts
from shop.orders.queries_running import running
from shop.orders.queries_sale import ForSale, for_sale
from shop.orders.states import DeliveryKind
from shop.payments.queries_ways import closed
from shop.sellers.models import PickupPoint
from shop.sellers.points import points_of
from shop.sellers.states import SellerState


@dataclass(frozen=True)
class QuotedLine:
    """A thing and how many of it, and what a promotion takes off."""

    thing: ForSale
    quantity: int
    off: Taken | None = None

    @property
    def gross(self) -> Rupiah:
        """What it costs without a promotion, in rupiah."""
        return Rupiah(self.thing.price * self.quantity)

    @property
    def total(self) -> Rupiah:
        """What the buyer pays for it, in rupiah."""
        return Rupiah(self.gross - (self.off.discount if self.off else 0))


@dataclass(frozen=True)
class QuotedPart:
    """One seller's part at the prices and fees of now, in rupiah, less what promotions take off."""

    wanted: PartWanted
    lines: tuple[QuotedLine, ...]
    delivery: Rupiah
    due_on: date
    off_delivery: Taken | None = None

    @property
    def goods(self) -> Rupiah:
        """What the buyer pays for its things."""
        return Rupiah(sum(line.total for line in self.lines))


@dataclass(frozen=True)
class Quote:
    """A whole order at the prices and fees of now; not to be placed while there are changes."""

    parts: tuple[QuotedPart, ...]
    changes: tuple[Change, ...]
    discounts: Discounts = NOTHING

    @property
    def goods(self) -> Rupiah:
        """What all things cost."""
        return Rupiah(sum(part.goods for part in self.parts))

    @property
    def delivery(self) -> Rupiah:
        """What bringing them costs."""
        return Rupiah(sum(part.delivery for part in self.parts))


@dataclass(frozen=True)
class _Now:
    """How things stand: what is for sale, and where sellers bring it."""

    things: Mapping[uuid.UUID, ForSale]
    zones: Mapping[uuid.UUID, Zones]
    points: Mapping[uuid.UUID, Sequence[PickupPoint]]
    kelurahan_code: str | None


def quote(session: Session, wanted: PlaceOrder) -> Quote:
    """Look at everything anew."""
    sellers = [part.seller_id for part in wanted.parts]
    fetching = [part.seller_id for part in wanted.parts if part.point_id]
    now = _Now(
        for_sale(session, {line[0] for part in wanted.parts for line in part.lines}),
        zones_of(session, sellers),
        points_of(session, fetching) if fetching else {},
        wanted.kelurahan_code,
    )
    changes: list[Change] = []
    parts = [_part(session, part, now, changes) for part in wanted.parts]
    closed_for = closed(session, sellers).get(wanted.method, ())
    changes += [Change(ChangeKind.WAY, who, name=wanted.method.value) for who in closed_for]
    off = _off(session, wanted, parts)
    found = Quote(_less(parts, off), (*changes, *_promotion_changes(session, wanted, off)), off)
    total, seen = found.goods + found.delivery, wanted.total_seen
    if not found.changes and seen is not None and seen != total:  # another choice, an old sum
        return replace(found, changes=(Change(ChangeKind.TOTAL, before=seen, now=total),))
    return found


def _off(session: Session, wanted: PlaceOrder, parts: Sequence[QuotedPart]) -> Discounts:
    """What the promotions of now take off these parts."""
    now = running(session, wanted.word)
    if not now:
        return NOTHING
    lines = [
        Priced(line.thing.seller_id, line.thing.category_slug, line.thing.product_id, line.gross)
        for part in parts
        for line in part.lines
    ]
    return discounts(now, lines, {part.wanted.seller_id: part.delivery for part in parts})


def _less(parts: Sequence[QuotedPart], off: Discounts) -> tuple[QuotedPart, ...]:
    """The parts with what goes off their lines and deliveries."""
    if off is NOTHING:
        return tuple(parts)
    taken = iter(off.goods)
    found = []
    for part in parts:
        lines = tuple(replace(line, off=next(taken)) for line in part.lines)
        brought = off.delivery.get(part.wanted.seller_id)
        fee = Rupiah(part.delivery - (brought.discount if brought else 0))
        found.append(replace(part, lines=lines, delivery=fee, off_delivery=brought))
    return tuple(found)


def _promotion_changes(session: Session, wanted: PlaceOrder, off: Discounts) -> list[Change]:
    """How the promotions of now differ from those that the buyer saw."""
    if wanted.promotions_seen is None:
        return []
    seen = dict(wanted.promotions_seen)
    changes = [
        Change(ChangeKind.PROMOTION, name=one.name, name_en=one.name_en, before=before, now=amount)
        for one, amount in off.sums
        if (before := seen.pop(one.id, 0)) != amount
    ]
    for promotion_id, before in seen.items():
        over = session.get(Promotion, promotion_id)
        if over is not None:
            changes.append(
                Change(ChangeKind.PROMOTION, name=over.name, name_en=over.name_en, before=before)
            )
    return changes


def _part(session: Session, part: PartWanted, now: _Now, changes: list[Change]) -> QuotedPart:
    lines = []
    for wanted in part.merged():
        thing = now.things.get(wanted[0])
        change = _line_change(part, wanted, thing)
        if change:
            changes.append(change)
        if thing is not None and thing.seller_id == part.seller_id:
            lines.append(QuotedLine(thing, wanted[1]))
    fee = _delivery(session, part, lines, now, changes)
    goods = sum(line.total for line in lines)
    if lines and goods < (least := lines[0].thing.minimum_order):
        changes.append(Change(ChangeKind.MINIMUM, part.seller_id, before=goods, now=least))
    due_on = due_day(line.thing.lead_days for line in lines)
    due_on = max(due_on, part.wanted_on or due_on)
    if lines and part.due_seen is not None and due_on > part.due_seen:
        changes.append(Change(ChangeKind.LATER, part.seller_id, day=due_on))
    return QuotedPart(part, tuple(lines), fee, due_on)


def _delivery(
    session: Session,
    part: PartWanted,
    lines: Sequence[QuotedLine],
    now: _Now,
    changes: list[Change],
) -> Rupiah:
    """What bringing costs; where the way is not as it was shown, that is added to `changes`."""
    if part.delivery_kind is DeliveryKind.POINT:
        if part.point_id not in [point.id for point in now.points.get(part.seller_id, ())]:
            point = session.get(PickupPoint, part.point_id)
            name = point.name if point else ""
            changes.append(Change(ChangeKind.POINT_CLOSED, part.seller_id, name=name))
        return Rupiah(0)
    if part.delivery_kind is DeliveryKind.PICKUP:
        return Rupiah(0)
    goods = sum(line.total for line in lines)
    weight_g = sum((line.thing.weight_g or 0) * line.quantity for line in lines)
    zones = now.zones.get(part.seller_id, {})
    fee = fee_to(zones, now.kelurahan_code, goods, weight_g)
    if fee is None:
        arranges = bool(lines) and lines[0].thing.arranges
        arranged = arranges and now.kelurahan_code in all_kelurahan()
        if part.delivery_kind is not DeliveryKind.ARRANGED or not arranged:
            kind = ChangeKind.ARRANGE if arranged else ChangeKind.NO_DELIVERY
            changes.append(Change(kind, part.seller_id))
        return Rupiah(0)
    seen = part.fee_seen if part.delivery_kind is DeliveryKind.DELIVERY else None
    if part.delivery_kind is DeliveryKind.ARRANGED or (seen is not None and seen != fee):
        weighed = any(zone.per_kg for zone in zones.values())
        told = Change(
            ChangeKind.DELIVERY_FEE, part.seller_id, before=seen or 0, now=fee,
            weight_g=weight_g if weighed else 0,
        )  # fmt: skip
        changes.append(told)
    return fee


def _line_change(part: PartWanted, line: WantedLine, thing: ForSale | None) -> Change | None:
    variant_id, quantity, seen = line
    if thing is None or thing.seller_id != part.seller_id:
        return Change(ChangeKind.GONE, part.seller_id, variant_id)
    about = (part.seller_id, variant_id, thing.name, thing.name_en)
    if thing.product_state != ProductState.LIVE or thing.seller_state != SellerState.APPROVED:
        return Change(ChangeKind.GONE, *about)
    if thing.most < quantity:
        kind = ChangeKind.FEWER if thing.most else ChangeKind.SOLD_OUT
        return Change(kind, *about, before=quantity, now=thing.most)
    if thing.price != seen:
        return Change(ChangeKind.PRICE, *about, before=seen, now=thing.price)
    return None
