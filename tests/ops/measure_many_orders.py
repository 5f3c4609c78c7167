"""Pages of orders in a young shop and in an old one: `make many-orders` prints how long they take.

Both shops are asked in turn, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("SHOP_QUICK_HASHES", "1")

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from shop import create_app
from shop.accounts.models import Person, Role
from shop.core.db import db
from shop.core.i18n import compile_catalogues
from tests import databases
from tests.conftest import config_for
from tests.factories.people import make_person, signed_in
from tests.ops.many_orders import SELLERS, Stage, addresses, fill, set_stage

TARGET = 1.5
FOLDER = databases.BUILD / "many-orders"


class Shop:
    """A shop on a database of its own with so many orders, and the browsers of its people."""

    def __init__(self, kind: str, number: int) -> None:
        self.app = new_application(kind, number)
        with self.app.app_context():
            began = time.monotonic()
            self.stage: Stage = set_stage(db.session())
            fill(db.session(), self.stage, number)
            self._sellers = [self._browser(owner) for owner in self.stage.owners]
            self._staff = signed_in(self.app, make_person(db.session(), Role.MANAGER))
            if kind == "postgresql":
                settle_down()
            db.session.remove()
        took = time.monotonic() - began
        print(f"{kind}: {number} orders written in {took:.0f} s", file=sys.stderr)

    def _browser(self, owner: object) -> FlaskClient:
        return signed_in(self.app, db.session().get_one(Person, owner))

    def seconds(self, seller: int, place: int) -> dict[str, float]:
        """How long each page takes now."""
        took = {}
        for name, address in addresses(self.stage, seller, place).items():
            client = self._staff if address.startswith("/staff") else self._sellers[seller]
            began = time.perf_counter()
            answer = client.get(address)
            took[name] = time.perf_counter() - began
            assert answer.status_code == 200, (address, answer.status_code)
        return took


def new_application(kind: str, number: int) -> Flask:
    """An application on an empty database of its own, its tables made."""
    folder = FOLDER / f"{kind}-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'shop.db'}"
    if kind == "postgresql":
        server = databases.start_postgres()
        assert server, databases.NO_POSTGRES
        name = f"many_orders_{number}_{os.getpid()}"
        databases.recreate(server, name)
        url = databases.named(server, name)
    app = create_app(config_for(folder, url))
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
    return app


def settle_down() -> None:
    """Do what PostgreSQL's own housekeeping does within minutes: gather its statistics."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def measure(kind: str, young: int, old: int, times: int) -> bool:
    """Ask both shops in turn, print a row a page; whether all of them hold the target."""
    shops = {number: Shop(kind, number) for number in (young, old)}
    took: dict[tuple[str, int], list[float]] = defaultdict(list)
    chance = random.Random(3)
    for turn in range(times + 5):
        seller, place = chance.randrange(SELLERS), chance.randrange(old)
        order = (young, old) if turn % 2 else (old, young)
        for number in order:
            for name, seconds in shops[number].seconds(seller, place).items():
                if turn >= 5:  # templates and words are read once
                    took[name, number].append(seconds)
    print(f"\n{kind}, ms          {young:>8} orders  {old:>8} orders   p99 old / young")
    good = True
    for name in dict.fromkeys(name for name, _ in took):
        before, after = (_p99(took[name, number]) for number in (young, old))
        middle = [statistics.median(took[name, number]) * 1000 for number in (young, old)]
        holds = after <= TARGET * before
        good &= holds
        print(
            f"{name:22} p50 {middle[0]:5.1f} p99 {before * 1000:5.1f}  p50 {middle[1]:5.1f} "
            f"p99 {after * 1000:5.1f}   {after / before:4.2f} {'' if holds else 'MISSED'}"
        )
    leave_databases([shop.app for shop in shops.values()])
    return good


def _p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[98]


def leave_databases(apps: Sequence[Flask]) -> None:
    """Drop what was made."""
    for app in apps:
        with app.app_context():
            name = db.engine.url.database or ""
            kind = db.engine.dialect.name
            db.session.remove()
            db.engine.dispose()
        if kind == "postgresql" and (server := os.environ.get("TEST_POSTGRES_URL")):
            databases.drop(server, name)
    shutil.rmtree(FOLDER, ignore_errors=True)


def main() -> int:
    """Measure on both databases, or on those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--young", type=int, default=1_000)
    parser.add_argument("--old", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=300)
    asked = parser.parse_args()
    compile_catalogues()
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    held = [measure(kind, asked.young, asked.old, asked.times) for kind in asked.database]
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
