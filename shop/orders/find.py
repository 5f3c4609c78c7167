"""Finding an order again by its number and phone, slowly enough that nobody can guess."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.orders.models import OrderLookup
from shop.orders.order_number import tidied
from shop.orders.queries import token_of

WINDOW = timedelta(minutes=15)
MOST_PER_ADDRESS = 20
MOST_PER_NUMBER = 6


class NotFound(Exception):
    """No order has this number and this phone: the same answer whichever is wrong."""


class TooManyTries(Exception):
    """Too many failed tries from this address or for this number; wait a quarter of an hour."""


def find(session: Session, number: str, phone: str, *, address: str) -> str:
    """The secret link's token of the order with this number and phone (E.164).

    Signs that are not letters or digits do not count, nor does the case. Raises `NotFound` and
    `TooManyTries`; the try is then still to be committed.
    """
    number = tidied(number)[:12]
    by_address, by_number = session.execute(
        select(
            func.count().filter(OrderLookup.address == address),
            func.count().filter(OrderLookup.number == number),
        ).where(
            OrderLookup.at > clock.now() - WINDOW,
            OrderLookup.found.is_(False),
            or_(OrderLookup.address == address, OrderLookup.number == number),
        )
    ).one()
    if by_address >= MOST_PER_ADDRESS or by_number >= MOST_PER_NUMBER:
        raise TooManyTries
    token = token_of(session, number, phone)
    session.add(OrderLookup(address=address[:45], number=number, found=token is not None))
    if token is None:
        raise NotFound
    return token
