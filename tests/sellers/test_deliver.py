"""What a seller offers: fees by zone and weight, points, by arrangement; on her own page."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Person
from shop.core import clock
from shop.sellers.deliver import (
    Terms,
    UnknownPoint,
    UnknownZone,
    deliver,
    proposals,
    propose,
    terms_of,
)
from shop.sellers.models import DeliveryZone, MemberRole, Seller
from shop.sellers.points import open_points, points_of
from tests.factories.people import make_person, signed_in
from tests.factories.points import make_point
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def rohana(session: Session) -> Person:
    return make_person(session, name="Rohana")


@pytest.fixture
def stall(session: Session, rohana: Person) -> Seller:
    made = make_seller(session, "Lapak Rohana", owner=rohana)
    session.commit()
    return made


@pytest.fixture
def studio(app: Flask, rohana: Person, stall: Seller) -> FlaskClient:
    return signed_in(app, rohana)


def terms(session: Session, seller: Seller) -> dict[str, Terms]:
    rows = session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id == seller.id))
    return {row.zone: terms_of(row) for row in rows}


def set_up(session: Session, seller: Seller, *points: uuid.UUID, **zones: Terms) -> None:
    person = make_person(session)
    deliver(session, seller.id, person.id, terms=zones, arranges=True, point_ids=points)


def test_it_is_kept_and_written_down(session: Session, stall: Seller):
    point = make_point(session)
    set_up(session, stall, point.id, C=Terms(15_000, None, 3_000, 2_500))
    assert terms(session, stall) == {"C": Terms(15_000, None, 3_000, 2_500)}
    assert stall.arranges
    assert points_of(session, [stall.id]) == {stall.id: [point]}
    assert session.scalars(select(AuditLine.action)).all() == ["seller.delivery"]


def test_twice_is_as_once(session: Session, stall: Seller):
    point = make_point(session)
    for _ in range(2):
        set_up(session, stall, point.id, A=Terms(8_000))
    assert terms(session, stall) == {"A": Terms(8_000)}
    assert points_of(session, [stall.id]) == {stall.id: [point]}


def test_unknown_zones_and_points_are_refused(session: Session, stall: Seller):
    closed = make_point(session)
    closed.closed_at = clock.now()
    session.flush()
    with pytest.raises(UnknownZone):
        set_up(session, stall, Mars=Terms(1))
    for point_id in (closed.id, uuid.uuid4()):
        with pytest.raises(UnknownPoint):
            set_up(session, stall, point_id)


def test_a_closed_point_comes_back_with_its_sellers(session: Session, stall: Seller):
    point = make_point(session, stall)
    point.closed_at = clock.now()
    session.flush()
    assert not open_points(session)
    assert points_of(session, [stall.id]) == {}
    set_up(session, stall)
    point.closed_at = None
    session.flush()
    assert points_of(session, [stall.id]) == {stall.id: [point]}


def test_proposals_are_the_usual_fees_until_staff_say_otherwise(session: Session):
    assert proposals(session)["A"] == Terms(8_000)
    person = make_person(session)
    for _ in range(2):
        propose(session, person.id, {"A": Terms(9_000, 100_000, 4_000, 1_000)})
    assert proposals(session)["A"] == Terms(9_000, 100_000, 4_000, 1_000)
    assert proposals(session)["C"] == Terms(15_000)
    assert session.scalars(select(AuditLine.action)).all() == ["delivery.propose"]
    with pytest.raises(UnknownZone):
        propose(session, person.id, {"Mars": Terms(1)})


def sent(**more: str) -> dict[str, str]:
    filled = {}
    for zone in ("A", "B", "B2", "C", "D", "E"):
        filled |= {f"fee_{zone}": "10.000", f"kg_{zone}": "5", f"perkg_{zone}": "",
                   f"free_{zone}": ""}  # fmt: skip
    return filled | more


def test_the_page_sets_it(studio: FlaskClient, session: Session, stall: Seller):
    point = make_point(session)
    session.commit()
    typed = sent(on_A="y", kg_A="3", perkg_A="2.000", on_E="y", fee_E="0", arranges="y",
                 points=point.id.hex)  # fmt: skip
    assert studio.post("/sell/more/delivery", data=typed).status_code == 303
    session.expire_all()
    assert terms(session, stall) == {
        "A": Terms(10_000, None, 3_000, 2_000), "E": Terms(0, None, 5_000, 0),
    }  # fmt: skip
    assert [found.id for found in stall.points] == [point.id]
    more = studio.get("/sell/more").text
    for words in ("sampai 3 kg, lalu Rp2.000 tiap kg", "ongkos disepakati dulu", point.name):
        assert words in more, words
    page = studio.get("/sell/more/delivery").text
    assert 'value="2.000"' in page
    assert "Naik pompong." in page


def test_faults_stand_beside_the_fields(studio: FlaskClient, session: Session, stall: Seller):
    for wrong, words in (
        ({"on_A": "y", "fee_A": ""}, "Tulis ongkirnya."),
        ({"kg_A": "0"}, "Isi angka dari 1 sampai 200."),
        ({"perkg_A": "1,5"}, "Tulis angka saja"),
        ({"points": uuid.uuid4().hex}, "Pilih salah satu"),
    ):
        page = studio.post("/sell/more/delivery", data=sent(**wrong))
        assert page.status_code == 422, wrong
        assert words in page.text, wrong
    session.expire_all()
    assert terms(session, stall) == {"A": Terms(10_000)}


def test_the_programmes_fees_fill_the_form_and_nothing_is_kept_yet(
    studio: FlaskClient, session: Session, stall: Seller
):
    propose(session, make_person(session).id, {"A": Terms(9_500, None, 4_000, 1_500)})
    session.commit()
    page = studio.post("/sell/more/delivery", data=sent(on_A="y", propose="1"))
    assert page.status_code == 200
    assert 'value="9.500"' in page.text
    assert 'value="1.500"' in page.text
    session.expire_all()
    assert terms(session, stall) == {"A": Terms(10_000)}


def test_a_member_without_a_say_cannot(app: Flask, session: Session):
    plain = make_person(session, name="Anggota")
    make_seller(session, owner=plain, role=MemberRole.MEMBER)
    session.commit()
    assert signed_in(app, plain).get("/sell/more/delivery").status_code == 403
    assert signed_in(app, plain).post("/sell/more/delivery", data=sent()).status_code == 403
