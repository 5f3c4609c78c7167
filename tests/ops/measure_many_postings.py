"""The books of a young shop and of an old one: `make many-postings` prints how long they take.

Statements, balances and postings in both shops in turn, so that whatever else the machine does
falls on both; then a whole check of the old one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("SHOP_QUICK_HASHES", "1")

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from shop.check import check_all
from shop.core.db import db, only_reading
from shop.core.i18n import compile_catalogues
from shop.ledger.check import check_books
from shop.ledger.models import Account
from shop.ledger.post import About, Leg, balance, post
from shop.ledger.statement import months_of, statement, statement_of
from shop.ledger.states import AccountKind, EntryKind
from tests import databases
from tests.factories.journal import long_journal
from tests.ops.measure_many_orders import leave_databases, new_application, settle_down

TARGET, CHECK_SECONDS = 1.5, 60
_WARM = 10
_IN_A_ROW = 3
"""A question is asked so often in a row, and the quickest counts: what else the machine does in a
millisecond falls out, what a seller's or a month's many postings cost does not.
"""


@dataclass
class Found:
    """What was measured on one database: ratios old to young of p99s and of medians, and so on."""

    database: str
    young: int
    old: int
    ratios: dict[str, float]
    medians: dict[str, float]
    p99_ms: dict[str, float]
    posted_a_second: float
    reads_of_a_balance: int
    check_seconds: float

    @property
    def holds(self) -> bool:
        """Whether all targets were met."""
        flat = all(ratio <= TARGET for ratio in self.ratios.values())
        return flat and self.check_seconds <= CHECK_SECONDS and self.reads_of_a_balance == 1


class Books:
    """A shop with so many postings, and what is asked of it."""

    def __init__(self, app: Flask, number: int) -> None:
        self.app = app
        with app.app_context():
            long_journal(db.session(), number)
            if db.engine.dialect.name == "postgresql":
                settle_down()
            self.sellers = list(
                db.session.scalars(
                    select(Account.seller_id).where(Account.kind == AccountKind.PAYABLE.value)
                )
            )
            db.session.remove()

    def seconds(self, chance: random.Random) -> dict[str, float]:
        """How long each question takes now."""
        seller = chance.choice(self.sellers)
        with self.app.app_context():
            session = db.session()
            months = months_of(session, seller)
            asked: dict[str, Callable[[], object]] = {
                "newest page of a statement": lambda: statement(session, seller),
                "a line of a month's statement": lambda: statement_of(session, seller, months[-1]),
                "balance of a seller": lambda: balance(session, AccountKind.PAYABLE, seller),
                "posting of one sale": lambda: _sell(session, seller),
            }
            took = {}
            for name, ask in asked.items():
                took[name] = min(_seconds_of(session, ask) for _ in range(_IN_A_ROW))
            # The first month of the young shop is not over: what a line of it costs is compared.
            took["a line of a month's statement"] /= len(
                statement_of(session, seller, months[-1]).lines
            )
            session.rollback()
            db.session.remove()
        return took

    def posted_a_second(self, number: int) -> float:
        """So many sales of three legs, each in a transaction of its own, then how many a second."""
        with self.app.app_context():
            began = time.perf_counter()
            for turn in range(number):
                _sell(db.session(), self.sellers[turn % len(self.sellers)])
                db.session.commit()
            took = time.perf_counter() - began
            db.session.remove()
        return number / took

    def reads_of_a_balance(self) -> int:
        """How many queries a seller's balance is; -1 where they do not go by an index."""
        plans: list[str] = []
        with self.app.app_context():
            session, sent = db.session(), list[tuple[str, object]]()

            def note(_c: object, _k: object, sql: str, values: object, *_: object) -> None:
                sent.append((sql, values))

            event.listen(db.engine, "before_cursor_execute", note)
            balance(session, AccountKind.PAYABLE, self.sellers[0])
            event.remove(db.engine, "before_cursor_execute", note)
            sqlite = db.engine.dialect.name == "sqlite"
            explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
            sent = [(sql, values) for sql, values in sent if sql.startswith("SELECT")]
            if not sqlite:  # of so few accounts it would rightly read all
                session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            for sql, values in sent:
                rows = session.connection().exec_driver_sql(explain + sql, values)  # type: ignore[arg-type]
                plans += [str(row[-1]) for row in rows]
            db.session.remove()
        return len(sent) if all("INDEX" in plan.upper() for plan in plans[:1]) else -1

    def check_seconds(self) -> float:
        """How long all of `shop check` takes. Raises `AssertionError` where the books are wrong.

        The journal is all that this shop has: that nobody paid for it is no fault here.
        """
        with self.app.app_context(), only_reading():
            began = time.perf_counter()
            check_all(db.session(), self.app.extensions["storage"])
            took = time.perf_counter() - began
            assert [found.line for found in check_books(db.session()) if found.faults] == []
        return took


def _seconds_of(session: Session, ask: Callable[[], object]) -> float:
    session.rollback()
    session.execute(select(1))
    began = time.perf_counter()
    ask()
    took = time.perf_counter() - began
    session.rollback()
    return took


def _sell(session: Session, seller: uuid.UUID) -> None:
    key = uuid.uuid4().hex
    legs = [
        Leg(AccountKind.BANK, 10_000), Leg(AccountKind.FEE, -300),
        Leg(AccountKind.PAYABLE, -9_700, seller),
    ]  # fmt: skip
    post(session, EntryKind.MOVED, f"measured:{key}", legs, About())


def measure(kind: str, young: int, old: int, times: int) -> Found:
    """Ask both shops in turn, print a row a question."""
    shops = {number: Books(new_application(kind, number), number) for number in (young, old)}
    took: dict[tuple[str, int], list[float]] = defaultdict(list)
    chance = random.Random(5)
    for turn in range(times + _WARM):
        for number in (young, old) if turn % 2 else (old, young):
            for name, seconds in shops[number].seconds(chance).items():
                if turn >= _WARM:
                    took[name, number].append(seconds)
    names = list(dict.fromkeys(name for name, _ in took))
    p99 = {key: statistics.quantiles(took[key], n=100, method="inclusive")[98] for key in took}
    found = Found(
        kind, young, old,
        {name: p99[name, old] / p99[name, young] for name in names},
        {
            name: statistics.median(took[name, old]) / statistics.median(took[name, young])
            for name in names
        },
        {name: p99[name, old] * 1000 for name in names},
        shops[old].posted_a_second(min(times, 500)),
        shops[old].reads_of_a_balance(),
        shops[old].check_seconds(),
    )  # fmt: skip
    print(f"\n{kind}, p99 ms at {young:,} and {old:,} postings")
    for name in names:
        holds = "" if found.ratios[name] <= TARGET else "MISSED"
        before, after = p99[name, young] * 1000, p99[name, old] * 1000
        print(f"{name:28} {before:7.2f} {after:7.2f}  {found.ratios[name]:5.2f} × "
              f"(medians {found.medians[name]:.2f} ×) {holds}")  # fmt: skip
    print(f"{found.posted_a_second:.0f} sales of 3 legs posted a second, one transaction each")
    print(f"a seller's balance: {found.reads_of_a_balance} indexed read")
    print(f"shop check: {found.check_seconds:.1f} s of {CHECK_SECONDS}")
    leave_databases([shop.app for shop in shops.values()])
    return found


def main() -> int:
    """Measure on both databases, or on those named; keep it in `build/figures`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--young", type=int, default=10_000)
    parser.add_argument("--old", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=300)
    asked = parser.parse_args()
    compile_catalogues()
    found = [measure(kind, asked.young, asked.old, asked.times) for kind in asked.database]
    figures = Path(databases.BUILD / "figures")
    figures.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(one) for one in found], indent=1)
    (figures / "many-postings.json").write_text(text + "\n")
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
