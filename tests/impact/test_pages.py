from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.core.db import db
from shop.impact.tables import TABLES
from shop.sellers.models import SellerKind
from tests.factories.income import make_seller_of, noon_of, sell
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.factories.training import make_cohort, make_graduate

pytestmark = pytest.mark.both


@pytest.fixture
def manager(app: Flask, session: Session, noon: datetime) -> FlaskClient:
    """A manager's browser."""
    return signed_in(app, make_person(session, Role.MANAGER))


def programme(session: Session) -> None:
    """Thirty graduates who sold a year after, some in a group, over two years."""
    cohort = make_cohort(session)
    people = [make_graduate(session, cohort, name=f"Orang {n:02d}")[0] for n in range(30)]
    for number, person in enumerate(people[:24]):
        seller = make_seller_of(session, person)
        for month in range(1, 11):
            sell(session, seller, 50_000 + 10_000 * number, 2_500, when=noon_of(2026, month))
    group = make_seller_of(session, *people[24:], kind=SellerKind.GROUP)
    sell(session, group, 400_000, 20_000)
    session.commit()


def rows_of(client: FlaskClient, table: str, query: str = "") -> list[list[str]]:
    answer = client.get(f"/staff/impact/{table}.csv?{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def cells_of(page: str, caption: str) -> list[list[str]]:
    """The body cells of the table in the region named `caption`."""
    region = page.split(f'aria-label="Tabel: {caption}"', 1)[1].split("</table>", 1)[0]
    body = region.split("<tbody>", 1)[1]
    return [
        [_words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
    ]


def _words(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html).replace("*", "").strip()


def test_file_table_and_chart_say_the_same(session: Session, manager: FlaskClient) -> None:
    programme(session)
    query = "dari=2026-01&sampai=2026-11"
    page = manager.get(f"/staff/impact?{query}").get_data(as_text=True)
    file = rows_of(manager, "months", query)
    income = [int(row[3]) for row in file[1:]]
    assert income[0] == sum(47_500 + 10_000 * number for number in range(24))
    assert income[-1] == 380_000
    table = cells_of(page, "Pendapatan tiap bulan")
    assert [int(re.sub(r"\D", "", row[3])) for row in table] == income
    drawing = page.split('id="bulanan-isi-wide"', 1)[1].split("</svg>", 1)[0]
    heights = [float(h) for h in re.findall(r'<rect[^>]*height="([\d.]+)"', drawing)]
    assert len(heights) == len(income)
    for height, amount in zip(heights, income, strict=True):
        assert height / heights[0] == pytest.approx(amount / income[0], abs=0.01)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_has_its_file(session: Session, manager: FlaskClient, table: str) -> None:
    programme(session)
    rows = rows_of(manager, table)
    assert len(rows) > 1
    assert all(len(row) == len(rows[0]) for row in rows)


def test_no_name_runs_as_a_formula(session: Session, manager: FlaskClient) -> None:
    for name in ("=1+1", "+62", "-2", "@x", "\tx", "\rx", "Rohana"):
        make_seller(session, name)
    session.commit()
    names = {row[0] for row in rows_of(manager, "sellers")[1:]}
    assert names == {"'=1+1", "'+62", "'-2", "'@x", "'\tx", "'\rx", "Rohana"}


def test_empty_shop_has_a_page_in_words(manager: FlaskClient) -> None:
    answer = manager.get("/staff/impact")
    assert answer.status_code == 200
    assert "Belum ada lulusan yang bisa dihitung" in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_change_is_never_called_an_effect(
    app: Flask, session: Session, noon: datetime, language: str
) -> None:
    programme(session)
    person = make_person(session, Role.MANAGER)
    person.language = language
    page = signed_in(app, person).get("/staff/impact").get_data(as_text=True)
    said = re.sub(r"<[^>]*>", " ", page).lower()
    assert not re.search(r"dampak|impact|akibat|effect", said)
    assert ("perubahan sejak lulus" if language == "id" else "change since") in said


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.AUDITOR, 200), (Role.FINANCE, 200), (Role.FACILITATOR, 403)],
)
def test_who_may_see_income(
    app: Flask, session: Session, noon: datetime, role: Role, status: int
) -> None:
    client = signed_in(app, make_person(session, role))
    assert client.get("/staff/impact").status_code == status
    assert client.get("/staff/impact/sellers.csv").status_code == status
    assert client.post("/staff/impact").status_code == 405


def test_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/staff/impact").status_code == 303
    assert client.get("/staff/impact/months.csv").status_code == 303


def test_unknown_table_is_not_found(manager: FlaskClient) -> None:
    assert manager.get("/staff/impact/people.csv").status_code == 404


def test_few_statements_whatever_the_number_of_sellers(
    session: Session, manager: FlaskClient
) -> None:
    counts = []
    for _round in range(2):
        for kept in ("_login_user", "shop_settings"):
            g.pop(kept, None)  # all requests of a test share it
        session.rollback()
        programme(session)
        said: list[str] = []

        def hear(*about: Any, said: list[str] = said) -> None:
            said.append(about[2])

        event.listen(db.engine, "before_cursor_execute", hear)
        assert manager.get("/staff/impact").status_code == 200
        event.remove(db.engine, "before_cursor_execute", hear)
        counts.append(sum(s.lstrip().upper().startswith("SELECT") for s in said))
    assert counts[0] == counts[1] <= 13  # one of them counts the complaints for the tab
