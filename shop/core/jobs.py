"""Jobs: a huey queue wakes workers, the outbox and a timetable say what there is to do.

huey delivers at most once, so nothing lives only in it: a lost call costs a minute, not a mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from sqlalchemy.orm import Session

from shop.config import Config
from shop.core import clock, outbox
from shop.core.db import db
from shop.core.models import ScheduledRun

HEARTBEAT = "heartbeat"
ALIVE_FOR = timedelta(minutes=3)
log = structlog.get_logger()


@dataclass(frozen=True)
class Timed:
    """A job of the timetable: every `every`, or daily from `at` (Jakarta time) on."""

    run: Callable[[Session], None]
    every: timedelta | None = None
    at: time | None = None

    def due(self, last: datetime | None) -> bool:
        """Whether it should run now, given when it last ran. A missed run is made up once."""
        if last is None:
            return True
        if self.every is not None:
            return clock.now() - last >= self.every
        assert self.at is not None
        here = clock.now().astimezone(clock.WIB)
        planned = datetime.combine(here.date(), self.at, tzinfo=clock.WIB)
        if planned > here:
            planned -= timedelta(days=1)
        return last < planned


def make_queue(config: Config) -> Huey:
    """The queue: Redis where `REDIS_URL` is set, else a file of its own beside the database."""
    if config.redis_url:
        return RedisHuey("shop", url=config.redis_url)
    config.var.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("shop", filename=str(config.var / "jobs.db"))


def init_jobs(
    app: Flask,
    config: Config,
    handlers: Mapping[str, outbox.Handler],
    timetable: Mapping[str, Timed],
) -> None:
    """Register the two tasks, and wake the workers after commits that left work for them."""
    queue = make_queue(config)

    @queue.task(name="drain")  # type: ignore[untyped-decorator]
    def drain() -> None:
        with app.app_context():
            outbox.drain(db.session(), handlers)

    @queue.periodic_task(crontab(minute="*"), name="tick")  # type: ignore[untyped-decorator]
    def tick() -> None:
        with app.app_context():
            run_due(db.session(), timetable)
            outbox.drain(db.session(), handlers)

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
        row = session.get(ScheduledRun, name)
        last = row.last_run_at if row else None
        session.rollback()
        if not timed.due(last):
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


def mark(session: Session, name: str, error: str | None = None) -> None:
    """Write down that `name` ran now."""
    row = session.get(ScheduledRun, name)
    if row is None:
        session.add(ScheduledRun(name=name, last_run_at=clock.now(), last_error=error))
    else:
        row.last_run_at, row.last_error = clock.now(), error
    session.commit()


def alive(session: Session) -> bool:
    """Whether the workers gave a sign of life lately."""
    row = session.get(ScheduledRun, HEARTBEAT)
    return row is not None and clock.now() - row.last_run_at < ALIVE_FOR
