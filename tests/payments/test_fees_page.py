"""The staff's page about what the programme keeps."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.ledger.fees import current_basis_points, rule_for
from tests.catalog.offered import offer
from tests.factories.people import make_person, signed_in

URL = "/staff/settings/fees"


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.ADMIN, name="Bu Lurah"))


def test_a_shop_that_keeps_nothing_says_so(admin: FlaskClient):
    assert "penjual menerima seluruh harga barangnya" in admin.get(URL).text


def test_rules_for_all_for_a_shelf_and_for_a_seller(session: Session, admin: FlaskClient):
    thing = offer(session)
    seller_id, shelf = thing.seller_id, thing.product.category_slug
    session.commit()
    for whom, percent, flat in (
        ("", "5", ""), (f"c:{shelf}", "2,5", "0"), (f"s:{seller_id.hex}", "1", "700"),
    ):  # fmt: skip
        sent = {"whom": whom, "percent": percent, "flat": flat}
        assert admin.post(URL, data=sent).status_code == 303
    session.rollback()
    own = rule_for(session, seller_id, shelf)
    assert (own.basis_points, own.flat, current_basis_points(session)) == (100, 700, 500)
    page = admin.get(URL).text
    assert "1\u00a0% + Rp700" in page.replace("&nbsp;", "\u00a0")
    assert admin.post(f"{URL}/end", data={"whom": f"s:{seller_id.hex}"}).status_code == 303
    session.rollback()
    assert rule_for(session, seller_id, shelf).basis_points == 250
    assert "Berakhir" in admin.get(URL).text


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("percent", "51", "Isi angka dari 0 sampai 50"),
        ("percent", "", "Isi angka dari 0 sampai 50"),
        ("flat", "100001", "Isi angka dari Rp0 sampai Rp100.000"),
        ("flat", "-1", "Isi angka"),
        ("whom", "s:00000000000000000000000000000000", ""),
    ],
)
def test_bad_input_is_told_beside_its_field_and_kept(
    session: Session, admin: FlaskClient, field: str, typed: str, told: str
):
    sent = {"whom": "", "percent": "7", "flat": "300"} | {field: typed}
    answer = admin.post(URL, data=sent)
    assert answer.status_code == 422
    assert told in answer.text
    assert ('value="7"' in answer.text) == (field != "percent")
    assert current_basis_points(session) == 0


def test_the_general_rule_has_no_end(session: Session, admin: FlaskClient):
    assert admin.post(URL, data={"whom": "", "percent": "7"}).status_code == 303
    assert admin.post(f"{URL}/end", data={"whom": ""}).status_code == 422
    session.rollback()
    assert current_basis_points(session) == 700
