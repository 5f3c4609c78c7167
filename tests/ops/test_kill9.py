"""S6: servers and workers are killed with -9 amid orders, hand-overs, refunds, photos and mail.

Each time another one: those that answer, the one that works beside them, or all at one blow. The
counts are printed and written to `build/figures/`. SHOP_KILL_ROUNDS asks for more rounds.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from shop import create_app
from shop.cli.prepare import prepare
from shop.config import read_config
from shop.core.db import db
from tests import databases
from tests.ops.counting import Count, count_up, finish_outbox
from tests.ops.rush import Rush, set_stage
from tests.ops.test_serve import descendants
from tests.serving import free_port, shop_env, stop, wait_until_up
from tests.stand_ins.smtp import SmtpStandIn

ROUNDS = int(os.environ.get("SHOP_KILL_ROUNDS", "12"))
KINDS = ("web", "jobs", "all")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]


class Kept:
    """A shop that is opened again whenever it ends, as systemd does with `Restart=always`."""

    def __init__(self, env: Mapping[str, str], module: str, *options: str) -> None:
        self._command = [sys.executable, "-m", module, "serve", *options]
        self._env, self._closing = dict(env), threading.Event()
        self.process = self._open()
        wait_until_up(env["BASE_URL"], self.process, seconds=60)
        self._keeper = threading.Thread(target=self._keep)
        self._keeper.start()

    def close(self) -> None:
        """End it for good."""
        self._closing.set()
        stop(self.process)
        self._keeper.join()

    def _open(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, env=self._env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _keep(self) -> None:
        while True:
            self.process.wait()
            if self._closing.wait(0.1):
                return
            self.process = self._open()


def kill(process: subprocess.Popen[bytes], which: str) -> None:
    """Kill `all` processes of the shop, those of its `web`, or its `jobs`, at one blow.

    None gets to say goodbye. What was not the whole is started anew by the one that is left.
    """
    jobs = {pid for pid in descendants(process.pid) if b"jobs" in _command(pid)}
    others = set(descendants(process.pid)) - jobs
    for pid in {"jobs": jobs, "web": others, "all": {process.pid, *others, *jobs}}[which]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def rush(
    folder: Path,
    rounds: int,
    *options: str,
    module: str = "shop.cli",
    kinds: Sequence[str] = KINDS,
    **other: str,
) -> Count:
    """Kill the shop `rounds` times amid a rush, open it once more, and count."""
    with SmtpStandIn() as post:
        port = free_port()
        env = shop_env(folder, port, SMTP_URL=post.url, **other)
        config = replace(read_config(env), testing=True)
        prepare(config)
        app = create_app(config)
        with app.app_context():
            stage = set_stage(db.session())
            db.session.remove()
        people = Rush(app, env["BASE_URL"], stage)
        kept = Kept(env, module, *options)
        people.start()
        dice = random.Random(9)
        try:
            for _ in range(rounds):
                people.let_work(orders=1, photos=0)
                time.sleep(dice.uniform(0, 0.4))
                kill(kept.process, dice.choice(kinds))
            people.let_work(orders=2, photos=1)
        finally:
            people.stop()
            kept.close()
        print(f"refused: {dict(people.said.refused)}")
        if "--no-jobs" not in options:
            finish_outbox(app)
        try:
            return count_up(app, people.said, post.messages)
        finally:
            with app.app_context():
                db.engine.dispose()
            app.extensions["jobs"].storage.close()


def report(name: str, rounds: int, count: Count) -> None:
    figures = databases.BUILD / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    said = {"rounds": rounds, **asdict(count)}
    (figures / f"kill9-{name}.json").write_text(json.dumps(said, indent=1) + "\n")
    print(name, said)


def assert_nothing_lost(count: Count) -> None:
    """And that enough was going on for something to get lost."""
    assert count.clean, count
    assert count.acked > ROUNDS
    assert count.handed_over > ROUNDS // 4
    assert count.refunded > ROUNDS // 10
    assert count.photos > ROUNDS // 10
    assert count.cut > ROUNDS // 10
    assert count.mails > ROUNDS // 4


def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path: Path):
    count = rush(tmp_path, ROUNDS)
    report("sqlite", ROUNDS, count)
    assert_nothing_lost(count)


def test_nothing_acknowledged_is_lost_on_postgresql(tmp_path: Path, postgres_url: str):
    count = rush(tmp_path, ROUNDS, "--workers", "2", DATABASE_URL=postgres_url)
    report("postgresql", ROUNDS, count)
    assert_nothing_lost(count)


def test_the_count_finds_what_a_broken_shop_loses_and_doubles(tmp_path: Path):
    count = rush(tmp_path, 4, "--no-jobs", module="tests.ops.broken_shop", kinds=("all",))
    assert count.lost > 0, count
    assert count.duplicates > 0, count
