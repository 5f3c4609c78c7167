"""Staff keep pick-up points and proposed fees."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.sellers.deliver import Terms, proposals
from shop.sellers.keep_points import all_points
from shop.sellers.models import PickupPoint
from tests.factories.people import make_person, signed_in
from tests.factories.points import make_point
from tests.factories.sellers import SEI_JANG

pytestmark = pytest.mark.both


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    person = make_person(session, Role.FACILITATOR)
    session.commit()
    return signed_in(app, person)


def typed(**more: str) -> dict[str, str]:
    return {
        "name": "Pelantar Kuning", "kelurahan_code": SEI_JANG, "address": "Dermaga pompong",
        "hours": "Setiap hari 07.00 sampai 12.00", "hours_en": "Every day 7 am to 12",
        "phone": "0812-7777-8888", **more,
    }  # fmt: skip


def names(session: Session) -> list[str]:
    session.expire_all()
    return [point.name for point in all_points(session)]


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditLine.action).order_by(AuditLine.id)))


def test_a_point_is_added_and_changed(staff: FlaskClient, session: Session):
    assert staff.post("/staff/delivery/points/new", data=typed(consigns="y")).status_code == 303
    [point] = all_points(session)
    assert (point.phone, point.consigns, point.position) == ("+6281277778888", True, 0)
    page = staff.get(f"/staff/delivery/points/{point.id}").text
    assert 'value="0812-7777-8888"' in page
    changed = typed(name="Pelantar Dua", phone="")
    assert staff.post(f"/staff/delivery/points/{point.id}", data=changed).status_code == 303
    session.expire_all()
    assert (point.name, point.phone, point.consigns) == ("Pelantar Dua", "", False)
    assert actions(session) == ["point.add", "point.edit"]


def test_faults_stand_beside_the_fields(staff: FlaskClient, session: Session):
    make_point(session)
    taken = all_points(session)[0].name
    session.commit()
    for wrong, words in (
        ({"name": ""}, "Bagian ini perlu diisi."),
        ({"name": taken}, "Nama ini sudah dipakai tempat lain."),
        ({"kelurahan_code": "99"}, "Pilih salah satu"),
        ({"phone": "12"}, "Nomor HP belum benar"),
        ({"hours": "x" * 81}, "Terlalu panjang"),
    ):
        page = staff.post("/staff/delivery/points/new", data=typed(**wrong))
        assert page.status_code == 422, wrong
        assert words in page.text, wrong
        assert "Dermaga pompong" in page.text
    assert len(names(session)) == 1


def test_a_point_closes_and_opens_once(staff: FlaskClient, session: Session):
    point = make_point(session)
    session.commit()
    for act in ("close", "close", "open", "open"):
        assert staff.post(f"/staff/delivery/points/{point.id}/{act}").status_code == 303
    session.refresh(point)
    assert point.closed_at is None
    assert actions(session) == ["point.close", "point.open"]


def test_points_are_put_in_order(staff: FlaskClient, session: Session):
    points = [make_point(session, name=name) for name in ("Satu", "Dua", "Tiga")]
    session.commit()
    last = points[2].id
    for _ in range(3):
        staff.post(f"/staff/delivery/points/{last}/raise")
    assert [name.split()[0] for name in names(session)] == ["Tiga", "Dua", "Satu"]


def test_what_is_not_there_is_not_found(staff: FlaskClient):
    for path in ("", "/close", "/open", "/raise"):
        assert staff.post(f"/staff/delivery/points/{uuid.uuid4()}{path}").status_code == 404


def test_proposed_fees_are_kept(staff: FlaskClient, session: Session):
    fees = {}
    for zone in ("A", "B", "B2", "C", "D", "E"):
        fees |= {f"fee_{zone}": "9.000", f"kg_{zone}": "4", f"perkg_{zone}": "1.000",
                 f"free_{zone}": ""}  # fmt: skip
    assert staff.post("/staff/delivery/fees", data=fees).status_code == 303
    assert proposals(session)["E"] == Terms(9_000, None, 4_000, 1_000)
    page = staff.post("/staff/delivery/fees", data=fees | {"fee_A": "", "kg_B": "900"})
    assert page.status_code == 422
    for words in ("Tulis ongkirnya.", "Isi angka dari 1 sampai 200."):
        assert words in page.text
    assert session.scalars(select(PickupPoint)).all() == []


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR])
def test_who_may_not_keep_them_cannot(app: Flask, session: Session, role: Role):
    person = make_person(session, role)
    session.commit()
    assert signed_in(app, person).get("/staff/delivery").status_code == 403
    assert signed_in(app, person).post("/staff/delivery/fees").status_code == 403
