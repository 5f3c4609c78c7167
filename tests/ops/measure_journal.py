"""How long `shop journal` takes on both databases, in how much memory: `make journal-speed`."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("SHOP_QUICK_HASHES", "1")

import flask_migrate

from shop import create_app
from shop.core.db import db
from shop.core.i18n import compile_catalogues
from shop.ledger.journal.export import Format
from tests import databases
from tests.conftest import config_for
from tests.factories.journal import long_journal
from tests.serving import free_port, shop_env

FOLDER = databases.BUILD / "journal-speed"
NAME = f"journal_speed_{os.getpid()}"


def filled(kind: str, postings: int) -> dict[str, str]:
    """The environment of a shop with so many postings."""
    folder = FOLDER / kind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'shop.db'}"
    if kind == "postgresql":
        server = databases.start_postgres()
        assert server, databases.NO_POSTGRES
        os.environ["TEST_POSTGRES_URL"] = server
        databases.recreate(server, NAME)
        url = databases.named(server, NAME)
    app = create_app(config_for(folder, url))
    with app.app_context():
        flask_migrate.upgrade()
        long_journal(db.session(), postings)
        db.session.remove()
        db.engine.dispose()
    return shop_env(folder, free_port(), DATABASE_URL=url)


def took(env: dict[str, str], form: Format, file: Path) -> tuple[float, float, float]:
    """Seconds, seconds of work and MB of writing the journal to a file, the command's start too."""
    command = [sys.executable, "-m", "shop.cli", "journal", "--format", form]
    began = time.perf_counter()
    with file.open("wb") as out:
        process = subprocess.Popen(command, env=env, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, form
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Write a journal and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("postings", type=int, nargs="?", default=100_000)
    postings = parser.parse_args().postings
    compile_catalogues()
    print(f"{postings:,} postings        seconds   of work   MB held   MB written")
    for kind in ("sqlite", "postgresql"):
        env = filled(kind, postings)
        for form in Format:
            file = FOLDER / f"journal.{form}"
            seconds, work, held = took(env, form, file)
            size = file.stat().st_size / 1e6
            print(f"{kind:11} {form:18} {seconds:6.1f}   {work:7.1f}   {held:7.0f}   {size:10.1f}")
        if kind == "postgresql":
            databases.drop(os.environ["TEST_POSTGRES_URL"], NAME)
    shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
