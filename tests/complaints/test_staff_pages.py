"""Staff see what waits, longest first, and decide on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.complaints import queries
from shop.complaints.decide import refuse
from shop.complaints.models import Complaint
from shop.core import clock
from shop.core.settings import default_settings
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.states import DeliveryKind
from shop.payments.models import Refund
from shop.payments.states import Method
from tests.factories.complaints import ANSWERED, SAID, answered_complaint, open_complaint
from tests.factories.people import make_person, signed_in

LIST = "/staff/complaints"
WHY = "Fotonya jelas, dan penjual mengakuinya"


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    session.add(default_settings())
    return signed_in(app, make_person(session, Role.MANAGER, name="Yani"))


@pytest.fixture
def complaint(session: Session, browser: FlaskClient) -> Complaint:
    complaint = answered_complaint(session)
    session.commit()
    return complaint


def decision(complaint: Complaint, **fields: Any) -> dict[str, Any]:
    """A filled-in decision; `pieces` and `rupiah` are those of its one line."""
    line = complaint.part.lines[0].id.hex
    sums = {f"{name}_{line}": fields.pop(name) for name in ("pieces", "rupiah") if name in fields}
    return {"verdict": "some", "bearer": "seller", "reason": WHY} | sums | fields


def decide(browser: FlaskClient, complaint: Complaint, **fields: Any) -> Any:
    return browser.post(f"{LIST}/{complaint.id}/decide", data=decision(complaint, **fields))


def test_what_waits_longest_stands_first(browser: FlaskClient, session: Session, noon: datetime):
    with clock.at(noon - timedelta(days=3)):
        oldest = open_complaint(session)
    newest = answered_complaint(session)
    with clock.at(noon - timedelta(days=1)):
        middle, decided = open_complaint(session), open_complaint(session)
    refuse(session, decided.id, reason=WHY, person_id=None)
    session.commit()
    page = browser.get(LIST).text
    assert "3 keluhan menunggu keputusan" in page
    found = re.findall(rf'href="{LIST}/([0-9a-f-]{{36}})"', page)
    assert found == [str(c.id) for c in (oldest, middle, newest)]
    assert "3 hari" in page
    assert str(decided.id) in browser.get(f"{LIST}?state=refused").text
    assert "Tidak ada di bagian ini" in browser.get(f"{LIST}?state=granted").text
    assert browser.get(f"{LIST}?state=nonsense").status_code == 404
    desk = browser.get("/staff").text
    assert "3 keluhan diputuskan" in desk
    assert re.search(r'Keluhan<span class="n">3<', desk)


def test_both_sides_the_money_and_the_form(browser: FlaskClient, complaint: Complaint):
    page = browser.get(f"{LIST}/{complaint.id}").text
    for words in (SAID, ANSWERED, "Rp30.000", "Semua uangnya kembali ke pembeli"):
        assert words in page


def test_refused(browser: FlaskClient, complaint: Complaint, session: Session):
    answer = decide(browser, complaint, verdict="refuse")
    assert (answer.status_code, answer.location) == (303, f"{LIST}/{complaint.id}")
    session.expire_all()
    assert (complaint.state, complaint.part.state) == ("refused", "completed")
    page = browser.get(answer.location).text
    assert WHY in page
    assert "Simpan keputusan" not in page


def test_all_of_it_at_a_split_cost(browser: FlaskClient, complaint: Complaint, session: Session):
    decide(browser, complaint, verdict="all", bearer="split", share="10.000", restock="y")
    session.expire_all()
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.seller_share) == (30_000, 10_000)
    assert complaint.part.state == "returned"
    assert balance(session, A.GOODWILL) == 20_000


def test_a_piece_at_its_price(browser: FlaskClient, complaint: Complaint, session: Session):
    decide(browser, complaint, pieces="1")
    session.expire_all()
    assert session.scalars(select(Refund.amount)).all() == [15_000]
    assert (complaint.state, complaint.part.state) == ("granted", "completed")


def test_a_sum_of_ones_own_and_some_of_the_delivery(browser: FlaskClient, session: Session):
    complaint = open_complaint(session, delivery=DeliveryKind.DELIVERY)
    session.commit()
    decide(browser, complaint, rupiah="2.500", delivery="10000", bearer="programme")
    session.expire_all()
    assert session.scalars(select(Refund.amount)).all() == [12_500]
    assert balance(session, A.GOODWILL) == 12_500


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"verdict": "refuse", "reason": ""}, "Bagian ini perlu diisi."),
        ({"verdict": "refuse", "reason": "tidak"}, "paling sedikit tiga kata"),
        ({"verdict": "", "pieces": "1"}, "Pilih salah satu dari daftar."),
        ({"verdict": "burn", "pieces": "1"}, "Pilih salah satu dari daftar."),
        ({}, "Tulis berapa yang kembali"),
        ({"pieces": "3"}, "Isi angka dari 0 sampai 2."),
        ({"pieces": "-1"}, "Isi angka dari 0 sampai 2."),
        ({"pieces": "1.5"}, "Tulis angka saja"),
        ({"rupiah": "30.001"}, "Isi angka dari Rp0 sampai Rp30.000."),
        ({"rupiah": "1000000000"}, "Isi angka dari Rp0 sampai Rp30.000."),
        ({"pieces": "1", "delivery": "1"}, "Lebih dari ongkos antar yang dibayar."),
        ({"pieces": "1", "bearer": "split"}, "Tulis berapa yang ditanggung penjual."),
        ({"pieces": "1", "bearer": "split", "share": "15.001"}, "Paling banyak Rp15.000."),
        ({"verdict": "all", "bearer": "split", "share": "30.001"}, "Paling banyak Rp30.000."),
        ({"pieces": "1", "bearer": "buyer"}, "Pilih salah satu dari daftar."),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_lost(
    browser: FlaskClient, complaint: Complaint, session: Session, fields: dict[str, str], fault: str
):
    page = decide(browser, complaint, **fields)
    assert page.status_code == 422
    assert fault in page.text
    assert fields.get("reason", WHY) in page.text
    session.expire_all()
    assert (complaint.state, complaint.part.state) == ("answered", "disputed")
    assert session.scalars(select(Refund)).all() == []


def test_cash_that_is_not_written_down_is_asked_for(browser: FlaskClient, session: Session):
    complaint = open_complaint(session, method=Method.CASH, cash_received=False)
    session.commit()
    for fields in ({"verdict": "refuse"}, {"pieces": "1"}):
        page = decide(browser, complaint, **fields)
        assert page.status_code == 422
        assert "Penjual belum mencatat uang tunainya" in page.text
        assert "Simpan keputusan" in page.text
    session.expire_all()
    assert complaint.state == "open"


def test_a_second_decision_is_told_so(browser: FlaskClient, complaint: Complaint, session: Session):
    decide(browser, complaint, pieces="1")
    answer = decide(browser, complaint, verdict="all")
    assert "sudah diputuskan" in browser.get(answer.location).text
    assert session.scalars(select(Refund.amount)).all() == [15_000]


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.FINANCE, Role.AUDITOR])
def test_others_of_the_staff_do_not_decide(
    app: Flask, complaint: Complaint, session: Session, role: Role
):
    browser = signed_in(app, make_person(session, role))
    assert browser.get(LIST).status_code == 403
    assert browser.get(f"{LIST}/{complaint.id}").status_code == 403
    assert decide(browser, complaint, verdict="refuse").status_code == 403
    session.expire_all()
    assert complaint.state == "answered"


def test_an_unknown_one_is_not_there(browser: FlaskClient):
    assert browser.get(f"{LIST}/{uuid4()}").status_code == 404
    assert browser.post(f"{LIST}/{uuid4()}/decide").status_code == 404


@pytest.fixture
def planned(session: Session) -> Iterator[Session]:
    """A session whose database prefers an index to reading a whole small table."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET enable_seqscan = off"))
    return session


@pytest.mark.both
@pytest.mark.parametrize("corner", ["waiting", "refused"])
def test_the_list_is_read_by_its_index_page_by_page(
    planned: Session, monkeypatch: pytest.MonkeyPatch, corner: str
):
    for _ in range(3):
        found = open_complaint(planned)
        if corner == "refused":
            refuse(planned, found.id, reason=WHY, person_id=None)
    planned.flush()
    monkeypatch.setattr(queries, "A_PAGE", 2)
    pages = [queries.complaints(planned, corner, number) for number in (1, 2)]
    assert [len(page.rows) for page in pages] == [2, 1]
    assert {page.total for page in pages} == {3}
    states = ", ".join(f"'{state.value}'" for state in queries.CORNERS[corner])
    way = "ASC" if corner == "waiting" else "DESC"
    asked = f"SELECT id FROM complaints WHERE state IN ({states}) ORDER BY opened_at {way}, id"
    explain = "EXPLAIN QUERY PLAN" if planned.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    plan = " ".join(str(row) for row in planned.execute(text(f"{explain} {asked} LIMIT 20")))
    assert "ix_complaints_state" in plan or "uq_complaints_waiting" in plan
