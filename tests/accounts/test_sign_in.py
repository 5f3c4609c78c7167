"""Signing in and out, and what slows down guessing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import people, sign_in
from shop.accounts.models import Person, Role, SignIn, SignInAttempt
from shop.core import clock
from tests.factories.people import PASSWORD, make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
PHONE = "0812-7777-0001"
E164 = "+6281277770001"


def enter(client: FlaskClient, phone: str = PHONE, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", data={"phone": phone, "password": password, **more})


def person(session: Session, *roles: Role) -> Person:
    made = make_person(session, *roles, phone=E164)
    session.commit()
    return made


def test_the_page_is_kept_by_nobody(client: FlaskClient):
    answer = client.get("/sign-in")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("typed", ["081277770001", "+62 812 7777 0001", "0812.7777.0001"])
def test_a_number_may_be_written_in_any_way(session: Session, client: FlaskClient, typed: str):
    person(session)
    answer = enter(client, typed)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Masuk" not in client.get("/account").text.split("<main")[0]


def test_each_goes_through_her_own_door(app: Flask, session: Session):
    seller = make_person(session)
    make_seller(session, owner=seller)
    staff = make_person(session, Role.AUDITOR)
    session.commit()
    for who, door in ((seller, "/sell"), (staff, "/staff")):
        assert enter(app.test_client(), who.phone).location == door
        assert signed_in(app, who).get("/sign-in").location == door


def test_the_way_back_stays_on_this_site(app: Flask, session: Session):
    person(session)
    assert enter(app.test_client(), next="/account").location == "/account"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert enter(app.test_client(), next=elsewhere).location == "/"


def test_a_closed_door_leads_back_after_signing_in(session: Session, client: FlaskClient):
    person(session)
    answer = client.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    assert 'name="next" value="/account"' in client.get(answer.location).text


def test_an_unknown_number_and_a_wrong_password_hear_the_same(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    known = person(session)
    shut = make_person(session, phone="+6281277770002")
    people.disable(session, shut.id, known.id)
    session.commit()

    def told(phone: str, password: str) -> str:
        answer = enter(app.test_client(), phone, password)
        assert answer.status_code == 422
        main = answer.text.split("<main")[1].split("</main")[0]
        return "\n".join(
            line for line in main.splitlines() if "csrf" not in line and 'id="phone"' not in line
        )

    wrong = told(PHONE, "salah-salah")
    assert "tidak cocok" in wrong
    assert told("0812-7777-0009", PASSWORD) == wrong
    assert told("0812-7777-0002", PASSWORD) == wrong


def test_a_wrong_number_is_said_beside_the_field_and_kept(client: FlaskClient):
    answer = enter(client, "123")
    assert answer.status_code == 422
    assert 'value="123"' in answer.text
    assert "Nomor HP belum benar" in answer.text
    assert PASSWORD not in answer.text


def test_a_refused_try_is_kept(session: Session, client: FlaskClient):
    person(session)
    enter(client, password="salah-salah")
    tries = session.scalars(select(SignInAttempt)).all()
    assert [(t.phone, t.succeeded) for t in tries] == [(E164, False)]


def test_after_eight_wrong_passwords_even_the_right_one_waits(
    session: Session, client: FlaskClient, noon: datetime
):
    person(session)
    for _ in range(sign_in.MOST_PER_PHONE):
        assert enter(client, password="salah-salah").status_code == 422
    assert enter(client).status_code == 429
    with clock.at(noon + sign_in.WINDOW + timedelta(seconds=1)):
        assert enter(client).status_code == 303


def test_one_address_cannot_try_many_numbers(session: Session, client: FlaskClient):
    person(session)
    for number in range(sign_in.MOST_PER_ADDRESS):
        sign_in.note_attempt(session, f"+62813{number:08d}", "127.0.0.1", succeeded=False)
    session.commit()
    assert enter(client).status_code == 429
    other = client.application.test_client()
    answer = other.post(
        "/sign-in",
        data={"phone": PHONE, "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "10.0.0.9"},
    )
    assert answer.status_code == 303


def test_signing_in_forgets_the_old_cookie_but_keeps_the_cart(
    session: Session, client: FlaskClient
):
    person(session)
    with client.session_transaction() as cookie:
        cookie["cart"], cookie["left-over"] = "a-cart", "something"
    enter(client)
    with client.session_transaction() as cookie:
        assert cookie["cart"] == "a-cart"
        assert "left-over" not in cookie
        first = cookie["_user_id"]
        assert cookie.permanent
    client.post("/sign-out")
    enter(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_the_database_keeps_no_token(session: Session, client: FlaskClient):
    person(session)
    enter(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    row = session.scalars(select(SignIn)).one()
    assert token not in {row.token_hash, str(row.id), row.device}


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, session: Session):
    browser = signed_in(app, person(session))
    with browser.session_transaction() as cookie:
        copied = dict(cookie)
    assert browser.get("/account").status_code == 200
    assert browser.post("/sign-out").location == "/"
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/account").status_code == 303


def test_signing_out_twice_is_no_fault(client: FlaskClient):
    assert client.post("/sign-out").status_code == 303
    assert client.get("/sign-out").status_code == 405


def test_a_closed_account_is_out_at_the_next_request(app: Flask, session: Session):
    who, admin = person(session), make_person(session, Role.ADMIN)
    browser = signed_in(app, who)
    assert browser.get("/account").status_code == 200
    people.disable(session, who.id, admin.id)
    session.commit()
    assert browser.get("/account").status_code == 303


def test_a_role_taken_back_stops_at_the_next_request(app: Flask, session: Session):
    who, admin = person(session, Role.MANAGER), make_person(session, Role.ADMIN)
    browser = signed_in(app, who)
    assert browser.get("/staff/sellers").status_code == 200
    people.revoke(session, who.id, Role.MANAGER, admin.id)
    session.commit()
    assert browser.get("/staff/sellers").status_code == 403


def test_staff_sign_in_each_half_day_others_each_two_months(
    app: Flask, session: Session, noon: datetime
):
    staff, other = person(session, Role.FINANCE), make_person(session)
    browsers = [signed_in(app, staff), signed_in(app, other)]

    def open_at(moment: datetime) -> list[int]:
        with clock.at(moment):
            return [browser.get("/account").status_code for browser in browsers]

    assert open_at(noon + timedelta(hours=11)) == [200, 200]
    assert open_at(noon + timedelta(hours=13)) == [303, 200]
    assert open_at(noon + timedelta(days=61)) == [303, 303]


def test_a_sign_in_leaves_one_row(session: Session, client: FlaskClient):
    person(session)
    enter(client)
    assert session.scalar(select(func.count()).select_from(SignIn)) == 1
    assert session.scalars(select(SignInAttempt.succeeded)).all() == [True]
