"""S7: the power is cut amid commits; every commit that was acknowledged is there afterwards.

kill -9 cannot show this: what a killed program wrote is still in the machine's memory. Here a
library preloaded into the database (power_cut.c) keeps only what was made sure of by fsync.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from shop.core.connections import sqlite_module
from tests.proofs.committer import TABLE
from tests.proofs.postgres import Server
from tests.serving import shop_env

COMMITS = 3_000
SOURCE = Path(__file__).with_name("power_cut.c")


@dataclass(frozen=True)
class Cut:
    """How many commits were acknowledged before the cut, and how many of them are gone."""

    acked: int
    lost: int


def compiler() -> str | None:
    """The C compiler, without which there is no such disk."""
    return shutil.which("cc") or shutil.which("gcc")


def cut_sqlite(commits: int = COMMITS, *, careless: bool = False) -> Cut:
    """Cut the power of a shop on SQLite."""
    with _disk() as disk:
        path = disk.files / "shop.db"
        engine = sqlite_module().connect(str(path))
        engine.execute("PRAGMA journal_mode=WAL")
        engine.execute(TABLE)
        engine.commit()
        engine.close()
        shutil.copytree(disk.files, disk.kept, dirs_exist_ok=True)
        acked = _commit(f"sqlite:///{path}", commits, careless, disk.env)
        after = sqlite_module().connect(str(disk.kept / "shop.db"))
        there = after.execute("SELECT count(*) FROM acked").fetchone()[0]
        assert after.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        after.close()
        return Cut(acked, acked - there)


def cut_postgresql(commits: int = COMMITS, *, careless: bool = False) -> Cut:
    """Cut the power of a PostgreSQL server. Raises `RuntimeError` where there is none."""
    with _disk() as disk:
        server = Server(disk.files)
        server.start()
        with psycopg.connect(server.plain_url, autocommit=True) as connection:
            connection.execute(TABLE)
        server.stop()
        shutil.copytree(disk.files, disk.kept, dirs_exist_ok=True)
        server.own(disk.kept)
        server.start(disk.env)
        acked = _commit(server.url, commits, careless, {})
        server.stop(signal.SIGKILL)
        server.move_to(disk.kept)
        server.start()
        with psycopg.connect(server.plain_url) as connection:
            row = connection.execute("SELECT count(*) FROM acked").fetchone()
        server.stop()
        server.clean_up()
        assert row is not None
        return Cut(acked, acked - row[0])


@dataclass(frozen=True)
class _Disk:
    """`files` are what programs see, `kept` is what survives a cut."""

    files: Path
    kept: Path
    env: Mapping[str, str]


@contextmanager
def _disk() -> Iterator[_Disk]:
    program = compiler()
    if program is None:
        raise RuntimeError("no C compiler here: install Debian's gcc")
    with tempfile.TemporaryDirectory(prefix="shop-power-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        library = folder / "power_cut.so"
        subprocess.run(
            [program, "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True
        )
        files, kept = folder / "files", folder / "kept"
        files.mkdir()
        kept.mkdir()
        env = {"LD_PRELOAD": str(library), "POWER_FROM": str(files), "POWER_TO": str(kept)}
        yield _Disk(files, kept, env)


def _commit(url: str, commits: int, careless: bool, power: Mapping[str, str]) -> int:
    """Run the committer, kill it when it is done; the last number that it acknowledged."""
    with tempfile.TemporaryDirectory() as folder:
        env = shop_env(Path(folder), 8000, DATABASE_URL=url, **power)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.committer", str(commits)],
            env=env | ({"CARELESS": "1"} if careless else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        acked = 0
        for line in process.stdout:
            acked = int(line)
            if acked == commits:
                break
        process.kill()
        process.communicate()
        return acked
