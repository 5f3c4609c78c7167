"""However many orders lie behind, the database does the same work for a page.

Work is counted, not timed: steps of SQLite's virtual machine, rows touched by PostgreSQL's plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core.db import db
from shop.orders import queries_counts, queries_staff
from tests.factories.people import make_person, signed_in
from tests.ops.many_orders import Stage, addresses, fill, set_stage

pytestmark = [pytest.mark.both, pytest.mark.slow]

YOUNG, OLD = 1_000, 5_000
MOST = 1.5
_READS = ("SELECT", "WITH")


class Work:
    """What the database does for a page, in its own units."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.stage: Stage = set_stage(session)
        self._seller = signed_in(app, session.get_one(Person, self.stage.owners[3]))
        self._staff = signed_in(app, make_person(session, Role.MANAGER))

    def grow(self, session: Session, number: int) -> None:
        """Let the shop have so many orders."""
        fill(session, self.stage, number)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))

    def of_pages(self, *names: str) -> dict[str, int]:
        """Units of work by page."""
        found = {}
        for name, address in addresses(self.stage, 3, 40).items():
            if not names or name in names:
                staff = address.startswith("/staff")
                found[name] = self._of(self._staff if staff else self._seller, address)
        return found

    def _of(self, client: FlaskClient, address: str) -> int:
        client.get(address)  # templates and words are read once
        with counted() as total:
            assert client.get(address).status_code == 200
        return total()


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Count the work inside the block."""
    asked: list[tuple[str, Any]] = []
    steps = [0]

    def step() -> int:
        steps[0] += 10
        return 0

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if connection.dialect.name == "sqlite":
            connection.connection.dbapi_connection.set_progress_handler(step, 10)
        elif statement.lstrip().upper().startswith(_READS):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield lambda: steps[0] + sum(_rows(*one) for one in asked)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _rows(statement: str, parameters: Any) -> int:
    """Rows that PostgreSQL touches for a statement; it may read a table whole only if it must."""
    with db.engine.connect() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}"
        (plan,) = connection.exec_driver_sql(explain, parameters).scalar_one()
    return _touched(plan["Plan"])


def _touched(node: dict[str, Any]) -> int:
    here = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(here * node["Actual Loops"]) + sum(map(_touched, node.get("Plans", [])))


def test_an_old_shop_works_no_harder_for_a_page_than_a_young_one(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    work = Work(app, session)
    work.grow(session, YOUNG)
    young = work.of_pages()
    monkeypatch.setattr(queries_staff, "MOST_COUNTED", 10**8)
    monkeypatch.setattr(queries_counts, "MOST_COUNTED", 10**8)
    counting_young = work.of_pages("staff: all", "seller: done")
    monkeypatch.undo()
    work.grow(session, OLD)
    old = work.of_pages()

    worse = {
        name: (before, old[name]) for name, before in young.items() if old[name] > MOST * before
    }
    assert worse == {}
    assert min(young.values()) > 10  # something was counted at all

    monkeypatch.setattr(queries_staff, "MOST_COUNTED", 10**8)
    monkeypatch.setattr(queries_counts, "MOST_COUNTED", 10**8)
    counting_old = work.of_pages("staff: all", "seller: done")
    for name, before in counting_young.items():  # counting everything would have been seen
        assert counting_old[name] > MOST * before, name
