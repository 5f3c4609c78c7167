"""The staff's pages about people and their roles."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.accounts.passwords import verify_password
from shop.accounts.sign_in import open_sign_in
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.both


@pytest.fixture
def admin(session: Session) -> Person:
    made = make_person(session, Role.ADMIN, name="Hendri")
    session.commit()
    return made


@pytest.fixture
def desk(app: Flask, admin: Person) -> FlaskClient:
    return signed_in(app, admin)


def new(**more: str) -> dict[str, str]:
    return {"name": "Maya", "phone": "0812-9999-0001", "role": "finance", **more}


def test_a_new_member_of_staff_gets_a_password_that_works(
    app: Flask, session: Session, desk: FlaskClient
):
    answer = desk.post("/staff/people/new", data=new())
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "private, no-store"
    password = re.search(r'money big">([^<]+)<', answer.text)[1]
    maya = session.scalars(select(Person).where(Person.name == "Maya")).one()
    assert maya.roles == {Role.FINANCE}
    assert verify_password(maya.password_hash, password)
    way_in = {"phone": "081299990001", "password": password}
    assert app.test_client().post("/sign-in", data=way_in).location == "/staff"
    assert password not in desk.get(f"/staff/people/{maya.id}").text


@pytest.mark.parametrize("typed", [new(phone="12"), new(name=""), new(role="queen"), new(phone="")])
def test_a_fault_keeps_what_was_typed(desk: FlaskClient, session: Session, typed: dict[str, str]):
    answer = desk.post("/staff/people/new", data=typed)
    assert answer.status_code == 422
    assert f'value="{typed["phone"]}"' in answer.text
    assert len(session.scalars(select(Person)).all()) == 1


def test_a_taken_number_is_said(desk: FlaskClient, session: Session, admin: Person):
    answer = desk.post("/staff/people/new", data=new(phone=admin.phone))
    assert answer.status_code == 422
    assert "sudah dipakai" in answer.text


def test_the_list_holds_staff_and_finds_anybody(desk: FlaskClient, session: Session):
    make_person(session, name="Rohana", phone="+6281277778888")
    session.commit()
    assert "Rohana" not in desk.get("/staff/people").text
    assert "Rohana" in desk.get("/staff/people?who=all").text
    for words in ("roha", "0812-7777", "ROHANA"):
        assert "Rohana" in desk.get("/staff/people", query_string={"who": "all", "q": words}).text
    for words in ("%", "_", "zzz"):
        assert (
            "Rohana" not in desk.get("/staff/people", query_string={"who": "all", "q": words}).text
        )


def test_roles_are_given_and_taken(desk: FlaskClient, session: Session):
    person = make_person(session)
    session.commit()
    address = f"/staff/people/{person.id}"
    assert desk.post(f"{address}/grant/manager").location == address
    session.expire_all()
    assert person.roles == {Role.MANAGER}
    assert "diberi tugas" in desk.get(address).text
    assert desk.post(f"{address}/revoke/manager").status_code == 303
    session.expire_all()
    assert person.roles == set()


def test_the_last_admin_is_told_why_not(desk: FlaskClient, session: Session, admin: Person):
    for act in ("revoke/admin", "disable"):
        answer = desk.post(f"/staff/people/{admin.id}/{act}")
        assert answer.status_code == 409
        assert "admin terakhir" in answer.text
    session.expire_all()
    assert admin.roles == {Role.ADMIN}


def test_an_account_is_closed_opened_and_given_a_password(desk: FlaskClient, session: Session):
    person = make_person(session)
    session.commit()
    address, before = f"/staff/people/{person.id}", person.password_hash
    assert desk.post(f"{address}/disable").status_code == 303
    session.expire_all()
    assert person.disabled_at is not None
    assert desk.post(f"{address}/enable").status_code == 303
    assert desk.post(f"{address}/password").status_code == 201
    session.expire_all()
    assert person.disabled_at is None
    assert person.password_hash != before


@pytest.mark.parametrize(
    "act", ["", "/grant/admin", "/revoke/admin", "/disable", "/enable", "/password"]
)
def test_nobody_is_404(desk: FlaskClient, act: str):
    address = f"/staff/people/{uuid.uuid4()}{act}"
    assert (desk.post if act else desk.get)(address).status_code == 404


def test_an_unknown_role_is_404(desk: FlaskClient, admin: Person):
    assert desk.post(f"/staff/people/{admin.id}/grant/queen").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_admins_manage_people(app: Flask, session: Session, role: Role):
    browser = signed_in(app, make_person(session, role))
    assert browser.get("/staff/people").status_code == 403
    assert browser.post("/staff/people/new", data=new()).status_code == 403


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome, HP Android"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X110) AppleWebKit/537.36 (KHTML, like Gecko) "
         "SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36", "Samsung Internet, tablet Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
         "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         "Firefox, Linux"),
        ("curl/8.1", "perangkat lain"),
        ("", "perangkat lain"),
    ],
)  # fmt: skip
def test_a_sign_in_says_the_device_in_words(
    desk: FlaskClient, session: Session, said: str, shown: str
):
    maya = make_person(session, Role.FINANCE, name="Maya")
    open_sign_in(session, maya.id, said)
    session.commit()
    page = desk.get(f"/staff/people/{maya.id}").text
    assert f'<span class="note">{shown}</span>' in page
    assert "AppleWebKit" not in page
