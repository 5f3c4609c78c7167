"""A PostgreSQL server of a proof's own that keeps what it acknowledges; that of tests does not."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

_PROGRAMS = Path("/usr/lib/postgresql")
_SETTINGS = (
    "listen_addresses=", "max_connections=200", "fsync=on", "synchronous_commit=on",
    "checkpoint_timeout=1h", "max_wal_size=4GB",
)  # fmt: skip
"""As an operator leaves it, but no checkpoint comes by itself."""


def programs() -> Path | None:
    """Where Debian's initdb and postgres are."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Server:
    """Runs on an empty folder `data`, as the user `postgres` where this is root.

    Raises `RuntimeError` where PostgreSQL is not installed.
    """

    def __init__(self, data: Path) -> None:
        found = programs()
        if found is None:
            raise RuntimeError("no PostgreSQL here: install Debian's postgresql")
        self._programs, self._data = found, data
        self._as: dict[str, int] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._as = {"user": user.pw_uid, "group": user.pw_gid}
        self.own(data)
        self._sockets = Path(tempfile.mkdtemp(prefix="shop-pg-"))
        self._sockets.chmod(0o777)
        self.plain_url = f"postgresql://shop@/postgres?host={self._sockets}"
        self.url = self.plain_url.replace("postgresql://", "postgresql+psycopg://")
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [str(found / "initdb"), "-D", str(data), "-U", "shop", "-A", "trust", "--no-sync",
             "-E", "UTF8", "--locale=C.UTF-8", "--wal-segsize=1"],
            check=True, cwd=self._sockets, stdout=subprocess.DEVNULL, **self._as,
        )  # type: ignore[call-overload]  # fmt: skip

    def start(self, env: Mapping[str, str] | None = None) -> None:
        """Open it, with this in its environment."""
        options = (*_SETTINGS, f"unix_socket_directories={self._sockets}")
        self._process = subprocess.Popen(
            [str(self._programs / "postgres"), "-D", str(self._data),
             *(word for option in options for word in ("-c", option))],
            cwd=self._sockets, env=os.environ | dict(env or {}),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._as,
        )  # type: ignore[call-overload]  # fmt: skip
        _wait_for(self.plain_url)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, with all that it has started."""
        assert self._process is not None
        children = _children(self._process.pid) if how is signal.SIGKILL else []
        for pid in (self._process.pid, *children):
            os.kill(pid, how)
        self._process.wait()

    def move_to(self, data: Path) -> None:
        """From now on, run on this copy."""
        self._data = data
        (data / "postmaster.pid").unlink(missing_ok=True)

    def own(self, folder: Path) -> None:
        """Give this folder to the server's user."""
        folder.chmod(0o700)
        for path in (folder, *folder.rglob("*")) if self._as else ():
            shutil.chown(path, self._as["user"], self._as["group"])

    def clean_up(self) -> None:
        """Remove what it left outside of its data."""
        shutil.rmtree(self._sockets, ignore_errors=True)


@contextmanager
def durable() -> Iterator[str]:
    """Such a server inside a `with` block; gives its URL, with `{name}` for the database."""
    with tempfile.TemporaryDirectory(prefix="shop-pg-data-") as name:
        Path(name).chmod(0o755)
        data = Path(name) / "data"
        data.mkdir()
        server = Server(data)
        server.start()
        try:
            yield server.url.replace("/postgres?", "/{name}?")
        finally:
            server.stop()
            server.clean_up()


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
