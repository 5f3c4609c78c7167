"""S27: the settings that keep money safe stand on every connection; reading cannot write."""

from __future__ import annotations

import importlib.util
import statistics
import threading
import time

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop.core.connections import sqlite_is_sound, sqlite_module
from shop.core.db import db, only_reading
from shop.core.models import ScheduledRun

WRITERS, TURNS = 8, 40


@pytest.mark.skipif(
    importlib.util.find_spec("pysqlite3") is None, reason="no wheel of pysqlite3 fits this Python"
)
def test_the_sqlite_in_use_is_free_of_the_wal_reset_fault():
    assert sqlite_module().sqlite_version_info >= (3, 51, 3)
    assert sqlite_is_sound()


def test_every_pooled_connection_of_sqlite_is_safe(app: Flask):
    connections = [db.engine.raw_connection() for _ in range(12)]
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    try:
        for connection in connections:
            cursor = connection.cursor()
            for pragma, value in wanted.items():
                cursor.execute(f"PRAGMA {pragma}")
                row = cursor.fetchone()
                assert row is not None
                assert row[0] == value, pragma
    finally:
        for connection in connections:
            connection.close()


def test_foreign_keys_are_enforced(session: Session):
    with pytest.raises(DBAPIError):
        session.execute(text("INSERT INTO renditions VALUES ('00', 320, 'webp', 200, 10)"))


@pytest.mark.both
def test_a_get_that_tries_to_write_is_refused_by_the_database(app: Flask):
    with app.test_request_context("/", method="GET"):
        db.session.add(ScheduledRun(name="sly"))
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            db.session.commit()
        db.session.rollback()
    with app.test_request_context("/", method="POST"):
        assert db.session.get(ScheduledRun, "sly") is None
        db.session.add(ScheduledRun(name="open"))
        db.session.commit()
    with app.test_request_context("/", method="GET"):
        assert db.session.get(ScheduledRun, "open") is not None


@pytest.mark.both
def test_only_reading_refuses_to_write_outside_of_a_request_too(session: Session):
    with only_reading():
        session.add(ScheduledRun(name="sly"))
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            session.flush()
    session.add(ScheduledRun(name="open"))
    session.commit()


def test_a_long_read_keeps_no_writer_waiting(app: Flask):
    reading, written = threading.Event(), threading.Event()

    def read() -> None:
        with app.app_context(), only_reading():
            db.session.execute(text("SELECT count(*) FROM people"))
            reading.set()
            assert written.wait(10)

    reader = threading.Thread(target=read)
    reader.start()
    assert reading.wait(10)
    db.session.add(ScheduledRun(name="quick"))
    db.session.commit()
    written.set()
    reader.join()


@pytest.mark.both
def test_two_connections_in_one_thread_never_wait_for_each_other_for_ever(app: Flask):
    db.session.execute(text("SELECT 1"))
    other = Session(db.engine)
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(RuntimeError, match="another connection"):
            other.execute(text("SELECT 1"))
    else:
        other.execute(text("SELECT 1"))
    other.close()


def test_writers_are_served_in_turn_and_none_waits_long(app: Flask):
    """Each turn reads a number and writes it back plus one: a lost turn would show, too."""
    db.session.execute(text("INSERT INTO scheduled_runs (name, last_error) VALUES ('n', '0')"))
    db.session.commit()
    waits: list[float] = []

    def write() -> None:
        for _ in range(TURNS):
            began = time.perf_counter()
            with app.app_context():
                row = db.session.get_one(ScheduledRun, "n")
                row.last_error = str(int(row.last_error or 0) + 1)
                db.session.commit()
            waits.append(time.perf_counter() - began)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert db.session.get_one(ScheduledRun, "n").last_error == str(WRITERS * TURNS)
    assert len(waits) == WRITERS * TURNS
    assert statistics.quantiles(waits, n=100)[98] < 1.0
