"""A person's own settings."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.accounts.passwords import verify_password
from tests.factories.people import PASSWORD, make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def rohana(session: Session) -> Person:
    made = make_person(session, name="Rohana")
    make_seller(session, owner=made)
    session.commit()
    return made


def change(old: str = PASSWORD, new: str = "rempeyek-renyah") -> dict[str, str]:
    return {"old": old, "new": new}


def test_the_page_shows_name_and_number(app: Flask, rohana: Person):
    page = signed_in(app, rohana).get("/account").text
    assert "Rohana" in page
    assert "0812" in page


def test_the_studio_speaks_the_persons_own_language(app: Flask, rohana: Person):
    browser = signed_in(app, rohana)
    assert "Yang dibaca pembeli" in browser.get("/sell/more").text
    answer = browser.post("/account/language", data={"language": "en", "next": "/sell/more"})
    assert (answer.status_code, answer.location) == (303, "/sell/more")
    assert "What buyers read" in browser.get("/sell/more").text
    assert "Your story" in browser.get("/sell/more/about").text


def test_an_unknown_language_is_refused(app: Flask, session: Session, rohana: Person):
    assert (
        signed_in(app, rohana).post("/account/language", data={"language": "xx"}).status_code == 422
    )
    session.refresh(rohana)
    assert rohana.language == "id"


def test_a_new_password_keeps_this_device_and_ends_the_others(
    app: Flask, session: Session, rohana: Person
):
    here, elsewhere = signed_in(app, rohana), signed_in(app, rohana)
    assert here.post("/account/password", data=change()).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    session.refresh(rohana)
    assert verify_password(rohana.password_hash, "rempeyek-renyah")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (change(old="salah-salah"), "belum cocok"),
        (change(new="pendek"), "paling sedikit 8"),
        (change(old=""), "perlu diisi"),
    ],
)
def test_a_fault_is_said_beside_the_field(
    app: Flask, session: Session, rohana: Person, typed: dict[str, str], said: str
):
    answer = signed_in(app, rohana).post("/account/password", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    session.refresh(rohana)
    assert verify_password(rohana.password_hash, PASSWORD)


def test_guessing_the_old_password_is_slowed_down(app: Flask, rohana: Person):
    browser = signed_in(app, rohana)
    codes = [
        browser.post("/account/password", data=change(old="salah-salah")).status_code
        for _ in range(9)
    ]
    assert codes == [422] * 8 + [429]


def test_more_fields_than_asked_for_change_nothing(app: Flask, session: Session, rohana: Person):
    sent = {"language": "en", "role": "admin", "phone": "+6281299999999", "name": "Lain"}
    before = rohana.phone
    signed_in(app, rohana).post("/account/language", data=sent)
    session.refresh(rohana)
    assert (rohana.language, rohana.phone, rohana.name, rohana.roles) == (
        "en",
        before,
        "Rohana",
        frozenset(),
    )
