"""The shop with two bugs planted, to prove that the counting finds them.

A retried checkout is taken for a new one, and every third order is acknowledged and dropped.
Started like the shop: `python -m tests.ops.broken_shop serve --no-jobs`.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

from sqlalchemy.orm import Session

from shop.cli import main
from shop.core import ids
from shop.orders import checkout
from shop.orders.models import Order
from shop.orders.place_order import PlaceOrder

_place = checkout.place
_numbers = itertools.count(1)


def place(session: Session, wanted: PlaceOrder) -> Order:
    """As the real one, but with no memory, and sometimes with no deed."""
    order = _place(session, replace(wanted, key=ids.new_token()))
    if next(_numbers) % 3 == 0:
        session.expunge(order)
        session.rollback()
    else:
        token = order.token
        session.commit()
        time.sleep(0.3)  # between deed and answer: here the kill strikes
        order = session.query(Order).filter_by(token=token).one()
    return order


if __name__ == "__main__":
    checkout.place = place
    main()
