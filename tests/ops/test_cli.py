"""The console command: each part says what it does, and does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shop import create_app
from shop.accounts.models import Person, Role
from shop.catalog.models import Category
from shop.cli import main
from shop.cli.prepare import unfinished
from shop.config import read_config
from shop.core.db import db
from shop.core.models import ShopSettings
from tests.serving import free_port, shop_env

COMMANDS = sorted(main.commands)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A shop of this test's own; its logs stay out of the way."""
    monkeypatch.setattr("shop.init_logs", lambda _config: None)
    return shop_env(tmp_path, free_port())


@pytest.fixture
def ready(environment: dict[str, str]) -> dict[str, str]:
    """A migrated, empty shop."""
    assert run("migrate", environment).exit_code == 0
    return environment


def run(command: str, env: dict[str, str], said: str = "") -> Result:
    return CliRunner().invoke(main, command.split(), env=env, input=said)


def test_there_are_the_commands_the_manual_names():
    assert COMMANDS == [
        "bank", "check", "create-staff", "demo", "jobs", "journal", "migrate", "push-keys",
        "qris", "search", "serve",
    ]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_each_says_in_a_sentence_what_it_does(command: str):
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    sentence = (main.commands[command].help or "").strip()
    assert sentence.endswith(".")
    assert sentence in " ".join(result.output.split())


def test_migrating_makes_shelves_and_settings_and_may_be_repeated(ready: dict[str, str]):
    assert run("migrate", ready).exit_code == 0
    with create_app(read_config(ready)).app_context():
        assert len(db.session.query(Category).all()) == 12
        assert db.session.query(ShopSettings).one().name == "Pelantar"


def test_a_whole_shop_passes_the_check(ready: dict[str, str]):
    result = run("check", ready)
    assert result.exit_code == 0, result.output
    assert "ok    the database file is whole" in result.output
    assert "ok    all accounts sum to zero" in result.output


def test_a_fault_in_the_data_fails_the_check(ready: dict[str, str]):
    with create_app(read_config(ready)).app_context():
        picture = (
            "INSERT INTO pictures (sha256, width, height, tone, bytes, private, created_at) VALUES "
        )
        db.session.execute(text(f"{picture}('ab', 4, 4, 'sand', 9, 0, '2026-11-01 00:00:00')"))
        db.session.commit()
        db.session.remove()
    result = run("check", ready)
    assert result.exit_code == 1
    assert "FAULT every picture has its files" in result.output


def test_a_row_that_refers_to_nothing_fails_the_check(ready: dict[str, str]):
    with create_app(read_config(ready)).app_context():
        raw = db.engine.raw_connection()
        raw.cursor().execute("PRAGMA foreign_keys=OFF")
        raw.cursor().execute("INSERT INTO renditions VALUES ('nobody', 1, 'webp', 1, 1)")
        raw.cursor().execute("PRAGMA foreign_keys=ON")
        raw.close()
        db.engine.dispose()
    result = run("check", ready)
    assert result.exit_code == 1
    assert "FAULT no row refers to nothing" in result.output


def test_staff_are_let_in_with_a_password_shown_once(ready: dict[str, str]):
    result = run("create-staff", ready, "Ana Lestari\n0812 7777 8888\nfinance\n")
    assert result.exit_code == 0, result.output
    assert "+6281277778888" in result.output
    assert "shown only now" in result.output
    with create_app(read_config(ready)).app_context():
        person = db.session.query(Person).one()
        assert person.roles == {Role.FINANCE}
        assert (person.password_hash or "").startswith("$argon2id$")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--phone 0812 --role admin --password long-enough", "Nomor HP"),
        ("--phone 081277778888 --role admin --password short", "8 characters"),
        ("--phone 081277778888 --role boss", "'boss' is not one of"),
    ],
)
def test_wrong_staff_are_refused_in_words(ready: dict[str, str], options: str, told: str):
    result = run(f"create-staff --name Ana {options}", ready)
    assert result.exit_code != 0
    assert told in result.output
    assert not isinstance(result.exception, (ValueError, DBAPIError))


def test_a_number_is_somebodys_only_once(ready: dict[str, str]):
    command = "create-staff --name Ana --phone 081277778888 --role admin"
    assert run(command, ready).exit_code == 0
    result = run(command, ready)
    assert result.exit_code == 1
    assert "somebody's already" in result.output


def test_search_prints_slugs_as_json(ready: dict[str, str]):
    result = run("search kerupuk ikan --json", ready)
    assert result.exit_code == 0, result.output
    assert json.loads(result.output) == []


def test_the_demo_refuses_a_shop_with_people(ready: dict[str, str]):
    run("create-staff --name Ana --phone 081277778888 --role admin", ready)
    result = run("demo", ready)
    assert result.exit_code == 1
    assert "people in this shop" in result.output


def test_a_demo_that_was_broken_off_is_told(ready: dict[str, str]):
    unfinished(read_config(ready)).touch()
    result = run("demo", ready)
    assert result.exit_code == 1
    assert "broken off" in result.output


def test_more_processes_need_another_database_than_sqlite(ready: dict[str, str]):
    result = run("serve --workers 2", ready)
    assert result.exit_code == 2
    assert "DATABASE_URL" in result.output
