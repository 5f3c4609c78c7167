"""The restore drill of docs/operations.md: back up a shop, restore it elsewhere, check it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shop import create_app
from shop.catalog import stock
from shop.cli.prepare import prepare
from shop.config import read_config
from shop.core.db import db
from shop.core.images import normalise
from shop.core.pictures import keep_picture
from shop.orders.models import Order
from tests import databases
from tests.catalog.offered import offer
from tests.factories.orders import completed_part, paid_order
from tests.ops.test_cli import run
from tests.photos import lively, saved
from tests.serving import free_port, shop_env

BACK_UP_SQLITE = """
import sys
from shop.core.connections import sqlite_module
sqlite_module().connect(sys.argv[1]).execute("VACUUM INTO ?", (sys.argv[2],))
"""
"""The command of the manual, line by line."""


def used_shop(env: dict[str, str]) -> None:
    """A shop with an order on its way, one completed, and a picture."""

    config = replace(read_config(env), testing=True)
    prepare(config)
    app = create_app(config)
    with app.app_context():
        variant = offer(db.session())
        stock.count(db.session(), variant.id, 10, key="first", person_id=None)
        completed_part(db.session(), (variant, 2))
        paid_order(db.session(), (variant, 3))
        image = normalise(saved(lively(400, 300), "JPEG"))
        keep_picture(db.session(), app.extensions["storage"], image)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def orders_in(env: dict[str, str]) -> int:
    with create_app(replace(read_config(env), testing=True)).app_context():
        found = db.session.query(Order).count()
        db.session.remove()
        db.engine.dispose()
        return found


def test_a_shop_on_sqlite_comes_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shop.init_logs", lambda _config: None)
    here = shop_env(tmp_path / "here", free_port())
    used_shop(here)
    backup = tmp_path / "backup"
    backup.mkdir()
    subprocess.run(
        [sys.executable, "-c", BACK_UP_SQLITE, f"{here['SHOP_VAR']}/shop.db", backup / "shop.db"],
        check=True,
    )
    shutil.copytree(here["STORAGE_URL"], backup / "uploads")
    there = shop_env(tmp_path / "there", free_port())
    Path(there["SHOP_VAR"]).mkdir(parents=True)
    shutil.copy(backup / "shop.db", Path(there["SHOP_VAR"]) / "shop.db")
    shutil.copytree(backup / "uploads", there["STORAGE_URL"])
    restored(there)


def restored(env: dict[str, str]) -> None:
    result = run("check", env)
    assert result.exit_code == 0, result.output
    assert "ok    every picture has its files (2)" in result.output
    assert orders_in(env) == 2


def test_a_shop_on_postgresql_comes_back_whole(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("shop.init_logs", lambda _config: None)
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    if not programs:
        pytest.skip(databases.NO_POSTGRES)
    here = shop_env(tmp_path / "here", free_port(), DATABASE_URL=postgres_url)
    used_shop(here)
    dump = tmp_path / "shop.dump"
    subprocess.run([programs[-1], "-Fc", "-f", dump, postgres_url], check=True)
    server = os.environ["TEST_POSTGRES_URL"]
    name = urlsplit(postgres_url).path.strip("/") + "_restored"
    databases.recreate(server, name)
    other = databases.named(server, name).replace("postgresql+psycopg://", "postgresql://")
    restore = programs[-1].with_name("pg_restore")
    subprocess.run([restore, "--no-owner", "--exit-on-error", "-d", other, dump], check=True)
    there = shop_env(tmp_path / "there", free_port(), DATABASE_URL=other)
    shutil.copytree(here["STORAGE_URL"], there["STORAGE_URL"])
    result = run("check", there)
    assert "FAULT" not in result.output.replace("FAULT commits reach the disk", "")
    assert "ok    every picture has its files (2)" in result.output
    assert orders_in(there) == 2
