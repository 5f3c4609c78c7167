"""The pages of a group: everybody sees all of it, owner and treasurer write, staff read."""

from __future__ import annotations

import io
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core import clock
from shop.sellers.models import Seller, SellerMember, ShareBasis, ShareRule
from shop.sharing.models import Advance, FundMove, LineMaker, MemberPayment
from shop.sharing.models_surplus import Surplus
from shop.sharing.purse import owed, purse
from shop.sharing.states import PaidState, Purpose
from tests.factories.orders import ready_part
from tests.factories.people import make_person, signed_in
from tests.factories.sharing import decided, join, make_group, sold, thing_of
from tests.photos import quarters, saved

Group = tuple[Seller, list[SellerMember]]


@pytest.fixture
def group(session: Session) -> Group:
    """Two members who are owed Rp45.000 each of a sale to Dewi; Rp10.000 are the fund's."""
    seller, members = make_group(session, "Siti Aminah")
    decided(session, seller, members)
    sold(session, thing_of(session, seller, 50_000), 2)
    session.commit()
    return seller, members


def browser_of(app: Flask, session: Session, member: SellerMember) -> FlaskClient:
    return signed_in(app, session.get_one(Person, member.person_id))


def day() -> str:
    return clock.today().isoformat()


def test_everybody_in_the_group_sees_the_pool_and_how_each_part_is_worked_out(
    app: Flask, session: Session, group: Group
):
    for member in group[1]:
        page = browser_of(app, session, member).get("/sell/group").text
        for words in ("Rp100.000", "Rp45.000", "Siti Aminah", "KUBE Melati", "Kas 10", "Dewi"):
            assert words in page
    assert "Bagi hasil kelompok" in browser_of(app, session, group[1][1]).get("/sell/money").text


def test_only_owner_and_treasurer_find_the_forms(app: Flask, session: Session, group: Group):
    _, (owner, siti) = group
    address = f"/sell/group/members/{siti.id}"
    assert "Catat uang yang diberikan" in browser_of(app, session, owner).get(address).text
    hers = browser_of(app, session, siti)
    assert "Catat uang yang diberikan" not in hers.get(address).text
    assert hers.post(f"{address}/pay").status_code == 403
    assert hers.get("/sell/group/rules/new").status_code == 403
    assert "Catat uang kas" not in hers.get("/sell/group/fund").text


def test_money_is_handed_over_and_she_says_that_she_got_it(
    app: Flask, session: Session, group: Group
):
    seller, (owner, siti) = group
    keeper, address = browser_of(app, session, owner), f"/sell/group/members/{siti.id}"
    sent = {"key": "one", "paid": "20.000", "deducted": "", "day": day(), "note": "Tunai"}
    for _ in range(2):
        assert keeper.post(f"{address}/pay", data=sent).status_code == 303
    payment = session.scalars(select(MemberPayment)).one()
    assert owed(session, seller.id, siti.id) == 25_000
    session.commit()
    hers = browser_of(app, session, siti)
    assert "Sudah terima Rp20.000?" in hers.get("/sell/group").text
    assert keeper.post(f"/sell/group/payments/{payment.id}/confirm").status_code == 403
    assert hers.post(f"/sell/group/payments/{payment.id}/confirm").status_code == 303
    assert "Sudah diterima" in hers.get(address).text
    assert hers.post(f"/sell/group/payments/{payment.id}/confirm").status_code == 303
    session.refresh(payment)
    assert payment.state == PaidState.CONFIRMED


def test_she_disputes_it_and_the_treasurer_takes_it_back(
    app: Flask, session: Session, group: Group
):
    seller, (owner, siti) = group
    keeper, address = browser_of(app, session, owner), f"/sell/group/members/{siti.id}"
    sent = {"key": "one", "paid": "20.000", "day": day()}
    keeper.post(f"{address}/pay", data=sent)
    payment = session.scalars(select(MemberPayment)).one()
    session.commit()
    hers, at, field = (
        browser_of(app, session, siti), f"/sell/group/payments/{payment.id}",
        f"p{payment.id.hex}-words",
    )  # fmt: skip
    empty = hers.post(f"{at}/dispute", data={field: ""})
    assert empty.status_code == 422
    assert 'aria-invalid="true"' in empty.text
    assert hers.post(f"{at}/dispute", data={field: "Belum ada"}).status_code == 303
    assert "Belum ada" in keeper.get(address).text
    assert keeper.post(f"{at}/take-back", data={field: ""}).status_code == 422
    assert keeper.post(f"{at}/take-back", data={field: "Salah catat"}).status_code == 303
    assert owed(session, seller.id, siti.id) == 45_000
    session.commit()
    assert "Dibatalkan" in hers.get(address).text


def test_what_is_more_than_hers_is_said_beside_the_field_and_nothing_is_lost(
    app: Flask, session: Session, group: Group
):
    _, (owner, siti) = group
    keeper, address = browser_of(app, session, owner), f"/sell/group/members/{siti.id}"
    for data, words in (
        ({"paid": "45.001"}, "Haknya sekarang Rp45.000."),
        ({"paid": "1", "deducted": "5"}, "Kasbonnya tinggal Rp0."),
        ({"paid": "0"}, "Isi lebih dari Rp0."),
        ({"paid": "1", "day": "2099-01-01"}, "Hari ini atau sebelumnya."),
    ):
        answer = keeper.post(
            f"{address}/pay", data={"key": "x", "day": day(), "note": "Amplop biru"} | data
        )
        assert answer.status_code == 422
        assert words in answer.text
        assert "Amplop biru" in answer.text
    sent = {"kind": "money", "amount": "100.001", "reason": "Tepung", "given_on": day()}
    answer = keeper.post(f"{address}/advance", data=sent)
    assert answer.status_code == 422
    assert "Yang ada hanya Rp100.000." in answer.text
    assert session.scalars(select(MemberPayment)).all() == []


def test_an_advance_is_written_down_and_shown_to_all(app: Flask, session: Session, group: Group):
    _, (owner, siti) = group
    keeper, address = browser_of(app, session, owner), f"/sell/group/members/{siti.id}"
    sent = {
        "key": "a",
        "kind": "inputs",
        "amount": "15.000",
        "reason": "Tepung 3 kg",
        "given_on": day(),
    }
    for _ in range(2):
        assert keeper.post(f"{address}/advance", data=sent).status_code == 303
    assert session.scalars(select(Advance)).one().amount == 15_000
    session.commit()
    page = browser_of(app, session, siti).get(address).text
    assert "Tepung 3 kg" in page
    assert 'value="30.000"' in keeper.get(address).text


def test_a_receipt_is_seen_by_the_group_and_staff_and_nobody_else(
    app: Flask, session: Session, group: Group
):
    seller, (owner, siti) = group
    keeper = browser_of(app, session, owner)
    photo = saved(quarters(800, 600), "JPEG")
    sent = {"kind": "spent", "amount": "", "reason": "Plastik kemasan", "day": day(), "key": "f"}
    first = keeper.post(
        "/sell/group/fund", data=sent | {"receipt": (io.BytesIO(photo), "nota.jpg")}
    )
    assert first.status_code == 422
    assert "Foto nota sudah tersimpan." in first.text
    kept = first.text.split('name="kept" value="')[1].split('"')[0]
    again = keeper.post("/sell/group/fund", data=sent | {"amount": "11.000", "kept": kept})
    assert again.status_code == 422
    assert "Yang ada hanya Rp10.000." in again.text
    done = keeper.post("/sell/group/fund", data=sent | {"amount": "7.500", "kept": kept})
    assert done.status_code == 303
    move = session.scalars(select(FundMove)).one()
    assert (purse(session, seller.id).fund, move.reason) == (2_500, "Plastik kemasan")
    session.commit()
    at = f"/sell/group/fund/{move.id}/receipt"
    shown = browser_of(app, session, siti).get(at)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
    other = make_group(session, name="KUBE Mawar")[1][0]
    session.commit()
    assert browser_of(app, session, other).get(at).status_code == 404
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    session.commit()
    assert auditor.get(f"/staff/sellers/{seller.id}/group/receipts/{move.id}").status_code == 200


def test_a_file_that_is_no_photo_is_refused_beside_the_field(
    app: Flask, session: Session, group: Group
):
    keeper = browser_of(app, session, group[1][0])
    sent = {"kind": "income", "amount": "5.000", "reason": "Iuran", "day": day(), "key": "f"}
    answer = keeper.post(
        "/sell/group/fund", data=sent | {"receipt": (io.BytesIO(b"halo"), "nota.jpg")}
    )
    assert answer.status_code == 422
    assert "nota.jpg" in answer.text
    assert session.scalars(select(FundMove)).all() == []


def test_a_rule_is_decided_on_its_page(
    app: Flask, session: Session, group: Group, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shop.ledger.sales._lookups.kilograms", None)
    _, (owner, siti) = group
    keeper = browser_of(app, session, owner)
    sent = {
        "basis": "weight", "reserve": "10", "valid_from": day(), "decided_on": day(),
        "deciders": [str(owner.id), str(siti.id)], f"weight_{siti.id.hex}": "2",
    }  # fmt: skip
    late = keeper.post("/sell/group/rules/new", data=sent)
    assert late.status_code == 422
    assert "Sudah ada penjualan dengan aturan lama" in late.text
    tomorrow = clock.today().fromordinal(clock.today().toordinal() + 1).isoformat()
    fresh = sent | {"valid_from": tomorrow}
    for change, words in (
        ({"deciders": []}, "Pilih anggota yang ikut memutuskan"),
        ({f"weight_{siti.id.hex}": ""}, "Isi bobot paling sedikit satu anggota."),
        ({"percent_reserve": "99"}, "Jumlah semua persen SHU 99, seharusnya 100."),
        ({"percent_reserve": "99", "percent_usage": "2"}, "Jumlah semua persen SHU 101"),
        ({"basis": "kilograms"}, "Setoran per kilogram belum dicatat di sini."),
        ({"decided_on": tomorrow}, "Hari ini atau sebelumnya."),
    ):
        answer = keeper.post("/sell/group/rules/new", data=fresh | change)
        assert answer.status_code == 422
        assert words in answer.text
    assert keeper.post("/sell/group/rules/new", data=fresh).location == "/sell/group/rules"
    assert len(session.scalars(select(ShareRule)).all()) == 2
    session.commit()
    page = browser_of(app, session, siti).get("/sell/group/rules").text
    assert "Akan berlaku" in page
    assert "KUBE Melati, Siti Aminah" in page
    twice = keeper.post("/sell/group/rules/new", data=fresh)
    assert "Sudah ada aturan yang mulai pada tanggal itu." in twice.text


def test_who_made_what_is_written_down_before_it_is_shared(app: Flask, session: Session):
    seller, members = make_group(session, "Siti")
    decided(session, seller, members, ShareBasis.MADE)
    part = ready_part(session, (thing_of(session, seller), 3))
    stranger = make_group(session, name="KUBE Mawar")[1][0]
    session.commit()
    owner, siti = members
    browser, at = browser_of(app, session, owner), f"/sell/group/made/{part.id}"
    assert at in browser.get("/sell/group").text
    field = f"made_{part.lines[0].id.hex}"
    wrong = browser.post(at, data={f"{field}_{siti.id.hex}": "2"})
    assert wrong.status_code == 422
    assert "Jumlahnya harus 3" in wrong.text
    made = {f"{field}_{siti.id.hex}": "2", f"{field}_{owner.id.hex}": "1"}
    assert browser.post(at, data=made).status_code == 303
    assert sorted(session.scalars(select(LineMaker.pieces))) == [1, 2]
    session.commit()
    assert 'value="2"' in browser.get(at).text
    assert browser_of(app, session, stranger).get(at).status_code == 404
    assert browser.get(f"/sell/group/made/{uuid.uuid4()}").status_code == 404


def test_a_surplus_is_shared_on_its_page(app: Flask, session: Session):
    seller, members = make_group(session, "Siti")
    terms = {Purpose.RESERVE: 60, Purpose.USAGE: 28, Purpose.CAPITAL: 12}
    decided(session, seller, members, reserve=5_000, surplus=terms)
    sold(session, thing_of(session, seller, 50_000), 2)
    session.commit()
    owner, siti = members
    browser = browser_of(app, session, owner)
    first = clock.today().replace(month=1, day=1).isoformat()
    sent = {"key": "s", "first": first, "last": day(), "amount": "50.000"}
    for change, words in (
        ({}, "Isi simpanan paling sedikit satu anggota."),
        ({"amount": "50.001", f"savings_{siti.id.hex}": "1"}, "Yang ada hanya Rp50.000."),
        ({"first": "2099-01-01"}, "Tanggal awal tidak boleh sesudah tanggal akhir."),
    ):
        answer = browser.post("/sell/group/surplus", data=sent | change)
        assert answer.status_code == 422
        assert words in answer.text
    fine = sent | {f"savings_{siti.id.hex}": "100.000"}
    assert browser.post("/sell/group/surplus", data=fine).status_code == 303
    assert session.scalars(select(Surplus)).one().amount == 50_000
    assert owed(session, seller.id, siti.id) == 25_000 + 7_000 + 6_000
    session.commit()
    page = browser_of(app, session, siti).get("/sell/group/surplus").text
    assert "Rp13.000" in page
    again = browser.post("/sell/group/surplus", data=fine | {"key": "other"})
    assert "SHU sebagian hari-hari ini sudah dibagi." in again.text


def test_staff_read_all_of_it_and_change_nothing(app: Flask, session: Session, group: Group):
    seller, _ = group
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    session.commit()
    page = auditor.get(f"/staff/sellers/{seller.id}/group").text
    for words in ("Rp100.000 uang bersama", "Siti Aminah", "Rp45.000", "Sama rata"):
        assert words in page
    assert "/group" in auditor.get(f"/staff/sellers/{seller.id}").text
    assert 'method="post" action="/sell' not in page
    assert auditor.get(f"/staff/sellers/{uuid.uuid4()}/group").status_code == 404


def test_somebody_of_another_group_finds_nothing(app: Flask, session: Session, group: Group):
    _, (_, siti) = group
    other = make_group(session, name="KUBE Mawar")[1][0]
    session.commit()
    browser = browser_of(app, session, other)
    assert browser.get(f"/sell/group/members/{siti.id}").status_code == 404
    sent = {"key": "x", "paid": "1", "day": day()}
    assert browser.post(f"/sell/group/members/{siti.id}/pay", data=sent).status_code == 404
    assert "Siti Aminah" not in browser.get("/sell/group").text


def test_for_a_member_without_a_sign_in_another_bears_witness(
    app: Flask, session: Session, group: Group
):
    seller, (owner, siti) = group
    aminah = join(session, seller, "Bu Tua", signs_in=False)
    sold(session, thing_of(session, seller, 30_000), 1)
    session.commit()
    keeper, at = browser_of(app, session, owner), f"/sell/group/members/{aminah.id}"
    keeper.post(f"{at}/pay", data={"key": "w", "paid": "9.000", "day": day()})
    assert "Saya lihat dia menerimanya" not in keeper.get(at).text
    hers = browser_of(app, session, siti)
    assert "Saya lihat dia menerimanya" in hers.get(at).text
    payment = session.scalars(select(MemberPayment)).one()
    session.commit()
    assert hers.post(f"/sell/group/payments/{payment.id}/confirm").status_code == 303
