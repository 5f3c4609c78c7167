"""A seller says from how much she takes an order; the cart tells buyers what is missing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine
from shop.sellers.minimum import set_minimum
from shop.sellers.models import MemberRole, Seller
from shop.sellers.onboard import add_member
from tests.catalog.offered import offer
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.orders.pages import put_in

PATH = "/sell/more/minimum"


def least(session: Session, seller: Seller) -> int:
    session.rollback()
    session.refresh(seller)
    return seller.minimum_order


def test_it_is_set_and_told_in_the_cart(session: Session, app: Flask):
    owner = make_person(session)
    seller = make_seller(session, "Rohana", owner=owner)
    variant = offer(session, seller, on_hand=5)
    session.commit()
    studio = signed_in(app, owner)
    assert "Menerima pesanan berapa pun." in studio.get("/sell/more").text
    assert studio.get(PATH).status_code == 200
    assert studio.post(PATH, data={"minimum_order": "20.000"}).location == "/sell/more"
    assert least(session, seller) == 20_000
    assert "Menerima pesanan mulai Rp20.000." in studio.get("/sell/more").text
    buyer = app.test_client()
    put_in(buyer, (variant, 1))
    said = "Rohana menerima pesanan mulai Rp20.000. Kurang Rp5.000 lagi."
    assert said in buyer.get("/cart").text
    put_in(buyer, (variant, 1))
    assert "menerima pesanan mulai" not in buyer.get("/cart").text
    assert studio.post(PATH, data={"minimum_order": ""}).status_code == 303
    assert least(session, seller) == 0


@pytest.mark.parametrize("typed", ["-1", "1.000.001", "dua", "1,5", "1000000000000"])
def test_nonsense_is_refused_beside_its_field(session: Session, app: Flask, typed: str):
    owner = make_person(session)
    seller = make_seller(session, owner=owner)
    page = signed_in(app, owner).post(PATH, data={"minimum_order": typed})
    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert "minimum_order-fault" in page.text
    assert least(session, seller) == 0


def test_a_plain_member_may_not(session: Session, app: Flask):
    seller, member = make_seller(session, owner=make_person(session)), make_person(session)
    add_member(session, seller.id, name="Siti", role=MemberRole.MEMBER, person_id=member.id)
    browser = signed_in(app, member)
    assert browser.get(PATH).status_code == 403
    assert browser.post(PATH, data={"minimum_order": "5000"}).status_code == 403
    assert least(session, seller) == 0


@pytest.mark.both
def test_twice_is_written_down_once(session: Session):
    person = make_person(session)
    seller = make_seller(session, owner=person)
    for _ in range(2):
        set_minimum(session, seller.id, 5_000, person.id)
    session.flush()
    (line,) = session.scalars(select(AuditLine).where(AuditLine.action == "seller.minimum"))
    assert line.detail == {"before": 0, "now": 5_000}
    with pytest.raises(ValueError, match="rupiah"):
        set_minimum(session, seller.id, -1, person.id)
