"""Ways to get goods: fees by zone and weight, pick-up points, and the day that was promised."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.orders.checkout import Changed, place
from shop.orders.delivery import by_boat, due_day, fee_to
from shop.orders.models import SellerOrder
from shop.orders.place_order import Change, ChangeKind, PartWanted, PlaceOrder
from shop.orders.states import DeliveryKind
from shop.sellers.models import DeliveryZone
from tests.catalog.offered import offer
from tests.factories.orders import IN_TOWN, filled_in
from tests.factories.points import make_point
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
PENYENGAT = "21.72.03.1004"
ZONES = {"A": DeliveryZone(zone="A", fee=10_000, carries_g=5_000, per_kg=2_000, free_over=200_000)}


def changes(session: Session, wanted: PlaceOrder) -> list[Change]:
    with pytest.raises(Changed) as told:
        place(session, wanted)
    return list(told.value.changes)


def weighing(session: Session, grams: int | None, **more: object) -> Variant:
    variant = offer(session, on_hand=99, **more)  # type: ignore[arg-type]
    session.get_one(Product, variant.product_id).weight_g = grams
    return variant


@pytest.mark.parametrize(
    ("grams", "fee"),
    [(0, 10_000), (5_000, 10_000), (5_001, 12_000), (6_000, 12_000), (6_001, 14_000)],
)
def test_every_further_kilogram_begun_costs(grams: int, fee: int):
    assert fee_to(ZONES, IN_TOWN, 50_000, grams) == fee


def test_from_the_sum_on_it_is_free_whatever_it_weighs():
    assert fee_to(ZONES, IN_TOWN, 199_999, 90_000) == 180_000
    assert fee_to(ZONES, IN_TOWN, 200_000, 90_000) == 0


def test_an_order_pays_for_its_weight_and_unknown_weights_count_as_nothing(session: Session):
    seller = make_seller(session)
    zone = session.query(DeliveryZone).filter_by(seller_id=seller.id).one()
    zone.per_kg, zone.carries_g = 3_000, 2_000
    heavy = weighing(session, 1_500, seller=seller)
    unknown = weighing(session, None, seller=seller)
    session.flush()
    order = place(session, filled_in((heavy, 3), (unknown, 40), delivery=DeliveryKind.DELIVERY))
    assert order.delivery == 10_000 + 3 * 3_000


def test_a_weight_that_changed_is_said(session: Session):
    variant = weighing(session, 1_000)
    zone = session.query(DeliveryZone).filter_by(seller_id=variant.seller_id).one()
    zone.per_kg, zone.carries_g = 1_000, 1_000
    session.flush()
    wanted = filled_in((variant, 2), delivery=DeliveryKind.DELIVERY, fee_seen=11_000)
    session.get_one(Product, variant.product_id).weight_g = 2_000
    session.flush()
    [change] = changes(session, wanted)
    assert (change.kind, change.before, change.now, change.weight_g) == (
        ChangeKind.DELIVERY_FEE, 11_000, 13_000, 4_000,
    )  # fmt: skip


def test_the_island_is_reached_by_boat():
    assert by_boat(PENYENGAT)
    assert not by_boat(IN_TOWN)
    assert not by_boat(None)


def test_several_sellers_bring_to_one_point(session: Session):
    sellers = [make_seller(session, name) for name in ("Rohana", "Melur")]
    point = make_point(session, *sellers)
    things = [(offer(session, seller, on_hand=5), 1) for seller in sellers]
    order = place(
        session,
        filled_in(*things, delivery=DeliveryKind.POINT, point_id=point.id, kelurahan=None),
    )
    assert [part.point for part in order.parts] == [point, point]
    assert order.delivery == 0


def test_a_point_that_closed_is_said(session: Session):
    variant = offer(session, on_hand=5)
    point = make_point(session, make_seller(session))
    wanted = filled_in((variant, 1), delivery=DeliveryKind.POINT, point_id=point.id)
    [change] = changes(session, wanted)  # another seller brings there, not this one
    assert (change.kind, change.name) == (ChangeKind.POINT_CLOSED, point.name)
    seller = variant.product.seller
    seller.points.append(point)
    point.closed_at = clock.now()
    session.flush()
    assert [change.kind for change in changes(session, wanted)] == [ChangeKind.POINT_CLOSED]
    point.closed_at = None
    session.flush()
    assert place(session, wanted).parts[0].point_id == point.id


@pytest.mark.parametrize(
    ("kind", "with_point"), [(DeliveryKind.POINT, False), (DeliveryKind.PICKUP, True)]
)
def test_a_point_belongs_to_its_way(session: Session, kind: DeliveryKind, with_point: bool):
    variant = offer(session, on_hand=5)
    point = make_point(session, variant.product.seller)
    wanted = filled_in((variant, 1), delivery=kind, point_id=point.id if with_point else None)
    with pytest.raises(ValueError, match="point"):
        place(session, wanted)


def test_where_and_how_to_reach_the_buyer_is_kept(session: Session, noon: datetime):
    variant = offer(session, on_hand=5)
    order = place(
        session,
        filled_in(
            (variant, 1), landmark="samping musala", latitude=0.9186, longitude=104.4665,
            buyer_email="dewi@example.org", whatsapp_ok=True,
        ),
    )  # fmt: skip
    session.commit()
    session.refresh(order)
    assert (order.landmark, order.latitude, order.longitude) == (
        "samping musala", 0.9186, 104.4665,
    )  # fmt: skip
    assert (order.buyer_email, order.whatsapp_ok_at) == ("dewi@example.org", noon)


@pytest.mark.parametrize("pin", [(1.0, None), (None, 1.0), (91.0, 0.0), (0.0, 181.0)])
def test_half_a_pin_or_one_beside_the_earth_is_refused(
    session: Session, pin: tuple[float | None, float | None]
):
    wanted = filled_in((offer(session, on_hand=5), 1), latitude=pin[0], longitude=pin[1])
    with pytest.raises(ValueError, match="pin"):
        place(session, wanted)


@pytest.mark.parametrize(
    ("moment", "lead_days", "day"),
    [
        ("2026-11-25T09:59:59+00:00", 0, date(2026, 11, 25)),  # 16.59.59 WIB
        ("2026-11-25T10:00:00+00:00", 0, date(2026, 11, 26)),  # 17.00 WIB: nobody begins any more
        ("2026-11-25T16:59:59+00:00", 0, date(2026, 11, 26)),  # 23.59.59 WIB
        ("2026-11-25T17:00:00+00:00", 0, date(2026, 11, 26)),  # midnight WIB
        ("2026-11-30T09:59:59+00:00", 1, date(2026, 12, 1)),
        ("2026-11-30T10:00:00+00:00", 1, date(2026, 12, 2)),
        ("2026-12-31T09:59:59+00:00", 3, date(2027, 1, 3)),
        ("2027-02-28T09:00:00+00:00", 1, date(2027, 3, 1)),
        ("2028-02-28T17:30:00+00:00", 0, date(2028, 2, 29)),
    ],
)
def test_the_promised_day_at_the_edges_of_days_and_months(
    session: Session, moment: str, lead_days: int, day: date
):
    with clock.at(datetime.fromisoformat(moment)):
        variant = offer(session, on_hand=5)
        session.get_one(Product, variant.product_id).lead_days = lead_days
        session.flush()
        order = place(session, filled_in((variant, 1)))
        assert order.parts[0].due_on == due_day([lead_days]) == day


def test_a_day_that_moved_over_midnight_is_said(session: Session):
    variant = offer(session, on_hand=5)
    session.flush()

    def pressed(due_seen: date) -> PlaceOrder:
        wanted = filled_in((variant, 1), key=f"k{due_seen}")
        part = PartWanted(**{**wanted.parts[0].__dict__, "due_seen": due_seen})
        return PlaceOrder(**{**wanted.__dict__, "parts": (part,)})

    with clock.at(datetime.fromisoformat("2026-11-30T17:00:00+00:00")):
        [change] = changes(session, pressed(date(2026, 11, 30)))
        assert (change.kind, change.day) == (ChangeKind.LATER, date(2026, 12, 1))
        order = place(session, pressed(date(2026, 12, 1)))
    assert session.get_one(SellerOrder, order.parts[0].id).due_on == date(2026, 12, 1)


def test_sooner_than_shown_is_no_change(session: Session):
    variant = offer(session, on_hand=5)
    wanted = filled_in((variant, 1))
    part = PartWanted(**{**wanted.parts[0].__dict__, "due_seen": date(2030, 1, 1)})
    assert place(session, PlaceOrder(**{**wanted.__dict__, "parts": (part,)}))
