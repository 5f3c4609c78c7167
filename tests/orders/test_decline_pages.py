"""A seller says how much of each line she cannot make."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.payments.models import Refund
from tests.catalog.offered import offer
from tests.factories.orders import accepted_part, paid_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.lines import logged

pytestmark = pytest.mark.both


def test_a_seller_declines_some_pieces(app: Flask, session: Session):
    owner = make_person(session)
    seller = make_seller(session, owner=owner)
    one, other = (offer(session, seller, on_hand=9) for _ in range(2))
    part = paid_order(session, (one, 3), (other, 2)).parts[0]
    session.commit()
    studio, page = signed_in(app, owner), f"/sell/orders/{part.id}/decline"
    first, second = sorted(part.lines, key=lambda line: line.position)
    shown = studio.get(page).text
    assert f'name="pieces_{first.id.hex}"' in shown
    figures = {f"pieces_{first.id.hex}": "1", f"pieces_{second.id.hex}": "0", "key": "k"}
    for wrong in ("4", "-1", "1,5", "1000000000"):
        answer = studio.post(page, data=figures | {f"pieces_{first.id.hex}": wrong, "reason": "x"})
        assert answer.status_code == 422
    assert studio.post(page, data=figures | {"reason": ""}).status_code == 422
    for _ in range(2):
        assert studio.post(page, data=figures | {"reason": "Cetakan rusak"}).status_code == 303
    session.expire_all()
    assert (part.state, first.cancelled, second.cancelled, one.reserved) == ("waiting", 1, 0, 2)
    assert session.scalars(select(Refund.amount)).one() == 15_000
    shown = studio.get(f"/sell/orders/{part.id}").text
    for words in ("1 batal", "Cetakan rusak", "Rp15.000 dikembalikan", "Jawab sebelum"):
        assert words in shown
    nothing = {f"pieces_{line.id.hex}": "0" for line in (first, second)}
    assert studio.post(page, data=nothing | {"reason": "x", "key": "l"}).status_code == 422


def test_a_seller_who_names_lines_of_another_order_declines_nothing(app: Flask, session: Session):
    owner = make_person(session)
    seller = make_seller(session, owner=owner)
    part, other = (paid_order(session, (offer(session, seller, 9), 3)).parts[0] for _ in range(2))
    session.commit()
    data = {f"pieces_{other.lines[0].id.hex}": "1", "key": "k", "reason": "Sakit"}
    with logged() as lines:
        answer = signed_in(app, owner).post(f"/sell/orders/{part.id}/decline", data=data)
    assert answer.status_code == 400
    assert any(line["event"] == "act refused" for line in lines)
    session.expire_all()
    assert [(p.state, p.lines[0].cancelled) for p in (part, other)] == [("waiting", 0)] * 2


def test_a_seller_declines_the_rest_of_an_accepted_part(app: Flask, session: Session):
    owner = make_person(session)
    part = accepted_part(session, (offer(session, make_seller(session, owner=owner), 9), 3))
    session.commit()
    studio = signed_in(app, owner)
    figures = {f"pieces_{part.lines[0].id.hex}": "3", "key": "k", "reason": "Sakit"}
    assert studio.post(f"/sell/orders/{part.id}/decline", data=figures).status_code == 303
    session.expire_all()
    assert part.state == "declined"
    actions = session.scalars(select(AuditLine.action)).all()
    assert "order.cancel_lines" not in actions
