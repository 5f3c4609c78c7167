"""Staff upload a statement, see what it says, keep it, and match its lines."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.check_money import check_money_daily
from shop.core import clock
from shop.core.settings import load_settings
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.models_bank import BankFile, BankLine, BankMap
from tests.factories.orders import payment_of, placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.statement import csv, days_ago, make_line

URL = "/staff/payments/bank"
UNKNOWN = "Hari Buku,Uraian,Kepada Kami,Dari Kami,Sisa"


@pytest.fixture
def finance(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))


def send(client: FlaskClient, data: bytes, name: str = "mutasi.csv") -> Any:
    return client.post(URL, data={"file": (io.BytesIO(data), name)})


def lines(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(BankLine)) or 0


def only_file(session: Session) -> BankFile:
    session.expire_all()
    return session.scalars(select(BankFile)).one()


def test_a_statement_is_shown_before_anything_is_kept(finance: FlaskClient, session: Session):
    payment = payment_of(session, placed_order(session))
    session.commit()
    rows = [(clock.today(), "TRSF DEWI", payment.amount), (clock.today(), "BIAYA ADM", -6_500)]
    sent = send(finance, csv(rows))
    assert sent.status_code == 303
    page = finance.get(sent.location).text
    assert "2 mutasi baru" in page
    assert "TRSF DEWI" in page
    assert lines(session) == 0
    file = only_file(session)
    finance.post(f"{URL}/files/{file.id}/keep")
    finance.post(f"{URL}/files/{file.id}/keep")
    assert lines(session) == 2
    assert "Sudah disimpan" in finance.get(f"{URL}/files/{file.id}").text
    page = finance.get(URL).text
    assert "Cocokkan 1 yang pasti" in page
    assert balance(session, A.BANK) == 0
    finance.post(f"{URL}/sure")
    finance.post(f"{URL}/sure")
    session.expire_all()
    assert balance(session, A.BANK) == payment.amount
    matched = finance.get(f"{URL}?state=matched").text
    assert f"/staff/orders/{payment.order_id}" in matched
    left = session.scalars(select(BankLine).where(BankLine.state == "new")).one()
    assert finance.post(f"{URL}/lines/{left.id}/aside", data={"reason": ""}).status_code == 422
    finance.post(f"{URL}/lines/{left.id}/aside", data={"reason": "Biaya bank"})
    assert "Biaya bank" in finance.get(f"{URL}?state=aside").text
    finance.post(f"{URL}/lines/{left.id}/back", data={"state": "aside"})
    session.expire_all()
    assert left.state == "new"


def test_unknown_headings_ask_for_the_columns_and_are_remembered(
    finance: FlaskClient, session: Session
):
    said = csv([(days_ago(2), "TRSF", 10_000), (days_ago(1), "BIAYA", -500)], headings=UNKNOWN)
    sent = send(finance, said)
    assert "Kolom mana yang berisi apa" in finance.get(sent.location).text
    file = only_file(session)
    typed = {"bank": "Bank Desa", "day": "1", "description": "2", "debit": "3", "credit": "",
             "amount": "", "side": "", "balance": "5", "time": "", "day_order": "dmy"}  # fmt: skip
    wrong = finance.post(f"{URL}/files/{file.id}/map", data=typed)
    assert wrong.status_code == 422
    assert "Bank Desa" in wrong.text
    finance.post(f"{URL}/files/{file.id}/map", data=typed | {"credit": "4"})
    assert "2 mutasi baru" in finance.get(sent.location).text
    assert session.scalars(select(BankMap.bank)).one() == "Bank Desa"
    again = csv([(clock.today(), "TRSF LAIN", 20_000)], headings=UNKNOWN)
    assert "1 mutasi baru" in finance.get(send(finance, again).location).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "kosong"),
        (b"%PDF-1.7", "CSV atau XLSX"),
        (csv([(days_ago(2), "A", 10_000), (days_ago(1), "B", 5)]).replace(b"1010005", b"1010006"),
         "Baris 3"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_beside_its_field(
    finance: FlaskClient, session: Session, data: bytes, said: str
):
    answer = send(finance, data)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(BankFile)).all() == []


def test_a_file_of_another_account_is_refused(finance: FlaskClient, session: Session):
    assert load_settings(session).bank_account != "9998887776"
    said = b"No. Rekening : 9998887776\n" + csv([(days_ago(1), "TRSF", 10_000)])
    answer = send(finance, said)
    assert answer.status_code == 422
    assert "9998887776" in answer.text


def test_a_line_can_be_given_to_an_order_or_wait_as_unknown(finance: FlaskClient, session: Session):
    payment = payment_of(session, placed_order(session))
    line, other = make_line(session, payment.amount + 4_000), make_line(session, 12_345)
    session.commit()
    wrong = finance.post(f"{URL}/lines/{line.id}/order", data={"number": "TIDAKADA"})
    assert wrong.status_code == 422
    assert "TIDAKADA" in wrong.text
    finance.post(f"{URL}/lines/{line.id}/order", data={"number": payment.order_number.lower()})
    finance.post(f"{URL}/lines/{other.id}/unknown")
    finance.post(f"{URL}/lines/{other.id}/unknown")
    session.expire_all()
    assert (line.state, other.state) == ("matched", "matched")
    assert balance(session, A.BANK) == payment.amount + 4_000 + 12_345


@pytest.mark.parametrize("data", [{}, {"payment": "x"}, {"day": "2026-13-01"}])
def test_a_press_that_names_nothing_is_refused(
    finance: FlaskClient, session: Session, data: dict[str, str]
):
    line = make_line(session, 12_345)
    session.commit()
    assert finance.post(f"{URL}/lines/{line.id}/match", data=data).status_code == 400
    nobody = {"payment": str(line.id)}
    assert finance.post(f"{URL}/lines/{line.id}/match", data=nobody).status_code == 303
    assert finance.post(f"{URL}/lines/{line.file_id}/match", data=nobody).status_code == 404


def test_the_days_of_qris_and_the_daily_result_are_shown(finance: FlaskClient, session: Session):
    assert finance.get(f"{URL}/qris").status_code == 200
    assert "belum pernah diperiksa" in finance.get(f"{URL}/check").text
    check_money_daily(session)
    session.commit()
    assert "Semua uang cocok" in finance.get(f"{URL}/check").text
