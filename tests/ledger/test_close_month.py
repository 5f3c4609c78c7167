"""A month whose books are shut takes nothing any more."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.core import clock
from shop.ledger.close_month import EarlierOpen, NotOver, close_month
from shop.ledger.models import ClosedMonth
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from tests.factories.people import make_person, signed_in

pytestmark = pytest.mark.both
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
AT_NOON = datetime(2026, 11, 2, 5, tzinfo=UTC)


def booked(session: Session, at: datetime) -> None:
    with clock.at(at):
        legs = [Leg(AccountKind.BANK, 5), Leg(AccountKind.QRIS, -5)]
        post(session, EntryKind.MOVED, uuid.uuid4().hex, legs, About())


@pytest.fixture
def in_november(session: Session) -> Session:
    """Two entries in each of September and October, one in the last hour of each in Jakarta."""
    for moment in (
        datetime(2026, 9, 4, 5, tzinfo=UTC), datetime(2026, 9, 30, 16, 30, tzinfo=UTC),
        datetime(2026, 9, 30, 17, tzinfo=UTC), datetime(2026, 10, 31, 16, 59, tzinfo=UTC),
    ):  # fmt: skip
        booked(session, moment)
    return session


def test_what_is_shut_takes_no_entry_and_the_next_month_does(in_november: Session):
    with clock.at(AT_NOON):
        assert close_month(in_november, SEPTEMBER, None).entries == 2
    in_november.commit()
    with pytest.raises(DBAPIError, match="shut"):
        booked(in_november, datetime(2026, 9, 30, 16, 59, tzinfo=UTC))
    in_november.rollback()
    booked(in_november, datetime(2026, 9, 30, 17, 1, tzinfo=UTC))


def test_twice_is_once(in_november: Session):
    with clock.at(AT_NOON):
        first = close_month(in_november, SEPTEMBER, None)
        assert close_month(in_november, SEPTEMBER, None) is first
    assert in_november.scalar(select(func.count()).select_from(AuditLine)) == 1


def test_months_are_shut_one_after_the_other(in_november: Session):
    with clock.at(AT_NOON):
        with pytest.raises(EarlierOpen) as told:
            close_month(in_november, OCTOBER, None)
        assert told.value.month == SEPTEMBER
        close_month(in_november, SEPTEMBER, None)
        assert close_month(in_november, OCTOBER, None).entries == 2


def test_a_month_that_goes_on_stays_open(in_november: Session):
    with clock.at(datetime(2026, 10, 31, 16, 59, tzinfo=UTC)), pytest.raises(NotOver):
        close_month(in_november, OCTOBER, None)
    with pytest.raises(ValueError, match="begins no month"):
        close_month(in_november, date(2026, 9, 2), None)


def test_finance_shuts_on_the_page_and_others_only_look(app: Flask, in_november: Session):
    finance = signed_in(app, make_person(in_november, Role.FINANCE))
    auditor = signed_in(app, make_person(in_november, Role.AUDITOR))
    in_november.commit()
    page = finance.get("/staff/ledger/months").text
    assert page.count("/close") == 1
    assert "September 2026" in page
    assert "/close" not in auditor.get("/staff/ledger/months").text
    assert auditor.post("/staff/ledger/months/2026-09/close").status_code == 403
    early = finance.post("/staff/ledger/months/2026-10/close")
    assert early.status_code == 409
    assert "Tutup dulu buku September 2026." in early.text
    for _ in range(2):
        assert finance.post("/staff/ledger/months/2026-09/close").status_code == 303
    assert "Ditutup" in finance.get("/staff/ledger/months").text
    for wrong in ("2026-13", "x", "2026-9"):
        assert finance.post(f"/staff/ledger/months/{wrong}/close").status_code == 404
    in_november.rollback()
    assert in_november.scalars(select(ClosedMonth.month)).all() == [SEPTEMBER]
