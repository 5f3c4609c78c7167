"""Migrations: from nothing to head and back, and what they make is what the models say."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from shop import MIGRATIONS, create_app
from shop.core.db import Base, db
from tests import databases
from tests.conftest import config_for

pytestmark = pytest.mark.both


@pytest.fixture
def empty(database: str, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """An application on a database without a single table."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = os.environ.get("TEST_POSTGRES_URL")
        if not server:
            pytest.skip(databases.NO_POSTGRES)
        name = f"empty_{worker_id}"
        databases.recreate(server, name)
        url = databases.named(server, name)
    app = create_app(config_for(tmp_path, url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


_ENTRY = (
    "INSERT INTO entries (id, key, kind, occurred_at, month{more}) "
    "VALUES (:entry, 'paid:1', 'order_paid', '2026-10-07 03:00:00', '2026-10-01'{values})"
)
_ROWS_OF_0001 = (
    "INSERT INTO accounts (id, code, kind, balance, last_number) "
    "VALUES (:bank, 'bank', 'bank', 5, 1), (:fee, 'fee', 'fee', -5, 1)",
    "INSERT INTO postings (id, entry_id, account_id, number, amount, balance) "
    "VALUES (:one, :entry, :bank, 1, 5, 5), (:other, :entry, :fee, 1, -5, -5)",
    _ENTRY.format(more="", values=""),
    "INSERT INTO payout_batches (id, key, number, made_at) "
    "VALUES (:batch, 'k', '2026-10-09-1', '2026-10-09 03:00:00')",
)
_LEG_TOO_LATE = (
    "INSERT INTO postings (id, entry_id, account_id, number, amount, balance) "
    "VALUES (:batch, :entry, :bank, 2, 1, 6)"
)


def ours(name: str) -> bool:
    return not name.startswith(("product_search", "alembic_version", "sqlite_"))


def index_line(index: Mapping[str, Any]) -> str:
    options = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {options}"


def everything(connection: Connection) -> dict[str, Any]:
    """All tables with all that the database knows of them, comparable."""
    look = inspect(connection)
    return {
        name: {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in look.get_columns(name)
            ),
            "key": look.get_pk_constraint(name),
            "foreign": sorted(look.get_foreign_keys(name), key=str),
            "unique": sorted(look.get_unique_constraints(name), key=str),
            "checks": sorted((c["name"], c["sqltext"]) for c in look.get_check_constraints(name)),
            "indexes": sorted(index_line(index) for index in look.get_indexes(name)),
        }
        for name in sorted(look.get_table_names())
        if ours(name)
    }


def test_the_way_up_and_the_way_back(empty: Flask):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert len(everything(connection)) > 30
    flask_migrate.downgrade(revision="base")
    with db.engine.connect() as connection:
        assert [name for name in inspect(connection).get_table_names() if ours(name)] == []
        if connection.dialect.name == "postgresql":
            left = connection.execute(
                text(
                    "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
                    "WHERE nspname = 'public'"
                )
            )
            assert left.scalars().all() == []
    flask_migrate.upgrade()


def test_what_they_make_is_what_the_models_say(empty: Flask):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        migrated = everything(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            difference
            for difference in compare_metadata(context, Base.metadata)
            if "product_search" not in str(difference)
        ]
    assert differences == []
    with db.engine.begin() as connection:
        for name in migrated:
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON") if not cascade else None
            connection.exec_driver_sql(f"DROP TABLE {name}{cascade}")
        Base.metadata.create_all(connection)
        assert everything(connection) == migrated


def test_what_stood_before_stands_after_the_way_money_moves_got_room(empty: Flask):
    flask_migrate.upgrade(revision="0001")
    ids = {name: uuid.uuid4() for name in ("bank", "fee", "entry", "one", "other", "batch")}
    if db.engine.dialect.name == "sqlite":
        ids = {name: id_.hex for name, id_ in ids.items()}  # type: ignore[misc]
    with db.engine.begin() as connection:
        for statement in _ROWS_OF_0001:
            connection.execute(text(statement), ids)
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        entry = connection.execute(text("SELECT kind, note, reverses_id FROM entries")).one()
        assert tuple(entry) == ("order_paid", "", None)
        made, approved = connection.execute(
            text("SELECT made_at, approved_at FROM payout_batches")
        ).one()
        assert approved == made
    for statement in ("UPDATE entries SET note = 'x'", "DELETE FROM postings", _LEG_TOO_LATE):
        with db.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement), ids)


def test_a_shut_month_takes_no_entry_and_stays_shut(empty: Flask):
    flask_migrate.upgrade()
    new = {name: uuid.uuid4() for name in ("bank", "fee", "entry", "one", "other", "batch")}
    ids = {n: i.hex for n, i in new.items()} if db.engine.dialect.name == "sqlite" else new
    with db.engine.begin() as connection:
        connection.execute(text(_ROWS_OF_0001[0]), ids)
        connection.execute(
            text(
                "INSERT INTO closed_months (month, closed_at, entries) "
                "VALUES ('2026-10-01', '2026-11-02 00:00:00', 0)"
            )
        )
    with db.engine.connect() as connection:
        connection.execute(text(_ROWS_OF_0001[1]), ids)
        with pytest.raises(DBAPIError, match="shut"):
            connection.execute(text(_ENTRY.format(more=", note", values=", ''")), ids)
    with db.engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("DELETE FROM closed_months"))


def test_a_migration_that_fails_leaves_nothing_behind(
    empty: Flask, monkeypatch: pytest.MonkeyPatch
):
    def fail(_connection: Connection) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr("shop.migrations.by_hand._POSTGRESQL", ("SELECT no_such_column",))
    monkeypatch.setattr("shop.migrations.by_hand._SQLITE_LATE", "SELECT no_such_column")
    with pytest.raises(Exception, match="no_such_column"):
        flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_there_is_one_head(empty: Flask):
    assert len(ScriptDirectory(MIGRATIONS).get_heads()) == 1
