"""Statements of sellers, groups and the programme: page, PDF and table agree to the rupiah."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core import clock
from shop.ledger import book_lines, legs, statement
from shop.ledger.states import AccountKind
from shop.sellers.models import Seller, SellerKind, SellerMember
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
MIDNIGHT = datetime(2026, 10, 31, 17, tzinfo=UTC)
"""When November begins in Tanjungpinang."""


@pytest.fixture
def kube(session: Session) -> Seller:
    """A group with a sale on each side of midnight, and a payout."""
    seller = make_seller(session, "KUBE Melur", SellerKind.GROUP)
    with clock.at(MIDNIGHT - timedelta(seconds=1)):
        make_earned(session, seller, 60_000, fee=1_800)
    with clock.at(MIDNIGHT):
        make_earned(session, seller, 30_000)
    with clock.at(MIDNIGHT + timedelta(days=3)):
        approved_batch(session)
        make_earned(session, seller, 7_000)
    session.commit()
    return seller


@pytest.fixture
def auditor(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.AUDITOR))


def studio_of(app: Flask, session: Session, seller: Seller) -> FlaskClient:
    owner = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == seller.id)
    ).one()
    return signed_in(app, owner)


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_months_meet_at_midnight_in_tanjungpinang(session: Session, kube: Seller):
    assert statement.months_of(session, kube.id) == [NOVEMBER, OCTOBER]
    october, november = (statement.statement_of(session, kube.id, m) for m in (OCTOBER, NOVEMBER))
    assert (october.opening, october.closing) == (0, 58_200)
    assert (november.opening, november.closing) == (58_200, 7_000)
    assert [line.change for line in november.lines] == [30_000, -88_200, 7_000]
    before = statement.statement_of(session, kube.id, date(2026, 9, 1))
    after = statement.statement_of(session, kube.id, date(2026, 12, 1))
    assert (before.opening, before.lines, before.closing) == (0, [], 0)
    assert (after.opening, after.lines, after.closing) == (7_000, [], 7_000)


@pytest.mark.parametrize("number", [1, 2, 31, 32, 33, 70])
def test_the_first_leg_of_a_month_is_found_wherever_it_is(session: Session, number: int):
    seller = make_seller(session)
    for turn in range(70):
        with clock.at(MIDNIGHT + timedelta(hours=turn - number + 1)):
            make_earned(session, seller, 1_000 + turn)
    found = statement.statement_of(session, seller.id, NOVEMBER)
    assert len(found.lines) == 70 - number + 1
    assert found.opening == sum(1_000 + turn for turn in range(number - 1))


def test_pages_of_a_long_statement_meet(session: Session):
    seller = make_seller(session)
    for turn in range(40):
        make_earned(session, seller, 1_000 + turn, fee=turn)
    seen, before = [], None
    while True:
        sheet = statement.statement(session, seller.id, before=before, size=7)
        seen += sheet.rows
        before = sheet.older
        if before is None:
            break
    assert [line.amount for line in seen] == [1_039 - n for n in range(40)]
    assert seen[0].balance == sum(line.change for line in seen)


def test_page_and_table_of_the_studio_agree(app: Flask, session: Session, kube: Seller):
    studio = studio_of(app, session, kube)
    page = studio.get("/sell/money/statement?month=2026-11").text
    for words in ("Saldo awal", "58.200", "−88.200", "Saldo akhir", "/sell/orders/"):
        assert words in page, words
    rows = table(studio.get("/sell/money/statement.csv?month=2026-11").text)
    assert [row[-1] for row in rows[1:]] == ["58200", "88200", "0", "7000", "7000"]
    assert (rows[1][1], rows[-1][1]) == ("opening", "closing")
    assert studio.get("/sell/money/statement?month=soon").status_code == 404
    assert studio.get("/sell/money?before=zzz").status_code == 200


def test_paper_is_a_pdf_and_the_same_twice(
    app: Flask, session: Session, kube: Seller, auditor: FlaskClient
):
    studio = studio_of(app, session, kube)
    first = studio.get("/sell/money/statement.pdf?month=2026-11")
    assert first.content_type == "application/pdf"
    assert first.data.startswith(b"%PDF")
    assert first.data == studio.get("/sell/money/statement.pdf?month=2026-11").data
    assert auditor.get(f"/staff/statements/sellers/{kube.id}.pdf").data.startswith(b"%PDF")
    assert auditor.get("/staff/statements/accounts/bank.pdf").data.startswith(b"%PDF")


def test_staff_read_the_statement_of_a_group_and_of_each_of_its_accounts(
    session: Session, kube: Seller, auditor: FlaskClient
):
    assert "KUBE Melur" in auditor.get("/staff/statements").text
    page = auditor.get(f"/staff/statements/sellers/{kube.id}?month=2026-11").text
    assert "/staff/orders/" in page
    held = f"/staff/statements/accounts/held?seller={kube.id}"
    assert held in page
    assert "Ditahan sampai pesanan selesai: KUBE Melur" in auditor.get(held).text
    rows = table(auditor.get(f"/staff/statements/sellers/{kube.id}.csv?month=2026-10").text)
    assert rows[-1][-1] == "58200"


def test_each_line_of_the_programmes_bank_says_where_the_other_side_is(
    session: Session, kube: Seller, auditor: FlaskClient
):
    account = legs.account_of(session, AccountKind.BANK)
    assert account is not None
    found = book_lines.book_statement(session, legs.whole(account))
    assert found.opening + sum(line.change for line in found.lines) == found.closing
    assert all(line.change + sum(leg.amount for leg in line.others) == 0 for line in found.lines)
    page = auditor.get("/staff/statements/accounts/bank?month=2026-11").text
    assert "Ditahan sampai pesanan selesai (KUBE Melur) −30.000" in page
    rows = table(auditor.get("/staff/statements/accounts/bank.csv?month=2026-11").text)
    assert rows[1][-1] == "60000"
    assert rows[-1][-1] == "97000"


@pytest.mark.parametrize(
    "address",
    ["accounts/nothing", "accounts/member", "accounts/held", "accounts/held?seller=x",
     "accounts/goodwill", "sellers/00000000-0000-7000-8000-000000000000"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(session: Session, auditor: FlaskClient, address: str):
    assert auditor.get(f"/staff/statements/{address}").status_code == 404
