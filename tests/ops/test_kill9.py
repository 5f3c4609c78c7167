"""S6: the whole server group is killed with -9 amid orders, payments and photos; nothing is lost.

The counts are printed and written to `build/figures/`. SHOP_KILL_ROUNDS asks for more rounds.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from shop import create_app
from shop.cli.prepare import prepare
from shop.config import read_config
from shop.core.db import db
from tests import databases
from tests.ops.rush import Count, Rush, count_up, set_stage
from tests.ops.test_serve import descendants
from tests.serving import free_port, shop_env, stop, wait_until_up

ROUNDS = int(os.environ.get("SHOP_KILL_ROUNDS", "20"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]


def open_shop(env: Mapping[str, str], module: str, *options: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, "serve", *options], env=dict(env), start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    wait_until_up(env["BASE_URL"], process)
    return process


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Server, workers and jobs at one blow; none gets to say goodbye."""
    for pid in (process.pid, *descendants(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.communicate()


def rush(folder: Path, rounds: int, *options: str, module: str = "shop.cli", **other: str) -> Count:
    """Kill the shop `rounds` times amid a rush, open it once more, and count."""
    port = free_port()
    env = shop_env(folder, port, **other)
    config = replace(read_config(env), testing=True)
    prepare(config)
    app = create_app(config)
    with app.app_context():
        stage = set_stage(db.session())
        db.session.remove()
    people = Rush(app, env["BASE_URL"], stage)
    process = open_shop(env, module, *options)
    people.start()
    dice = random.Random(9)
    try:
        for _ in range(rounds):
            people.let_work(orders=2, photos=1)
            time.sleep(dice.uniform(0, 0.4))
            kill_all(process)
            process = open_shop(env, module, *options)
        people.let_work(orders=2, photos=1)
    finally:
        people.stop()
        stop(process)
    print(f"refused: {dict(people.said.refused)}")
    try:
        return count_up(app, people.said)
    finally:
        with app.app_context():
            db.engine.dispose()


def report(name: str, rounds: int, count: Count) -> None:
    figures = databases.BUILD / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    said = {"rounds": rounds, **asdict(count)}
    (figures / f"kill9-{name}.json").write_text(json.dumps(said, indent=1) + "\n")
    print(name, said)


def test_nothing_acknowledged_is_lost_on_sqlite(tmp_path: Path):
    count = rush(tmp_path, ROUNDS)
    report("sqlite", ROUNDS, count)
    assert count.clean, count
    assert count.acked > ROUNDS
    assert count.photos > ROUNDS // 2
    assert count.cut > ROUNDS // 2


def test_nothing_acknowledged_is_lost_on_postgresql(tmp_path: Path, postgres_url: str):
    count = rush(tmp_path, ROUNDS, "--no-jobs", DATABASE_URL=postgres_url)
    report("postgresql", ROUNDS, count)
    assert count.clean, count
    assert count.acked > ROUNDS
    assert count.photos > ROUNDS // 2
    assert count.cut > ROUNDS // 2


def test_the_count_finds_what_a_broken_shop_loses_and_doubles(tmp_path: Path):
    count = rush(tmp_path, 4, "--no-jobs", module="tests.ops.broken_shop")
    assert count.lost > 0, count
    assert count.duplicates > 0, count
