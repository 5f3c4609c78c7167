"""`shop check`: whether the database and everything in it is as it must be."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy import Connection

from shop.check import check_all
from shop.check_money import check_money
from shop.cli.prepare import opened, which_database
from shop.core.db import db, only_reading
from shop.ledger.check import Finding, found
from shop.payments.compare_stripe import ask_for_lists
from shop.payments.words_money import difference_words, next_step

SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@click.command()
@click.option("--money", is_flag=True, help="Compare ledger, orders, providers and bank.")
def check(*, money: bool) -> None:
    """Check books, stock and files; exit 1 on any fault."""
    if money:
        _compare()
        return
    with opened() as app, only_reading():
        findings = [
            *check_database(db.session().connection()),
            *check_all(db.session(), app.extensions["storage"]),
        ]
        click.echo(f"      {which_database(app.extensions['config'])}")
    for finding in findings:
        click.echo(finding.line)
    if any(finding.faults for finding in findings):
        raise SystemExit(1)


def _compare() -> None:
    """Print every difference about money with its next step; exit 1 where there is one."""
    with opened() as app:
        says = ask_for_lists(app.extensions["config"])
        with only_reading():
            found = check_money(db.session(), says)
            click.echo(f"      {which_database(app.extensions['config'])}")
            for one in found:
                click.echo(f"BEDA  {difference_words(one)}")
                click.echo(f"      {next_step(one)}")
    if found:
        raise SystemExit(1)
    click.echo("ok    ledger, orders, providers and bank agree")


def check_database(connection: Connection) -> Iterator[Finding]:
    """The soundness of the database file and its settings; on PostgreSQL, that it keeps data."""
    if connection.dialect.name == "postgresql":
        fsync = connection.exec_driver_sql("SHOW fsync").scalar_one()
        yield found("commits reach the disk", 1, () if fsync == "on" else ("fsync is off",))
        return
    settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in SAFE}
    wrong = [f"{name} is {settings[name]}" for name in SAFE if settings[name] != SAFE[name]]
    yield found("the database's settings are the safe ones", len(SAFE), wrong)
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    yield found("the database file is whole", 1, () if said == ["ok"] else said)
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    yield found("no row refers to nothing", len(orphans), (str(row[0]) for row in orphans))
