"""Pages of goods left at points: the seller's, the paper, the staff's."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.catalog.reserve import reserve
from shop.consignment.hand_on import hand_on
from shop.consignment.models import Consignment, ConsignmentCount
from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from shop.sellers.models import Seller
from tests.catalog.offered import offer
from tests.factories.consignment import consigned, make_point
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def owner(session: Session):
    return make_person(session, name="Rohana")


def at_home(app: Flask, session: Session, owner, on_hand: int | None = 20):
    """Her browser, a thing of hers and a place that takes it."""
    variant = offer(session, make_seller(session, owner=owner), on_hand=on_hand)
    point = make_point(session)
    return signed_in(app, owner), variant, point


def test_leaving_counting_and_taking_money(app: Flask, session: Session, owner):
    set_rule(session, 500, None)
    browser, variant, point = at_home(app, session, owner)
    assert "Titip jual" in browser.get("/sell/more").text
    page = browser.get("/sell/consignment/new").text
    assert "Kerupuk Tenggiri" in page
    assert point.name in page
    sent = {
        "key": "form", "point": str(point.id), f"pieces_{variant.id.hex}": "10",
        f"share_{variant.id.hex}": "1.000", "note": "Rak depan",
    }  # fmt: skip
    first = browser.post("/sell/consignment/new", data=sent)
    again = browser.post("/sell/consignment/new", data=sent)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    made = session.scalars(select(Consignment)).one()
    address = f"/sell/consignment/{made.id}"
    assert first.location == address
    line = made.lines[0].id.hex
    counted = {"key": "k", f"sold_{line}": "4", f"returned_{line}": "1", "paid_by": "point"}
    assert browser.post(f"{address}/record", data=counted).location == address
    assert browser.post(f"{address}/record", data=counted).status_code == 303
    page = browser.get(address).text
    assert "tidak dicatat dua kali" in page
    assert "5 masih di" in page
    assert "Rp56.000 milik Anda masih di sana" in page
    assert "Rp56.000 masih di tempat titip" in browser.get("/sell/consignment").text
    money = browser.get("/sell/money").text
    assert f"Titip jual di {point.name}" in money
    assert "Rp56.000 masih di tempat titip" in money
    assert "consigned" in browser.get("/sell/money/statement.csv").text
    answer = browser.post(f"{address}/paid", data={"key": "p", "amount": "56.000"})
    assert answer.status_code == 303
    assert balance(session, AccountKind.POINT, variant.seller_id) == 0
    assert "Anda menanggung potongan Rp2.800" in browser.get("/sell/money").text


def test_the_paper_names_things_prices_and_who_signs(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 10, 1_000, point)
    session.commit()
    paper = browser.get(f"/sell/consignment/{made.id}/note").text
    for text in (made.number, point.name, "Rp14.000", "Yang menitip", "Yang menerima"):
        assert text in paper


@pytest.mark.parametrize(
    ("pieces", "share", "said"),
    [
        ("", "", "Isi paling sedikit satu barang."),
        ("1,5", "", "Tulis angka saja"),
        ("-1", "", "Isi angka dari 0 sampai 1000."),
        ("1000000000", "", "Isi angka dari 0 sampai 1000."),
        ("5", "15001", "Paling banyak harganya, Rp15.000."),
    ],
)
def test_what_was_typed_wrong_stays_and_is_told(
    app: Flask, session: Session, owner, pieces: str, share: str, said: str
):
    browser, variant, point = at_home(app, session, owner)
    answer = browser.post(
        "/sell/consignment/new",
        data={
            "point": str(point.id), "note": "Rak depan",
            f"pieces_{variant.id.hex}": pieces, f"share_{variant.id.hex}": share,
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert said in answer.text
    assert "Rak depan" in answer.text
    assert session.scalar(select(func.count()).select_from(Consignment)) == 0


def test_more_than_there_is_or_a_closed_place_is_told(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner, on_hand=3)
    sent = {"point": str(point.id), f"pieces_{variant.id.hex}": "4"}
    answer = browser.post("/sell/consignment/new", data=sent)
    assert answer.status_code == 409
    assert "Stok yang bebas hanya 3." in answer.text
    closed = make_point(session, consigns=False)
    session.commit()
    sent = {"point": str(closed.id), f"pieces_{variant.id.hex}": "1"}
    assert browser.post("/sell/consignment/new", data=sent).status_code == 422


def test_more_than_lies_there_is_told(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 3, point=point)
    session.commit()
    line, address = made.lines[0].id.hex, f"/sell/consignment/{made.id}"
    for data, said in (
        ({f"sold_{line}": "2", f"lost_{line}": "2"}, "Yang masih di sana hanya 3."),
        ({}, "Isi paling sedikit satu angka."),
        ({f"sold_{line}": "1", "paid_by": "programme"}, "Pilih salah satu dari daftar."),
    ):
        answer = browser.post(f"{address}/record", data={"paid_by": "point", **data})
        assert answer.status_code == 422
        assert said in answer.text
    answer = browser.post(f"{address}/paid", data={"amount": "1"})
    assert answer.status_code == 422
    assert "hanya Rp0" in answer.text
    assert session.scalar(select(func.count()).select_from(ConsignmentCount)) == 0


def test_a_stranger_and_a_mere_member_reach_nothing(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 3, point=point)
    make_seller(session, "Lain", owner=(other := make_person(session)))
    stranger = signed_in(app, other)
    address = f"/sell/consignment/{made.id}"
    for act in ("", "/note"):
        assert stranger.get(address + act).status_code == 404
    for act in ("/record", "/paid"):
        assert stranger.post(address + act, data={"amount": "1"}).status_code == 404
    assert browser.get(f"/sell/consignment/{uuid.uuid4()}").status_code == 404
    offer(session, session.scalars(select(Seller).where(Seller.name != "Rohana")).one(), on_hand=5)
    session.commit()
    sent = {"point": str(point.id), f"pieces_{variant.id.hex}": "1"}
    assert stranger.post("/sell/consignment/new", data=sent).status_code == 422
    assert session.scalar(select(func.count()).select_from(Consignment)) == 1


def test_staff_write_down_what_came_into_the_bank(app: Flask, session: Session, owner):
    _, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 3, point=point)
    counted = [Counted(made.lines[0].id, sold=2)]
    record(session, made.id, counted, paid_by=PaidBy.POINT, key="k", person_id=None)
    finance = signed_in(app, make_person(session, Role.FINANCE))
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    address = f"/staff/consignments/{made.id}"
    assert "Rp28.000" in auditor.get("/staff/consignments").text
    assert "Uang sudah masuk rekening" not in auditor.get(address).text
    sent = {"key": "k", "amount": "28.000"}
    assert auditor.post(f"{address}/received", data=sent).status_code == 403
    answer = finance.post(f"{address}/received", data={"key": "j", "amount": "28.001"})
    assert (answer.status_code, "hanya Rp28.000" in answer.text) == (422, True)
    for _ in range(2):
        assert finance.post(f"{address}/received", data=sent).status_code == 303
    assert balance(session, AccountKind.BANK) == 28_000
    actions = session.scalars(select(AuditLine.action)).all()
    assert actions.count("consignment.received") == 1
    assert "masuk rekening program" in finance.get(address).text


def test_a_wrong_count_is_taken_back_with_a_reason(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 10, 1_000, point)
    counted = [Counted(made.lines[0].id, sold=4)]
    record(session, made.id, counted, paid_by=PaidBy.POINT, key="k", person_id=None)
    session.commit()
    wrong = session.scalars(select(ConsignmentCount)).one()
    address = f"/sell/consignment/{made.id}"
    assert f"{address}/counts/{wrong.id}" in browser.get(address).text
    page = browser.get(f"{address}/counts/{wrong.id}").text
    assert "4 Kerupuk Tenggiri laku, Rp56.000 di tempat titip" in page
    answer = browser.post(f"{address}/counts/{wrong.id}", data={"reason": " "})
    assert (answer.status_code, "Bagian ini perlu diisi." in answer.text) == (422, True)
    for said in ("Dibatalkan. Catat lagi kalau perlu.", "sudah dibatalkan tadi"):
        sent = {"reason": "salah ketik"}
        assert browser.post(f"{address}/counts/{wrong.id}", data=sent).location == address
        page = browser.get(address).text
        assert said in page
    assert "Dibatalkan: salah ketik" in page
    assert "Salah catat?" not in page
    assert browser.get(f"{address}/counts/{wrong.id}").location == address
    assert balance(session, AccountKind.POINT, variant.seller_id) == 0
    assert f"Titip jual di {point.name}, dibatalkan" in browser.get("/sell/money").text
    assert "consigned_back" in browser.get("/sell/money/statement.csv").text
    taken = session.scalars(select(ConsignmentCount).where(ConsignmentCount.reason != "")).one()
    assert browser.get(f"{address}/counts/{taken.id}").status_code == 404


def test_what_must_come_first_is_told(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 10, 1_000, point)
    for key, pieces in (("a", {"sold": 4}), ("b", {"returned": 2})):
        counted = [Counted(made.lines[0].id, **pieces)]
        record(session, made.id, counted, paid_by=PaidBy.POINT, key=key, person_id=None)
    hand_on(session, made.id, 14_000, paid_to=PaidBy.SELLER, key="p", person_id=None)
    reserve(session, {variant.id: 12}, key="order")
    session.commit()
    rows = session.scalars(select(ConsignmentCount)).all()
    by_kind = {row.kind: f"/sell/consignment/{made.id}/counts/{row.id}" for row in rows}
    for kind, said in (
        ("sold", "terakhir Rp14.000"),
        ("returned", "yang masih bebas hanya 0"),
    ):
        answer = browser.post(by_kind[kind], data={"reason": "salah ketik"})
        assert answer.status_code == 409
        assert said in answer.text
        assert "salah ketik" in answer.text
    assert session.scalar(select(func.count()).select_from(ConsignmentCount)) == 2


def test_who_may_take_a_count_back(app: Flask, session: Session, owner):
    browser, variant, point = at_home(app, session, owner)
    made = consigned(session, variant, 10, 1_000, point)
    counted = [Counted(made.lines[0].id, sold=4)]
    record(
        session, made.id, counted, paid_by=PaidBy.PROGRAMME, key="k", person_id=None, actor="staff"
    )
    make_seller(session, "Lain", owner=(other := make_person(session)))
    finance = signed_in(app, make_person(session, Role.FINANCE))
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    stranger = signed_in(app, other)
    wrong = session.scalars(select(ConsignmentCount)).one()
    studio = f"/sell/consignment/{made.id}/counts/{wrong.id}"
    staff = f"/staff/consignments/{made.id}/counts/{wrong.id}"
    sent = {"reason": "salah ketik"}
    assert stranger.post(studio, data=sent).status_code == 404
    assert browser.post(studio, data=sent).status_code == 403
    assert "Salah catat?" not in browser.get(f"/sell/consignment/{made.id}").text
    assert auditor.post(staff, data=sent).status_code == 403
    assert "Salah catat?" not in auditor.get(f"/staff/consignments/{made.id}").text
    assert "Salah catat?" in finance.get(f"/staff/consignments/{made.id}").text
    assert finance.get(staff).status_code == 200
    assert finance.post(staff, data=sent).status_code == 303
    assert balance(session, AccountKind.BANK) == 0
    assert "consignment.taken_back" in session.scalars(select(AuditLine.action)).all()
