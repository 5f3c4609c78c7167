"""Several people undo the same part at once: pieces and money go back once, to the last rupiah.

Each count comes with one of what did go through, so a shop that refuses everybody does not pass.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.catalog.stock import count
from shop.check import check_orders, check_stock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger.check import check_books
from shop.orders import grant_back
from shop.orders.cancel import cancel_part
from shop.orders.cancel_lines import cancel_lines
from shop.orders.chosen_lines import NothingChosen, TooManyPieces, TooMuchBack
from shop.orders.complete import complete
from shop.orders.decline_lines import decline_lines
from shop.orders.give_back import give_back
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.return_part import return_part
from shop.payments.check import check_payments
from shop.payments.models import Refund
from shop.payments.refund import NotPaid, TooMuch
from tests.catalog.offered import offer
from tests.factories.orders import accepted_part, handed_over_part

pytestmark = [pytest.mark.both, pytest.mark.slow]
REFUSED = (IllegalMove, NothingChosen, NotPaid, TooManyPieces, TooMuch, TooMuchBack)
AT_ONCE = 8
Act = Callable[[Session, int], object]


def all_try(app: Flask, session: Session, acts: list[Act]) -> Counter[str]:
    """All of them at once, each in a transaction of its own; what became of each."""
    session.commit()
    session.close()

    def attempt(number: int) -> str:
        with app.app_context():
            own = db.session()
            try:
                acts[number](own, number)
                own.commit()
            except REFUSED as refusal:
                own.rollback()
                return type(refusal).__name__
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(attempt, range(len(acts))))


def stocked(session: Session, pieces: int) -> Variant:
    """A thing whose pieces were counted, as a seller counts them."""
    variant = offer(session, on_hand=0)
    count(session, variant.id, pieces, key=f"count:{variant.id.hex}"[:40], person_id=None)
    return variant


def faults(session: Session) -> list[str]:
    found = [
        *check_books(session), *check_payments(session),
        *check_orders(session), *check_stock(session),
    ]  # fmt: skip
    return [finding.line for finding in found if finding.faults]


def gone_back(session: Session) -> int:
    return session.scalar(select(func.sum(Refund.amount))) or 0


def giving(part_id: uuid.UUID, line_id: uuid.UUID, pieces: int, rupiah: int) -> Act:
    return lambda own, number: give_back(
        own, part_id, lines={line_id: (pieces, rupiah)}, delivery=0, seller_share=rupiah,
        reason="Penyok", person_id=None, key=f"race:{number}",
    )  # fmt: skip


def test_twenty_grants_give_back_five_pieces(app: Flask, session: Session):
    part = handed_over_part(session, (stocked(session, 9), 5))
    line = part.lines[0]
    acts = [giving(part.id, line.id, 1, 15_000)] * 20
    answers = all_try(app, session, acts)
    assert answers == {"done": 5, "TooManyPieces": 15}
    assert gone_back(session) == 75_000
    assert faults(session) == []


def test_a_grant_that_does_not_hold_the_payment_gives_too_much(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    """Planted: each grant keeps what it read, and no guard stands under it; the check finds it."""
    part = handed_over_part(session, (stocked(session, 9), 5))
    line = part.lines[0]
    monkeypatch.setattr(grant_back, "_take", lambda *_: None)
    assert all_try(app, session, [giving(part.id, line.id, 1, 15_000)] * 3)["done"] == 3
    assert faults(session)


def test_completing_and_giving_back_at_once_earns_what_is_left(app: Flask, session: Session):
    part = handed_over_part(session, (stocked(session, 9), 5))
    part_id, line_id = part.id, part.lines[0].id
    acts: list[Act] = [giving(part_id, line_id, 1, 15_000)] * 4
    acts.insert(2, lambda own, _: complete(own, part_id, actor="buyer"))
    assert all_try(app, session, acts) == {"done": 5}
    assert gone_back(session) == 60_000
    assert faults(session) == []


def test_a_part_is_returned_or_completed(app: Flask, session: Session):
    part = handed_over_part(session, (stocked(session, 9), 5))
    part_id = part.id
    acts: list[Act] = [
        lambda own, _: complete(own, part_id, actor="buyer"),
        lambda own, _: return_part(
            own, part_id, seller_share=0, reason="x", person_id=None, restock=True
        ),
    ] * 4
    assert all_try(app, session, acts) == {"done": 1, "IllegalMove": 7}
    assert session.get_one(SellerOrder, part_id).state in ("completed", "returned")
    assert faults(session) == []


def test_seller_and_staff_take_off_the_same_pieces(app: Flask, session: Session):
    variant = stocked(session, 9)
    part = accepted_part(session, (variant, 6))
    part_id, line_id, variant_id = part.id, part.lines[0].id, variant.id
    one = {line_id: 1}
    acts: list[Act] = [
        lambda own, _: decline_lines(own, part_id, one, person_id=None, reason="x"),
        lambda own, _: cancel_lines(own, part_id, one, person_id=None, reason="x"),
        lambda own, _: cancel_part(own, part_id, actor="staff", person_id=None, reason="x"),
    ] * 5
    answers = all_try(app, session, acts)
    assert 1 <= answers["done"] <= 6
    assert session.get_one(OrderLine, line_id).cancelled == 6
    assert session.get_one(Variant, variant_id).reserved == 0
    assert gone_back(session) == 90_000
    assert faults(session) == []
