"""The seller reads what is wrong with her goods, and answers once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.complaints.models import Complaint
from shop.complaints.report import withdraw
from shop.core.settings import default_settings
from tests.catalog.offered import offer
from tests.factories.complaints import ANSWERED, SAID, open_complaint
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

LIST = "/sell/orders/complaints"


@pytest.fixture
def rohana(session: Session) -> Person:
    session.add(default_settings())
    return make_person(session, name="Rohana")


@pytest.fixture
def complaint(session: Session, rohana: Person) -> Complaint:
    variant = offer(session, make_seller(session, owner=rohana), on_hand=9)
    return open_complaint(session, (variant, 1), photos=2)


@pytest.fixture
def browser(app: Flask, rohana: Person, complaint: Complaint) -> FlaskClient:
    return signed_in(app, rohana)


def test_it_waits_on_her_pages(browser: FlaskClient, complaint: Complaint):
    link = f'href="{LIST}/{complaint.id}"'
    for page in ("/sell", "/sell/orders"):
        text = browser.get(page).text
        assert "1 keluhan menunggu jawaban Anda" in text
        assert link in text
    assert link in browser.get(f"/sell/orders/{complaint.seller_order_id}").text
    done = browser.get("/sell/orders?state=done").text
    assert "Ada masalah, sedang diperiksa" in done
    listed = browser.get(LIST).text
    assert link in listed
    assert SAID in listed


def test_she_reads_sees_and_answers_once(
    browser: FlaskClient, complaint: Complaint, session: Session
):
    own = f"{LIST}/{complaint.id}"
    page = browser.get(own).text
    assert SAID in page
    assert f"{own}/photos/1" in page
    sent = {"text": f" {ANSWERED} ", "offer": "again"}
    answer = browser.post(f"{own}/answer", data=sent)
    assert (answer.status_code, answer.location) == (303, own)
    page = browser.get(own).text
    assert "Anda sudah menjawab" in page
    assert "Mengganti dengan barang baru" in page
    again = browser.post(f"{own}/answer", data=sent | {"text": "Tidak jadi saya ganti"})
    assert again.status_code == 303
    session.expire_all()
    assert (complaint.answer, complaint.offer, complaint.state) == (ANSWERED, "again", "answered")
    assert "menunggu jawaban Anda" not in browser.get("/sell").text


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"text": "", "offer": "nothing"}, "Bagian ini perlu diisi."),
        ({"text": "tidak benar", "offer": "nothing"}, "paling sedikit tiga kata"),
        ({"text": ANSWERED, "offer": "gold"}, "Pilih salah satu dari daftar."),
    ],
)
def test_a_fault_stands_beside_its_field(
    browser: FlaskClient, complaint: Complaint, session: Session, sent: dict[str, str], fault: str
):
    page = browser.post(f"{LIST}/{complaint.id}/answer", data=sent)
    assert page.status_code == 422
    assert fault in page.text
    assert sent["text"] in page.text
    session.expire_all()
    assert complaint.state == "open"


def test_another_sellers_is_not_there(app: Flask, complaint: Complaint, session: Session):
    stranger = make_person(session, name="Lain")
    make_seller(session, "Lain", owner=stranger)
    browser = signed_in(app, stranger)
    own = f"{LIST}/{complaint.id}"
    assert browser.get(own).status_code == 404
    assert browser.post(f"{own}/answer", data={"text": ANSWERED}).status_code == 404
    assert "Belum ada keluhan" in browser.get(LIST).text
    assert browser.get(f"{LIST}/{uuid4()}").status_code == 404
    assert complaint.state == "open"


def test_what_was_solved_meanwhile_is_said(
    browser: FlaskClient, complaint: Complaint, session: Session
):
    withdraw(session, complaint.id)
    session.commit()
    sent = {"text": ANSWERED, "offer": "nothing"}
    page = browser.post(f"{LIST}/{complaint.id}/answer", data=sent, follow_redirects=True).text
    assert "Itu sudah dijawab, atau petugas sudah memutuskan." in page
    assert "Dicabut pembeli" in page
