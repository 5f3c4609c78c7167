"""The pages on which payouts are prepared, approved, sent and signed for, and their files."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core import ids
from shop.ledger.models import Payout, PayoutBatch
from shop.ledger.pay_out import make_batch
from shop.payments.states import Method
from shop.sellers.models import Seller, SellerMember
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch, signed_payout
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.photos import lively, saved

pytestmark = pytest.mark.both


@pytest.fixture
def rini(session: Session) -> Person:
    return make_person(session, Role.FINANCE, name="Rini")


@pytest.fixture
def finance(app: Flask, session: Session, rini: Person) -> FlaskClient:
    return signed_in(app, rini)


def studio_of(app: Flask, session: Session, seller: Seller) -> FlaskClient:
    owner = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == seller.id)
    ).one()
    return signed_in(app, owner)


def number_of(session: Session) -> str:
    return session.scalars(select(PayoutBatch.number).order_by(PayoutBatch.id.desc())).first() or ""


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_preview_says_who_is_in_and_who_is_not_and_why(
    app: Flask, session: Session, finance: FlaskClient
):
    rohana, melur, sari = (make_seller(session, name) for name in ("Rohana", "Melur", "Sari"))
    make_earned(session, rohana, 60_000, fee=1_800)
    make_earned(session, melur, 40_000)
    make_earned(session, sari, 30_000, method=Method.CASH, fee=900)
    melur.payout_every = "asked"
    session.commit()
    page = finance.get("/staff/payouts/new").text
    assert "1 penjual masuk daftar, Rp58.200" in page
    assert "Dibayar kalau ia memintanya" in page
    assert "Menanggung potongan penjualan tunai" in page
    assert "2 penjual masuk daftar, Rp98.200" in finance.get("/staff/payouts/new?everybody=1").text
    why = finance.get(f"/staff/payouts/new/{rohana.id}").text
    assert "Rp58.200 untuk Rohana, dan kenapa" in why
    assert "Barang Rp60.000, potongan" in why
    assert finance.get(f"/staff/payouts/new/{ids.new_id()}").status_code == 404
    finance.post("/staff/payouts", data={"key": "k", "everybody": "y"})
    assert len(session.scalars(select(Payout)).all()) == 2


def test_a_payout_lists_what_is_in_it(app: Flask, session: Session, finance: FlaskClient):
    seller = make_seller(session)
    make_earned(session, seller, 60_000, fee=1_800)
    approved_batch(session)
    payout = session.scalars(select(Payout)).one()
    session.commit()
    page = finance.get(f"/staff/payouts/{number_of(session)}/{payout.id}").text
    for words in ("Pesanan Dewi", "+58.200", "Saldo awal", "Saldo akhir"):
        assert words in page, words
    payout.first_number = payout.last_number = None
    session.commit()
    old = finance.get(f"/staff/payouts/{number_of(session)}/{payout.id}").text
    assert "sebelum isinya dicatat satu per satu" in old


def test_an_admin_alone_is_told_what_to_do(app: Flask, session: Session):
    make_earned(session, make_seller(session), 60_000)
    alone = make_person(session, Role.ADMIN, name="Hendri")
    make_batch(session, key="k", person_id=alone.id)
    browser = signed_in(app, alone)
    here = f"/staff/payouts/{number_of(session)}"
    page = browser.get(here).text
    assert "Anda sendiri di toko ini" in page
    assert ">Setujui<" not in page
    assert "Orang lain yang menyetujuinya" in browser.post(
        f"{here}/approve", follow_redirects=True
    ).text  # fmt: skip
    make_person(session, Role.MANAGER)
    session.commit()
    assert "1 orang lain boleh menyetujuinya" in browser.get(here).text


def test_refusing_needs_a_reason_and_gives_back(app: Flask, session: Session, rini: Person):
    make_earned(session, make_seller(session), 60_000)
    make_batch(session, key="k", person_id=rini.id)
    manager = signed_in(app, make_person(session, Role.MANAGER))
    here = f"/staff/payouts/{number_of(session)}"
    assert manager.post(f"{here}/refuse", data={"reason": " "}).status_code == 422
    for _ in range(2):
        manager.post(f"{here}/refuse", data={"reason": "jumlahnya aneh"})
    page = manager.get(here).text
    assert "jumlahnya aneh" not in page or "Ditolak" in page
    session.expire_all()
    assert session.scalars(select(Payout.state)).all() == ["returned"]
    assert "1 penjual bisa dibayar sekarang, Rp60.000" in manager.get("/staff/payouts").text


def test_the_bank_gets_the_columns_it_wants(app: Flask, session: Session, finance: FlaskClient):
    make_earned(session, make_seller(session, "=Rohana"), 60_000)
    cash = make_seller(session, "Tunai")
    cash.payout_way = "cash"
    make_earned(session, cash, 10_000)
    approved_batch(session)
    session.commit()
    form = {f"columns-{n}-place": "" for n in range(9)}
    form |= {f"columns-{n}-heading": "" for n in range(9)}
    assert finance.post("/staff/payouts/columns", data=form).status_code == 422
    form |= {"columns-2-place": "1", "columns-2-heading": "Rek. Tujuan"}
    form |= {"columns-4-place": "1", "columns-4-heading": "Nominal"}
    twice = finance.post("/staff/payouts/columns", data=form)
    assert twice.status_code == 422
    assert "urutan yang sama" in twice.text
    assert "Rek. Tujuan" in twice.text
    bad = form | {"columns-4-place": "2", "columns-4-heading": "=1+1"}
    assert "tanda hitung" in finance.post("/staff/payouts/columns", data=bad).text
    form |= {"columns-4-place": "2", "columns-0-place": "3", "columns-0-heading": "Nama"}
    assert finance.post("/staff/payouts/columns", data=form).status_code == 303
    assert 'value="Rek. Tujuan"' in finance.get("/staff/payouts/columns").text
    rows = table(finance.get(f"/staff/payouts/{number_of(session)}.csv").text)
    assert rows == [
        ["Rek. Tujuan", "Nominal", "Nama"], ["000000000003921", "60000", "'=Rohana"],
    ]  # fmt: skip


def test_each_seller_gets_a_text_in_both_languages(
    app: Flask, session: Session, finance: FlaskClient
):
    make_earned(session, make_seller(session), 60_000)
    approved_batch(session)
    session.commit()
    page = finance.get(f"/staff/payouts/{number_of(session)}").text
    assert "https://wa.me/62813" in page
    assert "sedang%20dikirim%20ke%20BRI" in page
    assert "is%20on%20its%20way%20to%20BRI" in page


def photo() -> tuple[io.BytesIO, str]:
    return io.BytesIO(saved(lively(700, 500), "JPEG")), "tanda.jpg"


def test_cash_is_signed_for_on_a_photo_that_few_see(
    app: Flask, session: Session, finance: FlaskClient
):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    rohana.payout_way = "cash"
    make_earned(session, rohana, 60_000)
    approved_batch(session)
    payout = session.scalars(select(Payout)).one()
    session.commit()
    payout_id = payout.id
    here = f"/staff/payouts/{number_of(session)}/{payout_id}"
    assert finance.post(f"{here}/signed", data={}).status_code == 422
    broken = {"photo": (io.BytesIO(b"not a picture"), "x.jpg")}
    assert finance.post(f"{here}/signed", data=broken).status_code == 422
    assert finance.get(f"{here}/signature").status_code == 404
    for _ in range(2):
        assert finance.post(f"{here}/signed", data={"photo": photo()}).status_code == 303
    session.expire_all()
    assert session.get_one(Payout, payout_id).state == "paid"
    assert finance.get(f"{here}/signature").status_code == 200
    own = f"/sell/money/payouts/{payout_id}/signature"
    shown = studio_of(app, session, rohana).get(own)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
    assert studio_of(app, session, melur).get(own).status_code == 404
    assert "Tanda tangan" in studio_of(app, session, rohana).get("/sell/money").text


def test_a_seller_chooses_when_and_asks(app: Flask, session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 60_000)
    studio = studio_of(app, session, seller)
    form = {"every": "asked", "way": "bank", "minimum": "1.0"}
    wrong = studio.post("/sell/money/paying", data=form)
    assert wrong.status_code == 422
    assert 'value="1.0"' in wrong.text
    assert studio.post("/sell/money/paying", data=form | {"minimum": "50.000"}).status_code == 303
    page = studio.get("/sell/money").text
    assert "Minta dibayar Rp60.000" in page
    asked = studio.post("/sell/money/ask", follow_redirects=True).text
    assert "Permintaan terkirim" in asked
    assert "Anda sudah minta" in asked
    seller.payout_minimum = 70_000
    session.commit()
    low = studio.post("/sell/money/ask", follow_redirects=True).text
    assert "belum mencapai batas" in low


def test_without_an_account_the_bank_is_no_way(app: Flask, session: Session):
    seller = make_seller(session)
    seller.bank_account = ""
    studio = studio_of(app, session, seller)
    form = {"every": "week", "way": "bank", "minimum": ""}
    assert "Isi dulu nomor rekening" in studio.post("/sell/money/paying", data=form).text
    assert studio.post("/sell/money/paying", data=form | {"way": "x"}).status_code == 422


def test_a_signed_payout_stays_with_its_batch(app: Flask, session: Session, finance: FlaskClient):
    payout = signed_payout(session, make_seller(session))
    session.commit()
    assert finance.get(f"/staff/payouts/2026-01-01-1/{payout.id}/signature").status_code == 404
