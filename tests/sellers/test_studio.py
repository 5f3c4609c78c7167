"""*Lainnya*: a seller's own data, bank account, delivery, news, and switching between stalls."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.accounts.models import AuditLine, Person
from shop.sellers import approve
from shop.sellers.models import DeliveryZone, MemberRole, Seller
from tests.factories.people import PASSWORD, make_person, signed_in
from tests.factories.sellers import SEI_JANG, make_seller

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


def about(**more: str) -> dict[str, str]:
    return {
        "name": "Lapak Bu Rohana", "makes": "Kerupuk", "makes_en": "", "story": "Dari ibu.\nLalu.",
        "story_en": "", "phone": "0813-1111-2222", "kelurahan_code": SEI_JANG, "address": "",
        "pickup_hours": "09.00–17.00", **more,
    }  # fmt: skip


def bank(**more: str) -> dict[str, str]:
    return {
        "bank_name": "BCA", "bank_account": "012.345 6789", "bank_holder": "Rohana",
        "password": PASSWORD, **more,
    }  # fmt: skip


def test_the_page_holds_all_about_the_stall(studio: FlaskClient, stall: Seller):
    page = studio.get("/sell/more").text
    for words in ("Lapak Rohana", "BRI", "…3921", "Pusat kota", "Rp10.000", "pemilik"):
        assert words in page
    assert "000000000003921" not in page
    assert f'href="/s/{stall.slug}"' in page


def test_what_buyers_read_is_changed(studio: FlaskClient, session: Session, stall: Seller):
    assert studio.post("/sell/more/about", data=about()).status_code == 303
    session.refresh(stall)
    assert (stall.name, stall.phone) == ("Lapak Bu Rohana", "+6281311112222")
    assert stall.story == "Dari ibu.\nLalu."
    assert stall.state == "approved"


@pytest.mark.parametrize(
    "typed",
    [
        about(name=""), about(phone="1"), about(kelurahan_code="x"), about(story="x" * 2001),
        about(makes="x" * 121),
    ],
)  # fmt: skip
def test_a_fault_keeps_what_was_typed(
    studio: FlaskClient, session: Session, stall: Seller, typed: dict[str, str]
):
    answer = studio.post("/sell/more/about", data=typed)
    assert answer.status_code == 422
    assert "09.00–17.00" in answer.text
    session.refresh(stall)
    assert stall.name == "Lapak Rohana"


def test_fields_that_are_not_hers_to_set_are_ignored(
    studio: FlaskClient, session: Session, stall: Seller
):
    other = make_seller(session)
    session.commit()
    sent = about(state="suspended", slug="lain", seller_id=str(other.id), bank_account="1" * 12)
    studio.post("/sell/more/about", data=sent)
    session.expire_all()
    assert (stall.state, stall.bank_account) == ("approved", "000000000003921")
    assert other.name == "Rohana"


def test_the_bank_account_is_changed_and_told(studio: FlaskClient, session: Session, stall: Seller):
    assert studio.post("/sell/more/bank", data=bank()).status_code == 303
    session.refresh(stall)
    assert (stall.bank_name, stall.bank_account) == ("BCA", "0123456789")
    assert "Rekening diganti ke BCA …6789" in studio.get("/sell/news").text
    line = session.scalars(select(AuditLine).where(AuditLine.action == "seller.bank")).one()
    assert "0123456789" not in str(line.detail)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (bank(password="salah-salah"), "belum cocok"),
        (bank(bank_account="12"), "8 sampai 18"),
        (bank(bank_account="abcdefghij"), "8 sampai 18"),
        (bank(bank_name="Bank Mana"), "fault"),
        (bank(bank_holder=""), "perlu diisi"),
    ],
)
def test_a_wrong_bank_account_is_refused(
    studio: FlaskClient, session: Session, stall: Seller, typed: dict[str, str], said: str
):
    answer = studio.post("/sell/more/bank", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert PASSWORD not in answer.text
    session.refresh(stall)
    assert stall.bank_name == "BRI"


def test_an_unusual_length_only_warns(studio: FlaskClient, session: Session, stall: Seller):
    assert studio.post("/sell/more/bank", data=bank(bank_account="01234567890")).status_code == 303
    assert "biasanya 10 angka" in studio.get("/sell/more").text


def test_zones_are_ticked_with_their_fees(studio: FlaskClient, session: Session, stall: Seller):
    sent = {"on_B": "y", "fee_B": "12.000", "free_B": "150.000", "on_E": "y", "fee_E": "0"}
    assert studio.post("/sell/more/delivery", data=sent).status_code == 303
    rows = session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id == stall.id)).all()
    assert {(z.zone, z.fee, z.free_over) for z in rows} == {("B", 12000, 150000), ("E", 0, None)}
    page = studio.get("/sell/more/delivery").text
    assert 'value="12.000"' in page
    assert 'value="150.000"' in page


@pytest.mark.parametrize(
    "sent",
    [
        {"on_A": "y", "fee_A": ""}, {"on_A": "y", "fee_A": "-1"}, {"on_A": "y", "fee_A": "gratis"},
        {"on_A": "y", "fee_A": "500001"}, {"on_A": "y", "fee_A": "1", "free_A": "0"},
        {"on_A": "y", "fee_A": "99999999999999999999"},
    ],
)  # fmt: skip
def test_a_wrong_fee_is_refused(
    studio: FlaskClient, session: Session, stall: Seller, sent: dict[str, str]
):
    assert studio.post("/sell/more/delivery", data=sent).status_code == 422
    rows = session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id == stall.id)).all()
    assert [(z.zone, z.fee) for z in rows] == [("A", 10_000)]


def test_news_is_counted_on_the_tab_and_can_be_read(
    studio: FlaskClient, session: Session, rohana: Person, stall: Seller
):
    notify.tell(session, [rohana.id], "seller_approved", seller_id=stall.id, link="/sell/more")
    session.commit()
    assert '<span class="n">1<span' in studio.get("/sell/more").text
    assert "1 kabar baru" in studio.get("/sell/news").text
    for _ in range(2):
        assert studio.post("/sell/news/seen").location == "/sell/news"
    assert "Tidak ada kabar baru" in studio.get("/sell/news").text
    assert "sudah disetujui" in studio.get("/sell/news").text


def test_she_switches_between_her_own_stalls_only(
    studio: FlaskClient, session: Session, rohana: Person
):
    second = make_seller(session, "KUBE Melur", owner=rohana, role=MemberRole.TREASURER)
    stranger = make_seller(session, "Lain")
    session.commit()
    assert studio.post(f"/sell/switch/{stranger.id}").status_code == 404
    assert studio.post(f"/sell/switch/{uuid.uuid4()}").status_code == 404
    assert '<h1 class="person">Lapak Rohana' in studio.get("/sell/more").text
    assert studio.post(f"/sell/switch/{second.id}").location == "/sell/more"
    assert '<h1 class="person">KUBE Melur' in studio.get("/sell/more").text


def test_a_declined_stall_reads_why_and_asks_again(
    studio: FlaskClient, session: Session, rohana: Person
):
    waiting = make_seller(session, "Baru", owner=rohana)
    waiting.state = "applied"
    session.flush()
    approve.decline(session, waiting.id, None, "Foto belum ada")
    session.commit()
    studio.post(f"/sell/switch/{waiting.id}")
    assert "Foto belum ada" in studio.get("/sell/more").text
    assert studio.post("/sell/more/apply-again").status_code == 303
    assert studio.post("/sell/more/apply-again").status_code == 409
    assert "Menunggu persetujuan" in studio.get("/sell/more").text


def test_a_plain_member_looks_but_changes_nothing(app: Flask, session: Session, stall: Seller):
    member = make_person(session)
    stall_of_many = make_seller(session, "Koperasi", owner=member, role=MemberRole.MEMBER)
    session.commit()
    browser = signed_in(app, member)
    page = browser.get("/sell/more").text
    assert stall_of_many.name in page
    assert "Ganti rekening" not in page
    for path in ("about", "bank", "delivery"):
        assert browser.get(f"/sell/more/{path}").status_code == 403
        assert browser.post(f"/sell/more/{path}", data={}).status_code == 403


def test_somebody_without_a_stall_is_told_so(app: Flask, session: Session):
    answer = signed_in(app, make_person(session)).get("/sell/more")
    assert answer.status_code == 403
    assert "Anda belum punya lapak" in answer.text
    assert 'href="/daftar"' in answer.text
