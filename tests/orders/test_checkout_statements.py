"""A checkout asks the database few things, however much the shop sells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from shop.core.settings import default_settings
from shop.ledger.fees import set_rule
from shop.orders.checkout import place
from shop.orders.models import Order
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers.models import DeliveryZone, PickupPoint
from tests.catalog.offered import offer
from tests.factories.orders import filled_in
from tests.factories.points import make_point
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
MOST = 25


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is said to the database meanwhile: savepoints count, and rows of one INSERT are one."""
    said: list[str] = []

    def hear(*about: object) -> None:
        said.append(str(about[2]))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def place_of_three_sellers(
    session: Session,
    key: str,
    method: Method,
    delivery: DeliveryKind = DeliveryKind.DELIVERY,
    point: PickupPoint | None = None,
) -> list[str]:
    """The statements of one checkout of three sellers with two things each."""
    sellers = [make_seller(session, name) for name in ("Rohana", "Melur", "Salmah")]
    for seller in sellers:
        seller.points = [point] if point else []
        if delivery is DeliveryKind.ARRANGED:
            seller.arranges = True
            session.execute(delete(DeliveryZone).where(DeliveryZone.seller_id == seller.id))
    things = [(offer(session, seller, on_hand=9), 1) for seller in sellers for _ in range(2)]
    point_id = point.id if point else None
    wanted = filled_in(*things, key=key, method=method, delivery=delivery, point_id=point_id)
    session.commit()
    with statements(session) as said:
        order = place(session, wanted)
        session.commit()
    assert len(session.get_one(Order, order.id).parts) == 3
    return said


@pytest.fixture(autouse=True)
def _settled(session: Session) -> None:
    session.add(default_settings())
    set_rule(session, 500, None)


@pytest.mark.parametrize("method", list(Method))
def test_three_sellers_and_six_lines(session: Session, method: Method):
    said = place_of_three_sellers(session, "k", method)
    assert 10 < len(said) <= MOST, "\n".join(said)


def test_to_a_pick_up_point(session: Session):
    point = make_point(session)
    said = place_of_three_sellers(
        session, "k", Method.TRANSFER, delivery=DeliveryKind.POINT, point=point
    )
    assert len(said) <= MOST, "\n".join(said)


def test_with_fees_to_agree_on(session: Session):
    said = place_of_three_sellers(session, "k", Method.TRANSFER, delivery=DeliveryKind.ARRANGED)
    assert 10 < len(said) <= MOST, "\n".join(said)


def test_not_more_where_the_shop_sells_more(session: Session):
    few = len(place_of_three_sellers(session, "k1", Method.TRANSFER))
    seller = make_seller(session)
    for _ in range(60):
        offer(session, seller, on_hand=5)
    for number in range(10):
        place(session, filled_in((offer(session, on_hand=5), 1), key=f"before-{number}"))
    assert len(place_of_three_sellers(session, "k2", Method.TRANSFER)) == few
