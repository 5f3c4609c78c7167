"""The journal leaves the building whole; programs nobody here wrote agree with each balance."""

from __future__ import annotations

import csv
import io
import re
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.db import db, only_reading
from shop.ledger.journal import queries
from shop.ledger.journal.chart import PLACES, account_name
from shop.ledger.journal.export import Format, export
from shop.ledger.journal.queries import Period
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind
from tests.factories.journal import BEGAN, NOTE, ODD, busy_journal, long_journal, post_odd
from tests.factories.planting import plant
from tests.ledger.accountants import BOTH, Refused, balances, check, tagged

pytestmark = pytest.mark.both

ALL = Period()
SLICES = (
    ALL,
    Period(first=date(2026, 11, 3)),
    Period(last=date(2026, 11, 3)),
    Period(date(2026, 11, 2), date(2026, 11, 9)),
    Period(date(2026, 11, 4), date(2026, 11, 4)),
)
WITH_NOTES = (*BOTH, Format.CSV)
ONE_LEG = "WHERE id = (SELECT id FROM postings ORDER BY number, id LIMIT 1)"


def written(
    session: Session, form: Format, period: Period = ALL, *, names: bool = False, title: str = "T"
) -> str:
    return "".join(export(session, form, period, title=title, names=names))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def ours(session: Session, last: date | None = None) -> dict[str, int]:
    """What we say every account holds at the end of a day."""
    if last is None:
        rows = session.execute(
            select(Account.kind, Account.seller_id, Account.member_id, Account.balance)
        )
    else:
        end = clock.day_start(date.fromordinal(last.toordinal() + 1))
        rows = session.execute(
            select(Account.kind, Account.seller_id, Account.member_id, func.sum(Posting.amount))
            .join(Posting, Posting.account_id == Account.id)
            .join(Entry, Entry.id == Posting.entry_id)
            .where(Entry.occurred_at < end)
            .group_by(Account.id, Account.kind, Account.seller_id, Account.member_id)
        )
    return {account_name(AccountKind(kind), *of): int(sum_) for kind, *of, sum_ in rows}


def not_zero(sums: dict[str, int]) -> dict[str, int]:
    return {account: amount for account, amount in sums.items() if amount}


@pytest.mark.parametrize("form", BOTH)
@pytest.mark.parametrize("period", SLICES, ids=str)
def test_both_programs_accept_it_and_agree_on_every_balance(
    session: Session, tmp_path: Path, form: Format, period: Period
):
    busy_journal(session)
    text = written(session, form, period, names=True, title=ODD)
    check(form, text, tmp_path)
    theirs, mine = balances(form, text, tmp_path), ours(session, period.last)
    assert not_zero(theirs) == not_zero(mine)
    assert len(not_zero(mine)) > 4
    assert set(theirs) <= set(mine)


@pytest.mark.parametrize("form", BOTH)
def test_an_empty_journal_is_one_too(session: Session, tmp_path: Path, form: Format):
    check(form, written(session, form), tmp_path)
    check(form, written(session, form, Period(date(2026, 1, 1), date(2026, 1, 2))), tmp_path)


@pytest.mark.parametrize("form", BOTH)
@pytest.mark.parametrize(
    "fault",
    [
        f"UPDATE postings SET amount = amount + 1 {ONE_LEG}",
        f"DELETE FROM postings {ONE_LEG}",
        "UPDATE accounts SET balance = balance + 1 WHERE code = 'bank'",
    ],
    ids=["out of balance", "a leg lost", "running balance wrong"],
)
def test_a_fault_in_the_books_is_refused_by_both(
    session: Session, tmp_path: Path, form: Format, fault: str
):
    busy_journal(session)
    check(form, written(session, form), tmp_path)
    plant(session, fault)
    with pytest.raises(Refused, match=r"(?i)balance"):
        check(form, written(session, form), tmp_path)


@pytest.mark.parametrize("form", BOTH)
def test_a_rupiah_too_much_in_a_balance_is_refused(session: Session, tmp_path: Path, form: Format):
    busy_journal(session)
    text = written(session, form)
    ends = list(re.finditer(r"(= |balance Assets:Bank )(\d+)", text))
    last = ends[-1]
    with pytest.raises(Refused):
        check(form, f"{text[: last.end()]}0{text[last.end() :]}", tmp_path)


@pytest.mark.parametrize("form", BOTH)
def test_odd_texts_come_back_as_they_were(session: Session, tmp_path: Path, form: Format):
    busy_journal(session)
    text = written(session, form, names=True)
    assert tagged(form, text, tmp_path, "note") == [NOTE]
    assert ODD in tagged(form, text, tmp_path, "key")


@pytest.mark.parametrize("form", BOTH)
def test_every_entry_tells_what_it_is_and_what_it_is_about(
    session: Session, tmp_path: Path, form: Format
):
    busy_journal(session)
    text = written(session, form)
    entries = session.execute(select(Entry.id, Entry.key, Entry.order_id, Entry.kind)).all()
    read = {name: tagged(form, text, tmp_path, name) for name in ("entry", "key", "order")}
    assert sorted(read["entry"]) == sorted(str(entry.id) for entry in entries)
    assert sorted(read["key"]) == sorted(entry.key for entry in entries)
    assert set(read["order"]) == {str(entry.order_id) for entry in entries if entry.order_id}
    assert all(entry.kind in text for entry in entries)


@pytest.mark.parametrize("form", Format)
def test_nobody_is_named_unless_that_is_asked_for(session: Session, form: Format):
    busy_journal(session)
    plain, named = written(session, form), written(session, form, names=True)
    names = ("Rohana", "Melur", "Yusni") if form in WITH_NOTES else ("Rohana", "Melur")
    assert [name for name in names if name in plain] == []
    assert [name for name in names if name in named] == list(names)


@pytest.mark.parametrize("form", Format)
def test_writing_it_twice_gives_the_same(session: Session, form: Format):
    busy_journal(session)
    assert written(session, form) == written(session, form)


def test_days_are_those_of_tanjungpinang(session: Session):
    with clock.at(datetime(2026, 11, 24, 17, 30, tzinfo=UTC)):
        post_odd(session, "k")
    session.commit()
    assert '2026-11-25 * "order_paid"' in written(session, Format.BEANCOUNT)
    assert "2026-11-25 * order_paid" in written(session, Format.HLEDGER)
    (row, _) = rows_of(written(session, Format.CSV))
    assert (row["day"], row["time"]) == ("2026-11-25", "2026-11-25T00:30:00+07:00")
    assert rows_of(written(session, Format.CSV, Period(last=date(2026, 11, 24)))) == []
    day = Period(date(2026, 11, 25), date(2026, 11, 25))
    assert len(rows_of(written(session, Format.CSV, day))) == 2


def test_the_table_has_every_leg_with_its_running_balance(session: Session):
    busy_journal(session)
    rows = rows_of(written(session, Format.CSV))
    legs = session.execute(select(func.count(), func.sum(Posting.amount))).one()
    assert len(rows) == legs[0]
    assert sum(int(row["amount"]) for row in rows) == 0
    ends = {row["account"]: int(row["balance"]) for row in rows}
    assert ends == ours(session)
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)


def test_a_part_of_the_table_begins_with_what_was_there(session: Session):
    busy_journal(session)
    rows = rows_of(written(session, Format.CSV, Period(first=date(2026, 11, 3))))
    opening = {row["account"]: int(row["amount"]) for row in rows if row["kind"] == "opening"}
    assert opening == not_zero(ours(session, date(2026, 11, 2)))
    ends = {row["account"]: int(row["balance"]) for row in rows}
    assert not_zero(ends) == not_zero(ours(session))


def test_a_key_that_a_spreadsheet_would_run_is_defused(session: Session):
    post_odd(session, "=1+1")
    session.commit()
    assert {row["key"] for row in rows_of(written(session, Format.CSV))} == {"'=1+1"}


@pytest.mark.parametrize("period", SLICES, ids=str)
def test_the_trial_balance_adds_up(session: Session, period: Period):
    busy_journal(session)
    (*rows, total) = rows_of(written(session, Format.TRIAL_BALANCE_CSV, period))
    ends = {row["account"]: int(row["closing"]) for row in rows}
    assert not_zero(ends) == not_zero(ours(session, period.last))
    for row in (*rows, total):
        moved = int(row["debit"]) - int(row["credit"])
        assert int(row["opening"]) + moved == int(row["closing"])
    assert total["account"] == "total"
    assert (total["opening"], total["closing"]) == ("0", "0")
    assert total["debit"] == total["credit"] == str(sum(int(row["debit"]) for row in rows))


def test_the_trial_balance_can_be_read_by_people(session: Session):
    post_odd(session, "k", amount=1_234_567)
    session.commit()
    assert written(session, Format.TRIAL_BALANCE).splitlines() == [
        "account                 debit     credit     closing",
        "Assets:Bank         1.234.567          0   1.234.567",
        "Income:UniqueCodes          0  1.234.567  -1.234.567",
        "total               1.234.567  1.234.567           0",
    ]


def test_a_name_of_several_lines_keeps_to_its_line(session: Session):
    busy_journal(session)
    plain, named = (written(session, Format.TRIAL_BALANCE, names=asked) for asked in (False, True))
    assert len(named.splitlines()) == len(plain.splitlines())


def test_every_kind_of_account_has_a_place_of_its_own():
    assert set(PLACES) == set(AccountKind)
    assert len(set(PLACES.values())) == len(PLACES)
    part = r"[A-Z0-9][A-Za-z0-9-]*"
    roots = r"(Assets|Liabilities|Equity|Income|Expenses)"
    for kind in AccountKind:
        name = account_name(kind, ids.new_id(), ids.new_id())
        assert re.fullmatch(rf"{roots}(:{part})+", name)


def test_what_is_posted_meanwhile_comes_next_time(
    app: Flask, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Balances are read first, entries after: nobody's posting may fall between the two."""
    busy_journal(session)

    def post_one() -> None:
        with app.app_context():
            post_odd(db.session(), "meanwhile")
            db.session.commit()

    def late(*arguments: Any, **more: Any) -> Iterator[queries.JournalEntry]:
        writer = threading.Thread(target=post_one)
        writer.start()
        writer.join(20)
        return queries.entries_of(*arguments, **more)

    with only_reading(), monkeypatch.context() as patched:
        patched.setattr("shop.ledger.journal.export.entries_of", late)
        text = written(session, Format.BEANCOUNT)
    assert "meanwhile" not in text
    check(Format.BEANCOUNT, text, tmp_path)
    assert "meanwhile" in written(session, Format.BEANCOUNT)


def test_a_long_journal_takes_no_more_memory_than_a_short_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "ROWS_AT_ONCE", 200)
    long_journal(session, 8_000)
    short = Period(last=BEGAN.date() + timedelta(days=1))
    _peak(session, short)
    assert _peak(session, ALL) < _peak(session, short) * 2


def _peak(session: Session, period: Period) -> int:
    """The most bytes that writing the journal held at a time."""
    tracemalloc.start()
    for _ in export(session, Format.CSV, period, title="T"):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
