"""`shop bank`: a bank statement by hand, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from shop.payments.bank import MOST_BYTES, BadStatement, BankFault, ColumnMap, read
from shop.payments.bank.report import as_read, as_refused
from shop.payments.bank.words import fault_message, reason_message


@click.group()
def bank() -> None:
    """Read a bank statement."""


@bank.command("read")
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--map",
    "map_",
    metavar="MAP",
    help="A column map as JSON, or the name of a file that holds one.",
)
def read_statement(file: Path, map_: str | None) -> None:
    """Print what a statement says as JSON; nothing is booked.

    Where it cannot be trusted, print the fault by its name with its line and exit 1.
    """
    try:
        chosen = ColumnMap.from_json(_map_text(map_)) if map_ else None
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        found = as_read(read(data, column_map=chosen))
    except BadStatement as refused:
        _refuse(refused)
    for line in found["set_aside"]:
        line["message"] = reason_message(BankFault(line["fault"]))
    _print(found)


def _map_text(map_: str) -> str:
    if map_.lstrip().startswith("{"):
        return map_
    try:
        return Path(map_).read_text("utf-8-sig")
    except (OSError, ValueError):
        raise click.ClickException(f"there is no column map {map_}") from None


def _refuse(refused: BadStatement) -> NoReturn:
    message = fault_message(refused)
    _print(as_refused(refused) | {"message": message})
    click.echo(message, err=True)
    raise SystemExit(1)


def _print(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, indent=2))
