"""A worker killed in the middle of its work loses none of it, with either queue."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import select

from shop import create_app
from shop.config import read_config
from shop.core import outbox
from shop.core.db import db
from shop.core.models import OutboxMessage, ScheduledRun
from tests.ops.worker import KIND
from tests.serving import free_port, shop_env

MESSAGES = 12


def wait_for(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.parametrize("queue", ["sqlite", "redis"])
def test_no_message_is_lost_when_its_worker_is_killed(
    tmp_path: Path, queue: str, request: pytest.FixtureRequest
):
    starts = tmp_path / "starts"
    env = shop_env(tmp_path, free_port(), SLOW_STARTS=str(starts))
    if queue == "redis":
        env["REDIS_URL"] = request.getfixturevalue("redis_url")
    app = create_app(replace(read_config(env), testing=True))

    def work() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.ops.worker"], env=env, stderr=subprocess.DEVNULL
        )

    with app.app_context():
        flask_migrate.upgrade()
        worker = work()
        for number in range(MESSAGES):
            outbox.send(db.session(), KIND, name=f"work {number}")
        db.session.commit()
        wait_for(starts.exists)
        worker.kill()
        worker.wait()
        db.session.rollback()
        assert db.session.scalars(select(OutboxMessage.done_at)).all() == [None] * MESSAGES
        db.session.rollback()
        worker = work()
        try:
            wait_for(lambda: done() == MESSAGES)
        finally:
            worker.kill()
            worker.wait()
        names = db.session.scalars(
            select(ScheduledRun.name).where(ScheduledRun.name.like("work %"))
        ).all()
        assert sorted(names) == sorted(f"work {number}" for number in range(MESSAGES))
        tries = starts.read_text().split("\n")[:-1]
        assert len(tries) == MESSAGES + 1, "only the killed one was tried twice"
        db.session.remove()
        db.engine.dispose()


def done() -> int:
    db.session.rollback()
    found = db.session.scalars(
        select(OutboxMessage.done_at).where(OutboxMessage.done_at.is_not(None))
    ).all()
    db.session.rollback()
    return len(found)
