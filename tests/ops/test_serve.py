"""`shop serve`: one command opens a whole shop, and ending it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.serving import free_port, run_shop, shop_env, stop, wait_until_up

STARTS_WITHIN = 5
ENDS_WITHIN = 5


class Served:
    """A shop of a test's own, in processes of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = shop_env(folder, self.port)
        self.process = run_shop(self.env, "serve", *arguments)
        wait_until_up(self.url, self.process)

    def family(self) -> set[int]:
        """The server, its workers and the jobs beside it."""
        return {self.process.pid, *descendants(self.process.pid)}

    def ready(self) -> dict[str, bool]:
        """What `/readyz` says."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                said: dict[str, bool] = json.load(answer)
        except urllib.error.HTTPError as error:
            said = json.load(error)
        return said


def descendants(pid: int) -> set[int]:
    children = set()
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            children |= {int(child) for child in thread.read_text().split()}
    return children.union(*(descendants(child) for child in children))


def processor_seconds(pid: int) -> float:
    """What a process has used so far; other work on this machine does not lengthen it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def alive(pids: set[int]) -> set[int]:
    """Those of `pids` that still run; a zombie has ended."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            continue
        if state != "Z":
            found.add(pid)
    return found


def wait_for(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return true()


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    shop = Served(tmp_path)
    yield shop
    stop(shop.process)


def test_it_is_ready_with_its_workers_within_seconds(served: Served):
    assert wait_for(lambda: all(served.ready().values()), 15), served.ready()


def test_a_second_start_is_quick_and_keeps_the_data(served: Served, tmp_path: Path):
    secret = (tmp_path / "var" / "secret_key").read_text()
    stop(served.process)
    again = Served(tmp_path)
    took = sum(processor_seconds(pid) for pid in again.family())
    stop(again.process)
    assert (tmp_path / "var" / "secret_key").read_text() == secret
    assert took < STARTS_WITHIN


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked(served: Served, sign: signal.Signals):
    wait_for(lambda: served.ready()["jobs"], 15)
    family = served.family()
    assert len(family) >= 3
    began = time.monotonic()
    served.process.send_signal(sign)
    assert served.process.wait(10) == 0
    assert time.monotonic() - began < ENDS_WITHIN
    assert wait_for(lambda: not alive(family), 1), alive(family)


def test_nothing_outlives_a_killed_server(served: Served):
    wait_for(lambda: served.ready()["jobs"], 15)
    family = served.family()
    served.process.kill()
    assert wait_for(lambda: not alive(family), ENDS_WITHIN), alive(family)


def test_a_worker_that_dies_is_replaced(served: Served):
    wait_for(lambda: served.ready()["jobs"], 15)
    before = served.family() - {served.process.pid}
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    def replaced() -> bool:
        return len(served.family() - before) >= 1 + len(before)

    assert wait_for(replaced, 15)
    wait_until_up(served.url, served.process)


def test_without_jobs_there_is_only_the_server(tmp_path: Path):
    shop = Served(tmp_path, "--no-jobs")
    commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in shop.family()]
    stop(shop.process)
    assert not any("\0jobs\0" in command for command in commands)


def test_a_taken_port_is_told_in_words(served: Served, tmp_path: Path):
    done = shop("serve", env=served.env)
    assert done.returncode == 1
    assert f"PORT={served.port + 1} make run" in done.stderr


def shop(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A console command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "shop.cli", *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_two_who_migrate_at_once_take_turns(tmp_path: Path):
    env = shop_env(tmp_path, free_port())
    both = [run_shop(env, "migrate") for _ in range(2)]
    said = [process.communicate(timeout=60)[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert shop("check", env=env).returncode == 0


@pytest.mark.parametrize("variable", ["PORT", "DATABASE_URL", "STORAGE_URL", "SMTP_URL"])
def test_a_wrong_variable_is_named(tmp_path: Path, variable: str):
    env = shop_env(tmp_path, free_port()) | {variable: "ftp://nonsense"}
    done = shop("migrate", env=env)
    assert done.returncode == 1
    assert variable in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_told_in_words(tmp_path: Path):
    env = shop_env(tmp_path, free_port())
    done = shop("migrate", env=env | {"DATABASE_URL": f"postgresql://a@127.0.0.1:{free_port()}/b"})
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
