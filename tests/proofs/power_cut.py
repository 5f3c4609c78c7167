"""S7: the power is cut amid commits; every commit that was acknowledged is there afterwards.

kill -9 cannot show this: what a killed program wrote is still in the machine's memory. Here a
library preloaded into the database (power_cut.c) keeps only what was made sure of by fsync.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from shop.core.connections import sqlite_module
from tests.proofs.committer import TABLE
from tests.serving import shop_env

COMMITS = 3_000
SOURCE = Path(__file__).with_name("power_cut.c")
_PROGRAMS = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Cut:
    """How many commits were acknowledged before the cut, and how many of them are gone."""

    acked: int
    lost: int


def compiler() -> str | None:
    """The C compiler, without which there is no such disk."""
    return shutil.which("cc") or shutil.which("gcc")


def postgres_programs() -> Path | None:
    """Where Debian's initdb and postgres are."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"))
    return found[-1].parent if found else None


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
        server = _Server(disk)
        server.start(preloaded=False)
        with psycopg.connect(server.plain_url, autocommit=True) as connection:
            connection.execute(TABLE)
        server.stop(signal.SIGINT)
        shutil.copytree(disk.files, disk.kept, dirs_exist_ok=True)
        server.own(disk.kept)
        server.start(preloaded=True)
        acked = _commit(server.url, commits, careless, {})
        server.stop(signal.SIGKILL)
        server.on_what_was_kept()
        server.start(preloaded=False)
        with psycopg.connect(server.plain_url) as connection:
            row = connection.execute("SELECT count(*) FROM acked").fetchone()
        server.stop(signal.SIGINT)
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


class _Server:
    """A PostgreSQL of this proof's own, as the user `postgres` where this is root."""

    def __init__(self, disk: _Disk) -> None:
        programs = postgres_programs()
        if programs is None:
            raise RuntimeError("no PostgreSQL here: install Debian's postgresql")
        self._programs, self._disk, self._data = programs, disk, disk.files
        self._as: dict[str, int] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._as = {"user": user.pw_uid, "group": user.pw_gid}
            self.own(disk.files)
        self._sockets = Path(tempfile.mkdtemp(prefix="shop-power-pg-"))
        self._sockets.chmod(0o777)
        self.plain_url = f"postgresql://shop@/postgres?host={self._sockets}"
        self.url = self.plain_url.replace("postgresql://", "postgresql+psycopg://")
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", self._data, "-U", "shop", "-A", "trust", "--no-sync",
                  "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=1")  # fmt: skip

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [str(self._programs / program), *map(str, arguments)], check=True, cwd=self._sockets,
            stdout=subprocess.DEVNULL, **self._as,
        )  # type: ignore[call-overload]  # fmt: skip

    def start(self, *, preloaded: bool) -> None:
        """Open the server; no checkpoint comes by itself."""
        options = ("listen_addresses=", f"unix_socket_directories={self._sockets}",
                   "checkpoint_timeout=1h", "max_wal_size=10GB", "fsync=on")  # fmt: skip
        env = os.environ | (dict(self._disk.env) if preloaded else {})
        self._process = subprocess.Popen(
            [str(self._programs / "postgres"), "-D", str(self._data),
             *(word for option in options for word in ("-c", option))],
            cwd=self._sockets, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **self._as,
        )  # type: ignore[call-overload]  # fmt: skip
        _wait_for(self.plain_url)

    def stop(self, how: signal.Signals) -> None:
        """End it, with all that it has started."""
        assert self._process is not None
        children = _children(self._process.pid) if how is signal.SIGKILL else []
        for pid in (self._process.pid, *children):
            os.kill(pid, how)
        self._process.wait()

    def on_what_was_kept(self) -> None:
        """From now on, run on what survived."""
        self._data = self._disk.kept
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def own(self, folder: Path) -> None:
        """Give this folder to the server's user."""
        folder.chmod(0o700)
        for path in (folder, *folder.rglob("*")) if self._as else ():
            shutil.chown(path, self._as["user"], self._as["group"])


def _children(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in text.split()]


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
