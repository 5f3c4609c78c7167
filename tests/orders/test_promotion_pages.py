"""Promotions as people see them: in cart and checkout, on orders, and where they are made."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.orders.end_promotion import end_promotion
from shop.orders.models import Order
from shop.orders.models_promotion import Promotion
from shop.sellers.models import Seller, SellerMember
from tests.catalog.offered import offer
from tests.factories.orders import paid_order
from tests.factories.people import make_person, signed_in
from tests.factories.promotions import make_promotion
from tests.factories.sellers import make_seller
from tests.orders.pages import fields, put_in, ready_to_place

STAFF = "/staff/settings/promotions"
STUDIO = "/sell/more/promotions"


def owner_of(session: Session, seller: Seller) -> Person:
    return session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == seller.id)
    ).one()


def only_order(session: Session) -> Order:
    return session.scalars(select(Order)).one()


def test_the_buyer_sees_it_from_cart_to_receipt(session: Session, client: FlaskClient):
    thing = offer(session, on_hand=9)
    make_promotion(session, off=2_000)
    session.commit()
    put_in(client, (thing, 2))
    cart = client.get("/cart").text
    assert "Promo Hari jadi" in cart
    assert "−Rp2.000" in cart
    assert "Rp28.000" in cart
    asked = ready_to_place(client, **{f"way-{thing.seller_id.hex}": "pickup"})
    placed = client.post("/checkout", data=asked, follow_redirects=True)
    assert placed.status_code == 200
    assert "Promo Hari jadi" in placed.text
    order = only_order(session)
    assert order.goods == 28_000
    receipt = client.get(f"/o/{order.token}/receipt").text
    assert "Promo Hari jadi" in receipt
    assert "−Rp2.000" in receipt


def test_one_that_ended_between_looking_and_placing_is_shown(session: Session, client: FlaskClient):
    thing = offer(session, on_hand=9)
    made = make_promotion(session, off=2_000)
    session.commit()
    put_in(client, (thing, 1))
    asked = ready_to_place(client, **{f"way-{thing.seller_id.hex}": "pickup"})
    end_promotion(session, made.id, person_id=None)
    session.commit()
    answer = client.post("/checkout", data=asked)
    assert answer.status_code == 409
    assert "Promo Hari jadi sudah berakhir" in answer.text
    assert session.scalars(select(Order)).first() is None


def test_a_word_is_typed_at_the_checkout(session: Session, client: FlaskClient):
    thing = offer(session, on_hand=9)
    make_promotion(session, off=2_000, word="RAYA")
    session.commit()
    put_in(client, (thing, 1))
    way = {f"way-{thing.seller_id.hex}": "pickup"}
    wrong = ready_to_place(client, word="hari", **way)
    answer = client.post("/checkout", data=wrong)
    assert answer.status_code == 422
    assert "Kata promo ini tidak dikenal" in answer.text
    good = ready_to_place(client, word="raya", **way)
    assert client.post("/checkout", data=good).status_code == 303
    assert only_order(session).goods == 13_000


def test_seller_and_staff_see_who_bears_it(app: Flask, session: Session):
    seller = make_seller(session)
    make_promotion(session, off=2_000, subsidy_points=7_500)
    order = paid_order(session, (offer(session, seller, on_hand=9), 1))
    session.commit()
    studio = signed_in(app, owner_of(session, seller))
    page = studio.get(f"/sell/orders/{order.parts[0].id}").text
    assert "ditanggung program Rp1.500, Anda Rp500" in page
    assert "Rp14.500" in page
    staff = signed_in(app, make_person(session, Role.ADMIN))
    assert (
        "Program menanggung Rp1.500, penjual Rp500." in staff.get(f"/staff/orders/{order.id}").text
    )


def test_staff_make_one_see_what_it_cost_and_end_it(app: Flask, session: Session):
    seller = make_seller(session)
    thing = offer(session, seller, on_hand=9)
    staff = signed_in(app, make_person(session, Role.ADMIN))
    session.commit()
    form = fields(staff.get(STAFF), STAFF).to_dict()
    bad = staff.post(STAFF, data=form | {"name": "Raya", "kind": "percent", "bearer": "both"})
    assert bad.status_code == 422
    assert "Isi berapa persen." in bad.text
    assert 'value="Raya"' in bad.text
    typed = form | {
        "name": "Raya", "kind": "percent", "percent": "10", "bearer": "both", "share": "40",
        "scope": f"p:{thing.product_id.hex}", "budget": "5.000", "since": "2026-01-01",
    }  # fmt: skip
    for _ in range(2):
        assert staff.post(STAFF, data=typed).status_code == 303
    made = session.scalars(select(Promotion)).one()
    assert (made.basis_points, made.subsidy_points, made.budget) == (1_000, 4_000, 5_000)
    assert (made.seller_id, made.starts_at.hour) == (seller.id, 17)
    paid_order(session, (thing, 2))
    session.commit()
    page = staff.get(STAFF).text
    assert "Sejauh ini Rp3.000 di 1 pesanan" in page
    assert staff.post(f"{STAFF}/{made.id}/end").status_code == 303
    session.refresh(made)
    assert made.ended_at is not None


def test_what_still_runs_stands_above_what_is_over(app: Flask, session: Session):
    over = make_promotion(session, name="Yang lama")
    make_promotion(session, name="Yang jalan")
    end_promotion(session, over.id, person_id=None)
    over.made_at += timedelta(days=1)
    session.commit()
    page = signed_in(app, make_person(session, Role.ADMIN)).get(STAFF).text
    assert page.index("Yang jalan") < page.index("Yang lama")
    assert "1 promo berjalan" in page


def test_a_seller_makes_and_ends_her_own_and_no_other(app: Flask, session: Session):
    seller = make_seller(session)
    offer(session, seller, on_hand=9)
    others = make_promotion(session, "Program", seller_id=seller.id)
    session.commit()
    studio = signed_in(app, owner_of(session, seller))
    form = fields(studio.get(STUDIO), STUDIO).to_dict()
    typed = form | {"name": "Banyak", "kind": "rupiah", "amount": "1000", "scope": "", "word": "x"}
    refused = studio.post(STUDIO, data=typed)
    assert refused.status_code == 422
    assert "Pakai 3 sampai 20 huruf atau angka" in refused.text
    assert studio.post(STUDIO, data=typed | {"word": "beli"}).status_code == 303
    made = session.scalars(select(Promotion).where(Promotion.by_seller)).one()
    assert (made.seller_id, made.word, made.subsidy_points) == (seller.id, "BELI", 0)
    page = studio.get(STUDIO).text
    assert re.findall(rf"{STUDIO}/([0-9a-f-]+)/end", page) == [str(made.id)]
    assert studio.post(f"{STUDIO}/{others.id}/end").status_code == 404
    assert studio.post(f"{STUDIO}/{made.id}/end").status_code == 303
