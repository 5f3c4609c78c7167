"""`shop check` finds a sound shop sound, and each of its lines can fail."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.check import check_all
from shop.core import clock
from shop.core.images import master_key, rendition_key
from shop.ledger.check import Finding
from tests.contracts.damages import PLANTED
from tests.factories.planting import damaged, run
from tests.factories.whole_shop import whole_shop

pytestmark = pytest.mark.both
DAMAGED_BELOW = {
    "nothing in the journal can be changed",
    "every picture has its files",
    "every file has its picture",
}
"""Rules whose faults are no rows: each has a test of its own."""


@pytest.fixture
def shop(app: Flask, session: Session) -> SimpleNamespace:
    """A shop in which everything that is checked has happened at least once."""
    storage = app.extensions["storage"]
    picture = whole_shop(session, storage)
    return SimpleNamespace(session=session, storage=storage, picture=picture)


def findings(shop: SimpleNamespace) -> dict[str, Finding]:
    with clock.at(clock.now() + timedelta(hours=2)):
        return {f.name: f for f in check_all(shop.session, shop.storage)}


@pytest.fixture(autouse=True)
def _empty_storage(app: Flask):
    yield
    storage = app.extensions["storage"]
    for key, _, _ in list(storage.keys()):
        storage.delete(key)


def test_a_sound_shop_is_sound(shop: SimpleNamespace):
    found = findings(shop)
    assert [f.line for f in found.values() if f.faults] == []
    assert {f.name for f in found.values() if f.looked_at == 0} == set()
    assert set(found) - set(PLANTED) == DAMAGED_BELOW  # each rule can fail
    assert found["every entry balances"].line.startswith("ok    every entry balances (")


def test_every_planted_fault_is_found(shop: SimpleNamespace):
    """Each by itself, in one shop that is mended again: to fill it is what takes time."""
    assert [name for name, found in findings(shop).items() if found.faults] == []
    missed = []
    with damaged(shop.session) as session:
        for name, statements in PLANTED.items():
            with session.begin_nested() as until_here:
                run(session.connection(), statements)
                found = findings(SimpleNamespace(session=session, storage=shop.storage))[name]
                if not found.line.startswith(f"FAULT {name}: {len(found.faults)} of "):
                    missed.append(name)
                until_here.rollback()
            session.expire_all()
    assert missed == []


def test_a_missing_trigger_is_found(shop: SimpleNamespace, database: str):
    trigger = "postings_no_update" if database == "sqlite" else "postings_append_only"
    table = "" if database == "sqlite" else " ON postings"
    shop.session.connection().exec_driver_sql(f"DROP TRIGGER {trigger}{table}")
    name = "nothing in the journal can be changed"
    assert findings(shop)[name].faults == (f"the trigger {trigger} is missing",)


def test_a_lost_or_shortened_file_is_found(shop: SimpleNamespace):
    name = "every picture has its files"
    master = master_key(shop.picture)
    shop.storage.delete(master)
    assert findings(shop)[name].faults == (f"{master} is missing",)
    shop.storage.put(master, b"short", "image/jpeg")
    assert "has 5 bytes" in findings(shop)[name].faults[0]


def test_a_file_of_nobody_is_found_unless_it_is_fresh(shop: SimpleNamespace):
    name = "every file has its picture"
    key = rendition_key("ab" + "0" * 62, 640, "webp")
    shop.storage.put(key, b"x", "image/webp")
    assert findings(shop)[name].faults == (f"{key} belongs to no picture",)
    fresh = {f.name: f for f in check_all(shop.session, shop.storage)}
    assert fresh[name].faults == ()
