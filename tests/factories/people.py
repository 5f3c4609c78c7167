"""People for tests, and browsers in which they are signed in."""

from __future__ import annotations

import itertools

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role, RoleGrant
from shop.accounts.passwords import hash_password
from shop.accounts.sign_in import open_sign_in
from shop.core.db import db

PASSWORD = "ikan-tenggiri"
_numbers = itertools.count(1)


def make_person(
    session: Session, *roles: Role, name: str = "Ratna Dewi", phone: str | None = None
) -> Person:
    """Somebody who can sign in with `PASSWORD`, holding these staff roles."""
    person = Person(
        phone=phone or f"+62812{next(_numbers):08d}",
        name=name,
        password_hash=hash_password(PASSWORD),
    )
    session.add(person)
    session.flush()
    for role in roles:
        session.add(RoleGrant(person_id=person.id, role=role.value))
    session.flush()
    return person


def signed_in(app: Flask, person: Person) -> FlaskClient:
    """A browser in which `person` is signed in; commits."""
    token = open_sign_in(db.session(), person.id, "test")
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client
