"""Commits rows one by one, says each number after its commit: `python -m tests.proofs.committer N`.

It writes through the shop's own connections, to the database in DATABASE_URL. CARELESS=1 plants a
bug: commits are acknowledged before they are safe.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from sqlalchemy import create_engine, event, text

from shop.config import read_config
from shop.core.connections import engine_options, guard

TABLE = "CREATE TABLE acked (number integer PRIMARY KEY)"


def commit_many(count: int) -> None:
    """Commit the numbers from 1 to `count`, each in a transaction of its own."""
    config = read_config(os.environ)
    engine = create_engine(config.database_url, **engine_options(config))
    guard(engine)
    if os.environ.get("CARELESS"):
        event.listen(engine, "connect", _careless)
    with engine.connect() as connection:
        for number in range(1, count + 1):
            with connection.begin():
                connection.execute(text("INSERT INTO acked VALUES (:n)"), {"n": number})
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def _careless(connection: Any, _record: object) -> None:
    sqlite = "sqlite" in type(connection).__module__
    order = "PRAGMA synchronous=NORMAL" if sqlite else "SET synchronous_commit = off"
    connection.cursor().execute(order)
    if not sqlite:
        connection.commit()


if __name__ == "__main__":
    commit_many(int(sys.argv[1]))
    sys.stdin.read()  # stays until it is killed: a program that ends in order makes all sure
