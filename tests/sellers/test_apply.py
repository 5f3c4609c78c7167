"""Anybody can become a seller: an account and a stall in one form."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import sign_in
from shop.accounts.models import Person
from shop.sellers.models import Seller
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import SEI_JANG

pytestmark = pytest.mark.both


def form(**more: str) -> dict[str, str]:
    return {
        "owner_name": "Siti Aminah", "phone": "0812-5555-0001", "stall_name": "Dapur Siti",
        "kind": "individual", "kelurahan_code": SEI_JANG, "makes": "Kue bangkit",
        "password": "bangkit-2026", **more,
    }  # fmt: skip


def counts(session: Session) -> tuple[int, int]:
    session.rollback()
    people = session.scalar(select(func.count()).select_from(Person)) or 0
    return people, session.scalar(select(func.count()).select_from(Seller)) or 0


def test_who_applies_is_in_and_waits(session: Session, client: FlaskClient):
    answer = client.post("/daftar", data=form())
    assert (answer.status_code, answer.location) == (303, "/sell/more")
    page = client.get("/sell/more").text
    assert "Dapur Siti" in page
    assert "Menunggu persetujuan" in page
    assert session.scalars(select(Seller.state)).all() == ["applied"]


def test_the_account_works_next_time(app: Flask, client: FlaskClient):
    client.post("/daftar", data=form())
    way_in = {"phone": "+62 812 5555 0001", "password": "bangkit-2026"}
    assert app.test_client().post("/sign-in", data=way_in).status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (form(phone="12"), "Nomor HP belum benar"),
        (form(password="pendek"), "paling sedikit 8"),
        (form(stall_name=" "), "perlu diisi"),
        (form(kelurahan_code="99"), "fault"),
        (form(kind="bank"), "fault"),
        (form(makes="x" * 121), "Terlalu panjang"),
    ],
)
def test_a_fault_is_said_and_nothing_is_kept(
    session: Session, client: FlaskClient, typed: dict[str, str], said: str
):
    answer = client.post("/daftar", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Siti Aminah" in answer.text
    assert counts(session) == (0, 0)


def test_a_number_in_use_opens_nothing(session: Session, client: FlaskClient):
    make_person(session, phone="+6281255550001")
    session.commit()
    answer = client.post("/daftar", data=form())
    assert answer.status_code == 422
    assert "sudah dipakai" in answer.text
    assert counts(session) == (1, 0)
    assert client.get("/account").status_code == 303


def test_sent_twice_opens_one_stall(session: Session, app: Flask):
    for _ in range(2):
        app.test_client().post("/daftar", data=form())
    assert counts(session) == (1, 1)


def test_a_program_cannot_open_stalls_all_day(session: Session, client: FlaskClient):
    for number in range(sign_in.MOST_TOGETHER):
        sign_in.note_attempt(session, f"+62813{number:08d}", "127.0.0.1", succeeded=True)
    session.commit()
    assert client.post("/daftar", data=form()).status_code == 429
    assert counts(session) == (0, 0)


def test_who_has_an_account_opens_another_stall_with_it(app: Flask, session: Session):
    person = make_person(session, name="Siti Aminah")
    browser = signed_in(app, person)
    assert "password" not in browser.get("/daftar").text
    for name in ("Dapur Siti", "Jahit Siti"):
        assert browser.post("/daftar", data=form(stall_name=name)).location == "/sell/more"
        assert name in browser.get("/sell/more").text
    assert counts(session) == (1, 2)
