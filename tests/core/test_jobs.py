"""The clock's jobs: at Jakarta time, made up once when missed, one process at a time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from shop.core import clock, jobs
from shop.core.jobs import OneAtATime, Timed
from shop.core.models import ScheduledRun

DAILY = time(0, 10)


def wib(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.WIB)


class Counter:
    """A job that counts its runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, session: Session) -> None:
        self.runs += 1


@pytest.mark.both
def test_a_daily_job_runs_at_jakartas_hour_on_any_machine(session: Session):
    count = Counter()
    table = {"daily": Timed(count, at=DAILY)}
    with clock.at(wib(24, 12, 0)):
        jobs.run_due(session, table)  # the first run of all
    with clock.at(datetime(2026, 11, 24, 17, 9, tzinfo=UTC)):  # 00.09 of the 25th in Jakarta
        jobs.run_due(session, table)
    assert count.runs == 1
    with clock.at(datetime(2026, 11, 24, 17, 10, tzinfo=UTC)):
        jobs.run_due(session, table)
        jobs.run_due(session, table)
    assert count.runs == 2


@pytest.mark.both
def test_missed_runs_are_made_up_once(session: Session):
    count = Counter()
    table = {"daily": Timed(count, at=DAILY), "often": Timed(count, every=timedelta(minutes=5))}
    with clock.at(wib(1, 12, 0)):
        jobs.run_due(session, table)
    with clock.at(wib(20, 12, 0)):  # the machine was off for nearly three weeks
        jobs.run_due(session, table)
        jobs.run_due(session, table)
    assert count.runs == 4


@pytest.mark.both
def test_a_job_that_fails_is_written_down_and_stops_no_other(session: Session, noon: datetime):
    count = Counter()

    def fail(inner: Session) -> None:
        inner.add(ScheduledRun(name="half done"))
        inner.flush()
        raise ValueError("no")

    jobs.run_due(session, {"bad": Timed(fail, at=DAILY), "good": Timed(count, at=DAILY)})
    assert count.runs == 1
    assert session.get_one(ScheduledRun, "bad").last_error == "ValueError: no"
    assert session.get(ScheduledRun, "half done") is None


@pytest.mark.both
def test_two_processes_run_a_job_once(session: Session, noon: datetime):
    """The rival ticks while the first one is at the job."""
    count = Counter()

    def slow(inner: Session) -> None:
        count(inner)
        inner.rollback()
        jobs.run_due(inner, table)

    table = {"job": Timed(slow, every=timedelta(minutes=1))}
    jobs.run_due(session, table)
    assert count.runs == 1


@pytest.mark.both
def test_a_job_whose_process_was_killed_is_run_again_after_its_lease(
    session: Session, noon: datetime
):
    class Killed(BaseException):
        pass

    def die(_session: Session) -> None:
        raise Killed

    count = Counter()
    with pytest.raises(Killed):
        jobs.run_due(session, {"job": Timed(die, at=DAILY)})
    session.rollback()
    table = {"job": Timed(count, at=DAILY)}
    with clock.at(noon + jobs.LEASE - timedelta(seconds=1)):
        jobs.run_due(session, table)
    assert count.runs == 0
    with clock.at(noon + jobs.LEASE):
        jobs.run_due(session, table)
    assert count.runs == 1


@pytest.mark.both
def test_workers_count_as_alive_for_a_few_minutes_after_their_last_sign(
    session: Session, noon: datetime
):
    assert not jobs.alive(session)
    jobs.run_due(session, {})
    assert jobs.alive(session)
    with clock.at(noon + jobs.ALIVE_FOR):
        assert not jobs.alive(session)


def test_a_job_without_a_time_is_refused():
    with pytest.raises(ValueError, match="every"):
        Timed(Counter()).due(clock.now())


def test_work_runs_in_one_thread_and_once_more_for_calls_made_meanwhile():
    started, go_on = threading.Event(), threading.Event()
    runs: list[int] = []

    def work() -> None:
        runs.append(threading.get_ident())
        started.set()
        assert go_on.wait(10)

    once = OneAtATime(work)
    thread = threading.Thread(target=once)
    thread.start()
    assert started.wait(10)
    for _ in range(5):
        once()
    assert len(runs) == 1
    go_on.set()
    thread.join()
    assert runs == [runs[0]] * 2


def test_work_that_fails_leaves_the_way_free():
    def fail() -> None:
        raise ValueError

    once = OneAtATime(fail)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            once()
