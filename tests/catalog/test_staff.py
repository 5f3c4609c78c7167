"""The staff's page about products: a queue with two answers, and everything there is."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.sellers.states import SellerState
from tests.catalog.offered import offer
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

URL = "/staff/products"


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FACILITATOR, name="Nurhayati"))


@pytest.fixture
def waiting(session: Session) -> Product:
    product = offer(session, state=ProductState.WAITING, name="Sagu Lemak").product
    session.commit()
    return product


def test_the_queue_and_the_list(staff: FlaskClient, session: Session, waiting: Product):
    offer(session, make_seller(session, "Halimah"), name="Kerupuk Atom")
    session.commit()
    page = staff.get(URL).text
    assert "1 barang menunggu dilihat" in page
    assert "Kerupuk Atom" in page
    found = staff.get(f"{URL}?q=halimah").text
    assert "Kerupuk Atom" in found
    assert "<h3>Sagu Lemak" not in found
    assert "Tidak ada barang dengan kata itu" in staff.get(f"{URL}?q=%25_x").text
    assert staff.get(f"{URL}?state=nonsense&page=-3").status_code == 200


def test_approving(staff: FlaskClient, session: Session, waiting: Product):
    url = f"{URL}/{waiting.id}/approve"
    answer = staff.post(url, follow_redirects=True)
    assert "Sagu Lemak tampil di toko" in answer.text
    session.refresh(waiting)
    assert waiting.state == ProductState.LIVE
    assert staff.post(url).status_code == 409


def test_the_seller_is_approved_first(staff: FlaskClient, session: Session):
    seller = make_seller(session, "Sulastri", state=SellerState.APPLIED)
    product = offer(session, seller, state=ProductState.WAITING).product
    session.commit()
    assert "Sulastri belum disetujui" in staff.get(URL).text
    answer = staff.post(f"{URL}/{product.id}/approve", follow_redirects=True)
    assert "Setujui dulu Sulastri" in answer.text
    session.refresh(product)
    assert product.state == ProductState.WAITING


def test_declining_needs_a_reason(staff: FlaskClient, session: Session, waiting: Product):
    url = f"{URL}/{waiting.id}/decline"
    refused = staff.post(url, data={"reason": " "})
    assert refused.status_code == 422
    assert "perlu diisi" in refused.text
    assert staff.post(url, data={"reason": "Fotonya gelap."}).status_code == 303
    session.refresh(waiting)
    assert waiting.state == ProductState.DECLINED
    assert staff.post(url, data={"reason": "Sekali lagi."}).status_code == 409


def test_only_who_may(app: Flask, session: Session, client: FlaskClient, waiting: Product):
    finance = signed_in(app, make_person(session, Role.FINANCE))
    assert finance.get(URL).status_code == 403
    assert finance.post(f"{URL}/{waiting.id}/approve").status_code == 403
    assert client.get(URL).status_code == 303
    session.refresh(waiting)
    assert waiting.state == ProductState.WAITING
