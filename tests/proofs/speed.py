"""Checkouts a second, beside the floor: `make checkout-speed`.

A checkout is the use case `checkout.place` and its commit, as the server calls it: two sellers,
three things, by transfer. The floor inserts the very rows that such a checkout leaves behind, bare,
with new ids, table by table in one transaction, through the same connections. Both are done by 16
clients at once: on SQLite by 16 threads of one process, on PostgreSQL by 4 threads of each of 4
processes, as `shop serve --workers 4` would. The PostgreSQL server is one of its own that writes
to the disk at every commit, as SQLite does.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from multiprocessing.queues import Queue
from typing import Any

os.environ.setdefault("SHOP_QUICK_HASHES", "1")

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from shop import create_app
from shop.catalog import stock
from shop.catalog.models import Variant
from shop.config import read_config
from shop.core import ids
from shop.core.db import Base, db, only_reading
from shop.orders.checkout import place
from shop.orders.models import Order
from shop.payments.models import Payment
from tests import databases
from tests.catalog.offered import offer
from tests.factories.orders import filled_in
from tests.factories.sellers import make_seller
from tests.proofs.postgres import durable
from tests.proofs.stage import opened

CLIENTS = 16
SECONDS = 8.0
LEAST_RATIO = 0.4
_SELLERS, _THINGS = 20, 6
_PROCESSES = {"sqlite": 1, "postgresql": 4}

Rows = Sequence[tuple[str, Sequence[Mapping[str, Any]]]]
"""The rows of one checkout, by the name of their table."""
Once = Callable[[], object]


@dataclass(frozen=True)
class Speed:
    """Both in transactions a second."""

    database: str
    checkouts: float
    floor: float
    rows: int

    @property
    def ratio(self) -> float:
        """The part of the floor that checkouts reach."""
        return self.checkouts / self.floor


def measure(database: str, seconds: float = SECONDS) -> Speed:
    """Measure one after the other, in one shop."""
    with ExitStack() as stack:
        if database == "postgresql":
            server = stack.enter_context(durable())
            before = os.environ.get("TEST_POSTGRES_URL")
            os.environ["TEST_POSTGRES_URL"] = server
            stack.callback(_put_back, before)
        app, env = stack.enter_context(opened(database))
        with app.app_context():
            _fill(db.session())
            rows = _rows_of_one(db.session())
            db.session.remove()
            db.engine.dispose()
        return Speed(
            database,
            checkouts=_rate(database, env, seconds, None),
            floor=_rate(database, env, seconds, rows),
            rows=sum(len(of_table) for _, of_table in rows),
        )


def _put_back(url: str | None) -> None:
    os.environ.pop("TEST_POSTGRES_URL")
    if url is not None:
        os.environ["TEST_POSTGRES_URL"] = url


def _fill(session: Session) -> None:
    """Things at many prices: no more than 999 may wait for a transfer of about the same sum."""
    prices = itertools.count(10_000, 5_000)
    for _ in range(_SELLERS):
        seller = make_seller(session)
        for _ in range(_THINGS):
            variant = offer(session, seller, on_hand=0)
            variant.price = next(prices)  # type: ignore[assignment]
            stock.count(session, variant.id, 90_000, key=variant.id.hex, person_id=None)
    session.commit()


def _checkout(session: Session, variants: Sequence[Variant], dice: random.Random) -> None:
    one, other = dice.sample(range(_SELLERS), 2)
    first, second = dice.sample(variants[one * _THINGS : (one + 1) * _THINGS], 2)
    third = dice.choice(variants[other * _THINGS : (other + 1) * _THINGS])
    things = [(thing, dice.randint(1, 3)) for thing in (first, second, third)]
    place(session, filled_in(*things))
    session.commit()


def _rows_of_one(session: Session) -> Rows:
    """What one checkout adds to the database."""
    _checkout(session, _variants(session), random.Random(0))  # what stands once for all orders
    tables = Base.metadata.sorted_tables
    before = {table.name: _keys(session, table) for table in tables}
    _checkout(session, _variants(session), random.Random(1))
    found = []
    for table in tables:
        rows = session.execute(select(table)).mappings().all()
        fresh = [dict(row) for row in rows if _key(table, row) not in before[table.name]]
        if fresh:
            found.append((table.name, fresh))
    session.rollback()
    return found


def _variants(session: Session) -> Sequence[Variant]:
    found = session.scalars(select(Variant).order_by(Variant.price)).all()
    session.expunge_all()
    return found


def _keys(session: Session, table: Table) -> set[object]:
    return {_key(table, row) for row in session.execute(select(table)).mappings()}


def _key(table: Table, row: Mapping[str, Any]) -> object:
    return tuple(row[column.name] for column in table.primary_key)


def _rate(database: str, env: Mapping[str, str], seconds: float, rows: Rows | None) -> float:
    """Transactions a second: checkouts, or these rows inserted."""
    apart = multiprocessing.get_context("spawn")
    processes = _PROCESSES[database]
    counts: Queue[int] = apart.Queue()
    start = apart.Barrier(processes)
    workers = [
        apart.Process(
            target=_work, args=(env, CLIENTS // processes, seconds, rows, seed, start, counts)
        )
        for seed in range(processes)
    ]
    for worker in workers:
        worker.start()
    total = sum(counts.get(timeout=seconds + 120) for _ in workers)
    for worker in workers:
        worker.join()
    return total / seconds


def _work(
    env: Mapping[str, str],
    threads: int,
    seconds: float,
    rows: Rows | None,
    seed: int,
    start: Any,
    counts: Queue[int],
) -> None:
    app = create_app(replace(read_config(env), testing=True))
    done = [0] * threads
    with app.app_context(), only_reading():
        variants = _variants(db.session())
    gate = threading.Barrier(threads + 1)

    def client(number: int) -> None:
        try:
            work(number)
        except BaseException:
            gate.abort()  # nobody waits for one who will not come
            raise

    def work(number: int) -> None:
        dice = random.Random(seed * 1_000 + number)
        with app.app_context():
            once: Once = (
                (lambda: _checkout(db.session(), variants, dice)) if rows is None
                else (lambda: _insert(rows, dice))
            )  # fmt: skip
            once()  # warm
            gate.wait()
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                once()
                done[number] += 1
            db.session.remove()

    clients = [threading.Thread(target=client, args=(number,)) for number in range(threads)]
    for thread in clients:
        thread.start()
    start.wait()
    gate.wait()
    for thread in clients:
        thread.join()
    counts.put(sum(done))


def _insert(rows: Rows, dice: random.Random) -> None:
    """The same rows once more, with ids, keys and sums of their own."""
    fresh: dict[str, str] = {}
    with db.engine.begin() as connection:
        for name, of_table in rows:
            table = Base.metadata.tables[name]
            connection.execute(insert(table), [_anew(table, row, fresh, dice) for row in of_table])


def _anew(
    table: Table, row: Mapping[str, Any], fresh: dict[str, str], dice: random.Random
) -> dict[str, Any]:
    (key,) = table.primary_key
    if isinstance(row[key.name], uuid.UUID):
        fresh.setdefault(row[key.name].hex, ids.new_id().hex)
    values = {name: _with_fresh_ids(value, fresh) for name, value in row.items()}
    if table is Order.__table__:
        values |= {"token": ids.new_token(), "key": ids.new_token(), "number": ids.new_number()}
    if table is Payment.__table__:
        values["amount"] = dice.randint(10**6, 10**9)  # no two may wait for one sum
    return values


def _with_fresh_ids(value: Any, fresh: Mapping[str, str]) -> Any:
    if isinstance(value, uuid.UUID):
        return uuid.UUID(fresh.get(value.hex, value.hex))
    if isinstance(value, str):
        for old, new in fresh.items():
            value = value.replace(old, new)
    return value


def main() -> int:
    """Measure what is asked for, print it, and keep it in `build/figures/checkout-speed.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--database", nargs="*", default=list(_PROCESSES))
    asked = parser.parse_args()
    speeds = [measure(database, asked.seconds) for database in asked.database]
    print("| database | checkouts/s at 16 at once | bare inserts of the same rows/s | ratio |")
    print("| --- | --- | --- | --- |")
    for speed in speeds:
        print(
            f"| {speed.database} | {speed.checkouts:.0f} | {speed.floor:.0f} ({speed.rows} rows) "
            f"| {speed.ratio:.2f} |"
        )
    figures = databases.BUILD / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(speed) | {"ratio": speed.ratio} for speed in speeds], indent=1)
    (figures / "checkout-speed.json").write_text(text + "\n")
    return 0 if all(speed.ratio >= LEAST_RATIO for speed in speeds) else 1


if __name__ == "__main__":
    raise SystemExit(main())
