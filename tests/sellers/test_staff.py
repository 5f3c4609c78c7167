"""The staff's pages about sellers: the list, one seller, its people."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.sellers.models import Seller, SellerKind, SellerMember
from shop.sellers.states import SellerState
from tests.factories.people import PASSWORD, make_person, signed_in
from tests.factories.sellers import SEI_JANG, make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def desk(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FACILITATOR, name="Maya"))


@pytest.fixture
def waiting(session: Session, desk: FlaskClient) -> Seller:
    made = make_seller(session, "Dapur Siti", state=SellerState.APPLIED)
    session.commit()
    return made


def form(**more: str) -> dict[str, str]:
    return {
        "owner_name": "Yusni", "phone": "0812-6666-0001", "stall_name": "Dapur Yusni",
        "kind": "individual", "kelurahan_code": SEI_JANG, "makes": "Otak-otak", **more,
    }  # fmt: skip


def password_in(page: str) -> str:
    return re.search(r'money big">([^<]+)<', page)[1]


def test_the_list_counts_and_filters(desk: FlaskClient, session: Session, waiting: Seller):
    make_seller(session, "KUBE Melur", SellerKind.GROUP)
    session.commit()
    page = desk.get("/staff/sellers").text
    assert "1 penjual menunggu" in page
    assert "Dapur Siti" in page
    assert "KUBE Melur" in page
    assert "KUBE Melur" not in desk.get("/staff/sellers?state=applied").text
    assert "Dapur Siti" not in desk.get("/staff/sellers?q=melur").text
    assert "Tidak ada yang cocok" in desk.get("/staff/sellers?q=%25").text
    assert desk.get("/staff/sellers?state=nonsense&page=abc").status_code == 200


def test_the_list_has_pages(desk: FlaskClient, session: Session):
    for number in range(31):
        make_seller(session, f"Lapak {number:02d}")
    session.commit()
    assert "Lapak 30" not in desk.get("/staff/sellers").text
    assert "Lapak 30" in desk.get("/staff/sellers?page=2").text
    assert desk.get("/staff/sellers?page=99").status_code == 200


def test_a_stall_is_approved_once(desk: FlaskClient, session: Session, waiting: Seller):
    address = f"/staff/sellers/{waiting.id}"
    assert "Setujui" in desk.get(address).text
    assert desk.post(f"{address}/approve").location == address
    assert desk.post(f"{address}/approve").status_code == 409
    session.expire_all()
    assert waiting.state == "approved"
    assert "Maya" in desk.get(address).text


def test_a_refusal_needs_its_reason(desk: FlaskClient, session: Session, waiting: Seller):
    address = f"/staff/sellers/{waiting.id}"
    answer = desk.post(f"{address}/decline", data={"reason": " "})
    assert answer.status_code == 422
    assert "perlu diisi" in answer.text
    assert desk.post(f"{address}/suspend", data={"reason": "x"}).status_code == 409
    assert desk.post(f"{address}/decline", data={"reason": "Alamat salah"}).status_code == 303
    assert "Alamat salah" in desk.get(address).text
    session.expire_all()
    assert waiting.state == "declined"


def test_an_open_stall_is_closed_for_a_while(desk: FlaskClient, session: Session):
    stall = make_seller(session)
    session.commit()
    address = f"/staff/sellers/{stall.id}"
    assert desk.post(f"{address}/suspend", data={"reason": "Tidak mengirim"}).status_code == 303
    assert desk.post(f"{address}/approve").status_code == 303
    session.expire_all()
    assert stall.state == "approved"


def test_the_page_hides_most_of_the_bank_number(desk: FlaskClient, waiting: Seller):
    page = desk.get(f"/staff/sellers/{waiting.id}").text
    assert "…3921" in page
    assert "000000000003921" not in page


def test_a_stall_is_opened_for_somebody_who_can_then_sign_in(app: Flask, desk: FlaskClient):
    answer = desk.post("/staff/sellers/new", data=form())
    assert answer.status_code == 201
    way_in = {"phone": "081266660001", "password": password_in(answer.text)}
    assert app.test_client().post("/sign-in", data=way_in).location == "/sell"


def test_an_account_that_exists_is_used_and_keeps_its_password(
    app: Flask, desk: FlaskClient, session: Session
):
    make_person(session, phone="+6281266660001")
    session.commit()
    answer = desk.post("/staff/sellers/new", data=form())
    assert "akun yang sudah ada" in answer.text
    way_in = {"phone": "081266660001", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=way_in).location == "/sell"


@pytest.mark.parametrize("typed", [form(phone="1"), form(owner_name=""), form(kelurahan_code="")])
def test_a_fault_opens_nothing(desk: FlaskClient, session: Session, typed: dict[str, str]):
    assert desk.post("/staff/sellers/new", data=typed).status_code == 422
    assert session.scalars(select(Seller)).all() == []


def test_people_join_with_and_without_an_account(
    app: Flask, desk: FlaskClient, session: Session, waiting: Seller
):
    address = f"/staff/sellers/{waiting.id}/members"
    assert desk.post(address, data={"name": "Santi", "role": "member"}).status_code == 303
    sari = {"name": "Sari", "role": "manager", "phone": "0812-6666-0002"}
    answer = desk.post(address, data=sari)
    assert answer.status_code == 201
    way_in = {"phone": sari["phone"], "password": password_in(answer.text)}
    assert app.test_client().post("/sign-in", data=way_in).location == "/sell"
    again = desk.post(address, data=sari)
    assert again.status_code == 422
    assert "sudah bekerja" in again.text
    assert desk.post(address, data={"name": "", "role": "member"}).status_code == 422
    assert desk.post(address, data={"name": "X", "role": "queen"}).status_code == 422


def members(session: Session, seller: Seller) -> list[SellerMember]:
    session.expire_all()
    return list(session.scalars(select(SellerMember).where(SellerMember.seller_id == seller.id)))


def test_a_member_leaves_but_never_the_last(desk: FlaskClient, session: Session, waiting: Seller):
    address = f"/staff/sellers/{waiting.id}/members"
    desk.post(address, data={"name": "Santi", "role": "member"})
    owner, santi = members(session, waiting)
    assert desk.post(f"{address}/{santi.id}/leave").status_code == 303
    answer = desk.post(f"{address}/{owner.id}/leave")
    assert answer.status_code == 409
    assert "paling sedikit satu orang" in answer.text
    assert [m.left_on is None for m in members(session, waiting)] == [True, False]


def test_a_lost_password_is_replaced_and_ends_the_old_devices(
    app: Flask, desk: FlaskClient, session: Session, waiting: Seller
):
    (owner,) = members(session, waiting)
    person = session.get_one(Person, owner.person_id)
    old = signed_in(app, person)
    answer = desk.post(f"/staff/sellers/{waiting.id}/members/{owner.id}/password")
    assert answer.status_code == 201
    assert old.get("/account").status_code == 303
    way_in = {"phone": person.phone, "password": password_in(answer.text)}
    assert app.test_client().post("/sign-in", data=way_in).status_code == 303


def test_a_facilitator_cannot_take_over_an_admin_who_also_sells(
    desk: FlaskClient, session: Session
):
    admin = make_person(session, Role.ADMIN)
    stall = make_seller(session, owner=admin)
    session.commit()
    (owner,) = members(session, stall)
    before = admin.password_hash
    assert desk.post(f"/staff/sellers/{stall.id}/members/{owner.id}/password").status_code == 403
    session.expire_all()
    assert admin.password_hash == before


def test_ids_that_do_not_belong_together_are_404(
    desk: FlaskClient, session: Session, waiting: Seller
):
    other = make_seller(session)
    session.commit()
    (stranger,) = members(session, other)
    for act in ("leave", "password"):
        address = f"/staff/sellers/{waiting.id}/members/{stranger.id}/{act}"
        assert desk.post(address).status_code == 404
    nobody = f"/staff/sellers/{uuid.uuid4()}"
    assert desk.get(nobody).status_code == 404
    for act in ("approve", "members"):
        assert desk.post(f"{nobody}/{act}", data={"name": "x"}).status_code == 404


def test_an_auditor_looks_but_decides_nothing(app: Flask, session: Session, waiting: Seller):
    browser = signed_in(app, make_person(session, Role.AUDITOR))
    page = browser.get(f"/staff/sellers/{waiting.id}").text
    assert "Dapur Siti" in page
    assert "Setujui" not in page
    assert browser.post(f"/staff/sellers/{waiting.id}/approve").status_code == 403
    assert browser.get("/staff/sellers/new").status_code == 403
