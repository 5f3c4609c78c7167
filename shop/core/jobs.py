"""Jobs: a huey queue wakes workers, the outbox and a timetable say what there is to do.

huey delivers at most once, so nothing lives only in it: a lost call costs a minute, not a mail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import CursorResult, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock, outbox
from shop.core.db import db
from shop.core.models import ScheduledRun

HEARTBEAT = "heartbeat"
ALIVE_FOR = timedelta(minutes=3)
LEASE = timedelta(minutes=5)
"""How long a timed job may take before another process takes it for dead and runs it again."""
_FORGOTTEN_AFTER_SECONDS = 120
log = structlog.get_logger()


@dataclass(frozen=True)
class Timed:
    """A job of the timetable: every `every`, or daily from `at` (Jakarta time) on."""

    run: Callable[[Session], object]
    every: timedelta | None = None
    at: time | None = None

    def due(self, last: datetime | None) -> bool:
        """Whether it should run now, given when it last ran. A missed run is made up once."""
        if last is None:
            return True
        if self.every is not None:
            return clock.now() - last >= self.every
        if self.at is None:
            raise ValueError("a timed job needs `every` or `at`")
        here = clock.now().astimezone(clock.WIB)
        planned = datetime.combine(here.date(), self.at, tzinfo=clock.WIB)
        if planned > here:
            planned -= timedelta(days=1)
        return last < planned


class OneAtATime:
    """Runs `work` in at most one thread of this process, once more for calls made meanwhile.

    So a long row of messages keeps one worker busy, and the other stays free for the clock.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._asked = threading.Event()
        self._busy = threading.Lock()

    def __call__(self) -> None:
        """Do the work, or leave it to the thread that is at it."""
        self._asked.set()
        while self._asked.is_set() and self._busy.acquire(blocking=False):
            try:
                self._asked.clear()
                self._work()
            finally:
                self._busy.release()


def make_queue(config: Config) -> Huey:
    """The queue: Redis where `REDIS_URL` is set, else a file of its own beside the database."""
    if config.redis_url:
        return RedisHuey("shop", url=config.redis_url, results=False)
    config.var.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("shop", filename=str(config.var / "jobs.db"), results=False)


def init_jobs(
    app: Flask,
    config: Config,
    handlers: Mapping[str, outbox.Handler],
    timetable: Mapping[str, Timed],
) -> None:
    """Register the two tasks, and wake the workers after commits that left work for them."""
    queue = make_queue(config)

    def drain_outbox() -> None:
        with app.app_context():
            outbox.drain(db.session(), handlers)

    drain_once = OneAtATime(drain_outbox)

    @queue.task(name="drain", expires=_FORGOTTEN_AFTER_SECONDS)
    def drain() -> None:
        drain_once()

    @queue.periodic_task(crontab(minute="*"), name="tick", expires=_FORGOTTEN_AFTER_SECONDS)
    def tick() -> None:
        with app.app_context():
            run_due(db.session(), timetable)
        drain_once()

    app.extensions["jobs"] = queue
    app.extensions["jobs_tick"] = tick

    def wake() -> None:
        try:
            drain()
        except Exception as error:  # noqa: BLE001 - the work is safe in the outbox
            log.warning("workers not woken", error=type(error).__name__)

    app.extensions["jobs_wake"] = wake


def run_due(session: Session, timetable: Mapping[str, Timed]) -> None:
    """Run what the timetable says is due, each job in its own transaction."""
    mark(session, HEARTBEAT)
    for name, timed in timetable.items():
        if not _claim(session, name, timed):
            continue
        error: str | None = None
        try:
            timed.run(session)
            session.commit()
        except Exception as fault:  # noqa: BLE001 - one bad job must not stop the others
            session.rollback()
            error = f"{type(fault).__name__}: {fault}"[:500]
            log.error("timed job failed", job=name, error=type(fault).__name__)
        mark(session, name, error)


def _claim(session: Session, name: str, timed: Timed) -> bool:
    """Take `name` for this process if it is due and nobody is at it."""
    row = session.get(ScheduledRun, name, populate_existing=True)
    if row is None:
        session.add(ScheduledRun(name=name))
        try:
            session.flush()
        except IntegrityError:  # another process wrote it at this moment and runs it
            session.rollback()
            return False
    last = row.last_run_at if row else None
    if not timed.due(last):
        session.rollback()
        return False
    now = clock.now()
    claimed = cast(
        "CursorResult[Any]",
        session.execute(
            update(ScheduledRun)
            .where(
                ScheduledRun.name == name,
                ScheduledRun.last_run_at.is_not_distinct_from(last),
                or_(ScheduledRun.claimed_until.is_(None), ScheduledRun.claimed_until <= now),
            )
            .values(claimed_until=now + LEASE)
            .execution_options(synchronize_session=False)
        ),
    )
    session.commit()
    return claimed.rowcount == 1


def mark(session: Session, name: str, error: str | None = None) -> None:
    """Write down that `name` ran now."""
    done = {"last_run_at": clock.now(), "last_error": error, "claimed_until": None}
    session.merge(ScheduledRun(name=name, **done))
    try:
        session.commit()
    except IntegrityError:  # another process wrote its first sign of life at this moment
        session.rollback()
        session.merge(ScheduledRun(name=name, **done))
        session.commit()


def alive(session: Session) -> bool:
    """Whether the workers gave a sign of life lately."""
    row = session.get(ScheduledRun, HEARTBEAT)
    last = row.last_run_at if row else None
    return last is not None and clock.now() - last < ALIVE_FOR
