"""A gateway pays into the bank: by day, less its fee, once, and what differs is in sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.core import clock
from shop.ledger.models import Account, Entry
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.acquire import NotYet, OtherFigures, Sheet, acquire, undo
from shop.payments.check_gateway import check_gateway
from shop.payments.models_gateway import Acquired
from shop.payments.queries_gateway import gateway_days
from shop.payments.states import Method
from tests.factories.payments import make_paid
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.gateway_shop import with_midtrans

pytestmark = pytest.mark.both
WEDNESDAY = date(2026, 11, 25)
URL = "/staff/payments/acquired"


@pytest.fixture(autouse=True)
def _at_noon(noon: object) -> None:
    """Everything here happens at one moment."""


@pytest.fixture
def finance(app: Flask, session: Session) -> Iterator[FlaskClient]:
    with with_midtrans(app):
        yield signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))


def sold(session: Session, amount: int = 100_000) -> None:
    """Money that came by code today."""
    make_paid(session, (make_seller(session), amount), method=Method.GATEWAY)
    session.commit()


def sheet(**other: Any) -> Sheet:
    return Sheet(
        **{"provider": "midtrans", "day": WEDNESDAY, "gross": 100_000, "fee": 700,
           "reference": "TRX 1"} | other
    )  # fmt: skip


def typed(**other: str) -> dict[str, str]:
    return {
        "day": "2026-11-25", "gross": "100.000", "fee": "700", "credited": "99.300",
        "reference": "TRX 1",
    } | other  # fmt: skip


def faults(session: Session) -> list[object]:
    session.expire_all()
    return [finding for finding in check_gateway(session) if finding.faults]


def test_the_bank_gets_the_net_and_the_fee_is_an_expense(session: Session):
    sold(session)
    acquire(session, sheet(), person_id=None)
    found = [balance(session, kind) for kind in (A.BANK, A.ACQUIRING, A.GATEWAY)]
    assert found == [99_300, 700, 0]
    assert sum(session.scalars(select(Account.balance))) == 0
    assert "gateway.acquired" in session.scalars(select(AuditLine.action)).all()
    assert faults(session) == []


def test_the_same_line_again_changes_nothing(session: Session):
    sold(session)
    first = acquire(session, sheet(), person_id=None)
    assert acquire(session, sheet(), person_id=None).id == first.id
    assert balance(session, A.BANK) == 99_300
    with pytest.raises(OtherFigures):
        acquire(session, sheet(fee=800), person_id=None)


def test_a_day_can_be_paid_in_two_lines(session: Session):
    sold(session)
    acquire(session, sheet(gross=60_000, fee=420), person_id=None)
    acquire(session, sheet(gross=40_000, fee=280, reference="TRX 2"), person_id=None)
    (day,) = gateway_days(session)
    assert (day.came, day.gross, day.difference) == (100_000, 100_000, 0)


def test_a_day_that_has_not_come_is_refused(session: Session):
    with pytest.raises(NotYet):
        acquire(session, sheet(day=WEDNESDAY + timedelta(days=1)), person_id=None)


def test_what_differs_is_in_sight(session: Session, finance: FlaskClient):
    sold(session)
    assert finance.post(URL, data=typed(gross="90.000", credited="89.300")).status_code == 303
    (day,) = gateway_days(session)
    assert day.difference == 10_000
    page = finance.get(URL).text
    assert "<strong>Rp10.000</strong>" in page
    assert "Rp10.000 belum dibayar perusahaan QRIS" in page


def test_a_wrong_line_is_undone_and_booked_anew(session: Session, finance: FlaskClient):
    sold(session)
    finance.post(URL, data=typed())
    row = session.scalars(select(Acquired)).one()
    for _ in range(2):
        finance.post(f"{URL}/{row.id}/undo")
    session.rollback()
    assert (balance(session, A.BANK), balance(session, A.GATEWAY)) == (0, 100_000)
    assert session.scalars(select(Entry.kind).where(Entry.reverses_id.is_not(None))).one()
    assert finance.post(URL, data=typed(fee="650", credited="99.350")).status_code == 303
    session.rollback()
    assert balance(session, A.BANK) == 99_350
    assert faults(session) == []


def test_undoing_twice_reverses_once(session: Session):
    made = acquire(session, sheet(), person_id=None).id
    assert undo(session, made, person_id=None)
    assert not undo(session, made, person_id=None)
    assert balance(session, A.GATEWAY) == 0


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"credited": "99.000"}, "Bruto dikurangi biaya adalah Rp99.300"),
        ({"fee": ""}, "Isi jumlahnya"),
        ({"gross": "0"}, "gross-fault"),
        ({"gross": "banyak"}, "gross-fault"),
        ({"day": "2026-11-26"}, "Hari ini belum datang"),
        ({"day": "besok"}, "day-fault"),
        ({"reference": ""}, "reference-fault"),
    ],
)
def test_faults_stand_beside_their_fields_and_nothing_is_lost(
    session: Session, finance: FlaskClient, other: dict[str, str], words: str
):
    answer = finance.post(URL, data=typed(**other))
    assert answer.status_code == 422
    assert words in answer.text
    for name, value in typed(**other).items():
        if name not in ("day", "gross"):
            assert f'value="{value}"' in answer.text
    assert session.scalar(select(Acquired.id)) is None


def test_other_figures_are_refused_with_words(session: Session, finance: FlaskClient):
    finance.post(URL, data=typed())
    again = finance.post(URL, data=typed(fee="800", credited="99.200"))
    assert again.status_code == 422
    assert "sudah dicatat dengan angka lain" in again.text
    assert finance.post(URL, data=typed()).status_code == 303
    assert clock.today() == WEDNESDAY


def test_the_check_finds_a_line_that_is_not_in_the_books(session: Session):
    session.add(
        Acquired(provider="midtrans", day=WEDNESDAY, reference="X", gross=5, fee=0)  # planted
    )
    session.flush()
    assert len(faults(session)) == 1
