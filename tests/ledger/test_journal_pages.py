"""Staff take the journal out of the building, in the format and for the days they need."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.ledger.journal.export import Format
from tests.factories.journal import busy_journal
from tests.factories.people import make_person, signed_in
from tests.ledger.accountants import BOTH, check

pytestmark = pytest.mark.both
FILE = "/staff/ledger/journal/file"


@pytest.fixture
def auditor(app: Flask, session: Session) -> FlaskClient:
    person = make_person(session, Role.AUDITOR, name="Farhan")
    busy_journal(session)
    return signed_in(app, person)


def test_the_way_there_begins_where_sellers_are_paid(auditor: FlaskClient):
    assert "/staff/ledger/journal" in auditor.get("/staff/payouts").text
    page = auditor.get("/staff/ledger/journal").text
    for form in Format:
        assert f'value="{form}"' in page


@pytest.mark.parametrize(
    ("form", "kind", "name"),
    [
        (Format.BEANCOUNT, "text/plain", "journal.beancount"),
        (Format.HLEDGER, "text/plain", "journal.journal"),
        (Format.CSV, "text/csv", "journal.csv"),
        (Format.TRIAL_BALANCE, "text/plain", "journal-trial-balance.txt"),
        (Format.TRIAL_BALANCE_CSV, "text/csv", "journal-trial-balance.csv"),
    ],
)
def test_each_format_comes_as_a_file_while_it_is_read(
    auditor: FlaskClient, tmp_path: Path, form: Format, kind: str, name: str
):
    answer = auditor.get(FILE, query_string={"format": form.value})
    assert (answer.status_code, answer.mimetype, answer.is_streamed) == (200, kind, True)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.text.startswith("\ufeff") == (kind == "text/csv")
    assert "Assets:Bank" in answer.text
    assert "Rohana" not in answer.text
    if form in BOTH:
        check(form, answer.text, tmp_path)


def test_days_and_names_are_as_asked_for(auditor: FlaskClient):
    asked = {"format": "csv", "dari": "2026-11-02", "sampai": "2026-11-03", "nama": "y"}
    answer = auditor.get(FILE, query_string=asked)
    assert 'filename="journal-2026-11-02-2026-11-03.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert {row["day"] for row in rows} == {"2026-11-02", "2026-11-03"}
    assert "Rohana" in answer.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"format": "excel"}, "Pilih salah satu dari daftar."),
        ({"format": "csv", "dari": "2026-13-01"}, "Pilih tanggal"),
        (
            {"format": "csv", "dari": "2026-11-03", "sampai": "2026-11-02"},
            "Tanggal ini sebelum tanggal pertama.",
        ),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    auditor: FlaskClient, asked: dict[str, str], words: str
):
    answer = auditor.get(FILE, query_string=asked)
    assert answer.status_code == 422
    assert words in answer.text
    for value in asked.values():
        assert f'value="{value}"' in answer.text or value == "excel"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FINANCE, Role.ADMIN])
def test_who_accounts_for_the_money_may(app: Flask, session: Session, role: Role):
    client = signed_in(app, make_person(session, role))
    assert client.get(FILE, query_string={"format": "csv"}).status_code == 200


def test_others_may_not(app: Flask, session: Session, client: FlaskClient):
    facilitator = signed_in(app, make_person(session, Role.FACILITATOR))
    assert facilitator.get(FILE, query_string={"format": "csv"}).status_code == 403
    assert facilitator.get("/staff/ledger/journal").status_code == 403
    assert client.get(FILE, query_string={"format": "csv"}).status_code == 303
