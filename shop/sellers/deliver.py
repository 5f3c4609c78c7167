"""How a seller's goods reach her buyers: zones and fees, pick-up points, by arrangement."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core.money import Rupiah
from shop.core.regions import all_zones
from shop.sellers.models import DeliveryZone, PickupPoint, Seller, SellerPoint, ZoneFee
from shop.sellers.points import open_points


class UnknownZone(ValueError):
    """The city has no delivery zone of this name."""


class UnknownPoint(ValueError):
    """No open pick-up point has this id."""


@dataclass(frozen=True)
class Terms:
    """What bringing goods to a zone costs, in rupiah; see `sellers.models.DeliveryZone`."""

    fee: int
    free_over: int | None = None
    carries_g: int = 5_000
    per_kg: int = 0


def deliver(
    session: Session,
    seller_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    terms: Mapping[str, Terms],
    arranges: bool,
    point_ids: Collection[uuid.UUID],
) -> None:
    """Deliver like this from now on; orders that are in keep what was agreed.

    Raises `UnknownZone`, `UnknownPoint`.
    """
    session.get_one(Seller, seller_id).arranges = arranges
    set_terms(session, seller_id, terms)
    _bring_to(session, seller_id, point_ids)
    audit.write(
        session, person_id, "seller.delivery", "seller", seller_id, zones=sorted(terms),
        arranges=arranges, points=len(point_ids),
    )  # fmt: skip


def set_terms(session: Session, seller_id: uuid.UUID, terms: Mapping[str, Terms]) -> None:
    """Deliver to these zones and no others. Raises `UnknownZone`."""
    _known(terms)
    session.execute(
        delete(DeliveryZone).where(
            DeliveryZone.seller_id == seller_id, DeliveryZone.zone.not_in(terms)
        )
    )
    known = {
        row.zone: row
        for row in session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id == seller_id))
    }
    for zone, found in terms.items():
        row = known.get(zone) or DeliveryZone(seller_id=seller_id, zone=zone)
        _write(row, found)
        session.add(row)
    session.flush()


def proposals(session: Session) -> dict[str, Terms]:
    """What the programme proposes for each zone; where staff said nothing, the usual fee."""
    found = {zone.code: Terms(zone.usual_fee) for zone in all_zones().values() if zone.usual_fee}
    for row in session.scalars(select(ZoneFee)):
        found[row.zone] = terms_of(row)
    return found


def propose(session: Session, person_id: uuid.UUID, terms: Mapping[str, Terms]) -> None:
    """Propose these from now on; what sellers have set stays. Raises `UnknownZone`."""
    _known(terms)
    rows = {row.zone: row for row in session.scalars(select(ZoneFee))}
    before = {zone: asdict(terms_of(row)) for zone, row in rows.items()}
    for zone, found in terms.items():
        row = rows.get(zone) or ZoneFee(zone=zone)
        _write(row, found)
        session.add(row)
    session.flush()
    changed = [zone for zone, found in terms.items() if before.get(zone) != asdict(found)]
    if changed:
        audit.write(session, person_id, "delivery.propose", "zones", None, zones=changed)


def terms_of(row: DeliveryZone | ZoneFee) -> Terms:
    """The terms in a row."""
    return Terms(row.fee, row.free_over, row.carries_g, row.per_kg)


def _write(row: DeliveryZone | ZoneFee, terms: Terms) -> None:
    row.fee, row.per_kg = Rupiah(terms.fee), Rupiah(terms.per_kg)
    row.carries_g = terms.carries_g
    row.free_over = None if terms.free_over is None else Rupiah(terms.free_over)


def _known(terms: Mapping[str, Terms]) -> None:
    if unknown := set(terms) - set(all_zones()):
        raise UnknownZone(", ".join(sorted(unknown)))


def _bring_to(session: Session, seller_id: uuid.UUID, point_ids: Collection[uuid.UUID]) -> None:
    """Bring to these open points and no others; closed ones stay as they were."""
    open_ids = {point.id for point in open_points(session)}
    if set(point_ids) - open_ids:
        raise UnknownPoint
    closed = select(PickupPoint.id).where(PickupPoint.closed_at.is_not(None))
    session.execute(
        delete(SellerPoint).where(
            SellerPoint.seller_id == seller_id, SellerPoint.point_id.not_in(closed)
        )
    )
    session.add_all(
        SellerPoint(seller_id=seller_id, point_id=point_id) for point_id in set(point_ids)
    )
    session.flush()
