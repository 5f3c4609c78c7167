"""A seller sees her own day and takes each step once; nobody else's orders exist for her."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.catalog.models import Variant
from shop.ledger.fees import set_rule
from shop.orders.accept import accept
from shop.orders.checkout import place
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment
from shop.payments.states import Method
from shop.sellers.models import MemberRole, SellerMember
from tests.catalog.offered import offer
from tests.factories.orders import (
    accepted_part,
    completed_part,
    filled_in,
    handed_over_part,
    paid_order,
    placed_order,
    ready_part,
)
from tests.factories.people import make_person, signed_in
from tests.factories.points import make_point
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
STEPS = ("accept", "ready", "hand-over", "seen")


@pytest.fixture
def variant(session: Session) -> Variant:
    """A thing that Rohana sells."""
    return offer(session, make_seller(session, "Rohana"), on_hand=20)


@pytest.fixture
def rohana(app: Flask, session: Session, variant: Variant) -> FlaskClient:
    """Rohana's phone."""
    person = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == variant.seller_id)
    ).one()
    return signed_in(app, person)


def part_state(session: Session, part_id: uuid.UUID) -> str:
    session.rollback()
    return session.scalars(select(SellerOrder.state).where(SellerOrder.id == part_id)).one()


def test_an_empty_day_says_so(rohana: FlaskClient):
    page = rohana.get("/sell").text
    assert "Hari ini belum ada yang harus dibuat" in page
    assert "Belum ada pesanan baru" in page


@pytest.mark.usefixtures("noon")
def test_the_day_in_one_sentence(session: Session, variant: Variant, rohana: FlaskClient):
    set_rule(session, 500, None)
    paid_order(session, (variant, 2))
    accepted_part(session, (variant, 3))
    ready_part(session, (variant, 1))
    completed_part(session, (variant, 4))
    placed_order(session, (variant, 5))
    session.commit()
    page = rohana.get("/sell").text
    assert "Buat 3 barang, serahkan 2 pesanan. Ada 1 pesanan baru." in page
    assert "Rp57.000" in page


def test_one_order_from_new_to_handed_over(session: Session, variant: Variant, rohana: FlaskClient):
    part = paid_order(session, (variant, 2)).parts[0]
    session.commit()
    for step, after in (("accept", "accepted"), ("ready", "ready"), ("hand-over", "handed_over")):
        assert rohana.post(f"/sell/orders/{part.id}/{step}").status_code == 303
        assert part_state(session, part.id) == after
        again = rohana.post(f"/sell/orders/{part.id}/{step}")
        assert again.status_code == 303
        assert "Itu sudah dilakukan" in rohana.get(again.location).text
        assert part_state(session, part.id) == after


@pytest.mark.usefixtures("noon")
def test_at_a_point_it_is_ready_once_it_lies_there(
    session: Session, variant: Variant, rohana: FlaskClient
):
    point = make_point(session, variant.product.seller)
    wanted = filled_in(
        (variant, 2), delivery=DeliveryKind.POINT, point_id=point.id, method=Method.CASH
    )
    part = place(session, wanted).parts[0]
    accept(session, part.id, None)
    session.commit()
    for page in ("/sell", f"/sell/orders/{part.id}"):
        shown = rohana.get(page).text
        assert f"Sudah ada di {point.name}" in shown
        assert "Selesai dibuat" not in shown


def test_declining_needs_a_reason(session: Session, variant: Variant, rohana: FlaskClient):
    part = paid_order(session, (variant, 2)).parts[0]
    session.commit()
    page = f"/sell/orders/{part.id}/decline"
    assert rohana.get(page).status_code == 200
    assert rohana.post(page, data={"reason": " "}).status_code == 422
    assert part_state(session, part.id) == "waiting"
    assert "Label dan lembar kemas" in rohana.get(f"/sell/orders/{part.id}").text
    assert rohana.post(page, data={"reason": "Bahan habis"}).status_code == 303
    assert part_state(session, part.id) == "declined"
    assert "Label dan lembar kemas" not in rohana.get(f"/sell/orders/{part.id}").text
    assert rohana.get(page).status_code == 303
    assert rohana.post(page, data={"reason": "Bahan habis"}).status_code == 303


def test_cash_is_confirmed_to_the_rupiah(session: Session, variant: Variant, rohana: FlaskClient):
    part = ready_part(session, (variant, 2), method=Method.CASH)
    session.commit()
    page = f"/sell/orders/{part.id}/cash"
    assert "Sudah terima Rp30.000 dari Dewi" in rohana.get(page).text
    for wrong in ("29.000", "", "banyak", "-30000"):
        assert rohana.post(page, data={"amount": wrong}).status_code == 422
    assert part_state(session, part.id) == "ready"
    assert rohana.post(page, data={"amount": "30.000"}).status_code == 303
    assert part_state(session, part.id) == "handed_over"
    assert session.scalars(select(Payment.state)).one() == "settled"
    assert rohana.post(page, data={"amount": "30.000"}).status_code == 303
    assert rohana.get(page).status_code == 303


def test_cash_at_the_buyers_door(session: Session, variant: Variant, rohana: FlaskClient):
    part = handed_over_part(session, (variant, 2), method=Method.CASH, cash_received=False)
    session.commit()
    assert "Uang tunai belum dicatat" in rohana.get("/sell").text
    rohana.post(f"/sell/orders/{part.id}/cash", data={"amount": "30000"})
    session.rollback()
    assert session.scalars(select(Payment.state)).one() == "settled"
    assert "Uang tunai belum dicatat" not in rohana.get("/sell").text


@pytest.mark.parametrize(
    ("stage", "corner"),
    [(paid_order, "new"), (accepted_part, "making"), (ready_part, "ready"),
     (handed_over_part, "done"), (completed_part, "done")],
)  # fmt: skip
def test_each_order_lies_in_its_corner(
    session: Session, variant: Variant, rohana: FlaskClient, stage, corner: str
):
    stage(session, (variant, 2))
    session.commit()
    for group in ("new", "making", "ready", "done", "undone"):
        page = rohana.get(f"/sell/orders?state={group}").text
        assert ("Dewi Anggraini" in page) == (group == corner)
    assert rohana.get("/sell/orders?state=elsewhere").status_code == 404


def test_what_she_gets_is_written_out(session: Session, variant: Variant, rohana: FlaskClient):
    set_rule(session, 500, None)
    part = paid_order(session, (variant, 2)).parts[0]
    session.commit()
    page = rohana.get(f"/sell/orders/{part.id}").text
    for words in ("Rp30.000", "−Rp1.500", "Rp28.500", "0812-3456-7890"):
        assert words in page


def test_no_phone_before_there_is_money(session: Session, variant: Variant, rohana: FlaskClient):
    part = placed_order(session, (variant, 2)).parts[0]
    session.commit()
    page = rohana.get(f"/sell/orders/{part.id}").text
    assert "0812-3456-7890" not in page
    assert "6281234567890" not in page


def test_looking_is_remembered_once(session: Session, variant: Variant, rohana: FlaskClient):
    part = paid_order(session, (variant, 2)).parts[0]
    session.commit()
    assert 'id="seen"' in rohana.get(f"/sell/orders/{part.id}").text
    assert rohana.post(f"/sell/orders/{part.id}/seen").status_code == 204
    session.expire_all()
    first = session.get_one(SellerOrder, part.id).seen_at
    assert first is not None
    rohana.post(f"/sell/orders/{part.id}/seen")
    session.expire_all()
    assert session.get_one(SellerOrder, part.id).seen_at == first


def test_anothers_order_is_not_there(app: Flask, session: Session, variant: Variant):
    part = ready_part(session, (variant, 2), method=Method.CASH)
    stranger = make_person(session, name="Orang Lain")
    make_seller(session, "Lain", owner=stranger)
    session.commit()
    client = signed_in(app, stranger)
    for page in ("", "/decline", "/cash"):
        assert client.get(f"/sell/orders/{part.id}{page}").status_code == 404
    for step in (*STEPS, "decline", "cash"):
        sent = {"reason": "x", "amount": "30000"}
        assert client.post(f"/sell/orders/{part.id}/{step}", data=sent).status_code == 404
    assert part_state(session, part.id) == "ready"
    assert "Dewi" not in client.get("/sell/orders?state=ready").text


def test_a_plain_member_looks_at_the_day_only(app: Flask, session: Session, variant: Variant):
    part = paid_order(session, (variant, 2)).parts[0]
    member = make_person(session, name="Anggota")
    session.add(
        SellerMember(
            seller_id=variant.seller_id,
            person_id=member.id,
            name="Anggota",
            role=MemberRole.MEMBER.value,
        )
    )
    session.commit()
    client = signed_in(app, member)
    assert client.get("/sell").status_code == 200
    assert client.post(f"/sell/orders/{part.id}/accept").status_code == 403


def test_a_visitor_signs_in_first(client: FlaskClient, session: Session, variant: Variant):
    part = paid_order(session, (variant, 2)).parts[0]
    session.commit()
    for page in ("/sell", "/sell/orders", f"/sell/orders/{part.id}"):
        assert "/sign-in" in client.get(page).location
    assert client.get(f"/sell/orders/{part.id}/accept").status_code == 405
