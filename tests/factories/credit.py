"""Buyers who are signed in, and what they have as credit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.core.settings import load_settings
from shop.orders.checkout import place
from shop.orders.models import Order
from shop.payments.credit_stray import to_credit
from shop.payments.settle import settle
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import Things, filled_in, payment_of
from tests.factories.stray import make_stray


def codes_are_credit(session: Session) -> None:
    """From now on the codes of who is signed in are hers."""
    settings = load_settings(session)
    settings.codes_are_credit = True
    session.add(settings)
    session.flush()


def ordered_by(
    session: Session, person: Person, *things: Things, credit: int = 0, **more: Any
) -> Order:
    """An order of somebody who is signed in, `credit` rupiah of it from her credit.

    Without `things`: 2 of one at Rp15.000.
    """
    wanted = filled_in(*(things or ((offer(session, on_hand=10), 2),)), **more)
    return place(session, replace(wanted, buyer_id=person.id, credit=credit))


def give_credit(session: Session, person: Person, amount: int, *things: Things) -> None:
    """She paid this much too much for an order by transfer, and it became her credit."""
    payment = payment_of(session, ordered_by(session, person, *things, method=Method.TRANSFER))
    settle(session, payment.id, actor="staff", person_id=None)
    stray = make_stray(session, amount, payment)
    to_credit(session, stray.id, person_id=None)
