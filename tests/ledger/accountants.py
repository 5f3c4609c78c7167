"""Accounting programs that nobody here wrote: Beancount and hledger, asked by their commands."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from shop.ledger.journal.export import Format

_BIN = Path(sys.executable).parent
NO_HLEDGER = "no hledger: install Debian's package"
BOTH = (Format.BEANCOUNT, Format.HLEDGER)


class Refused(AssertionError):
    """A program found a fault; its words are the message."""


def check(form: Format, text: str, folder: Path) -> None:
    """Have the program check a journal. Raises `Refused`."""
    path = _file(form, text, folder)
    if form is Format.BEANCOUNT:
        _ask(str(_BIN / "bean-check"), "--no-cache", str(path))
    else:
        _hledger(path, "check", "--strict", "ordereddates")


def balances(form: Format, text: str, folder: Path) -> dict[str, int]:
    """The balance of every account that has postings, in rupiah, as the program adds it up."""
    path = _file(form, text, folder)
    if form is Format.BEANCOUNT:
        rows = _query(path, "SELECT account, sum(number) GROUP BY account")
        return {account: int(number) for account, number in rows}
    said = _hledger(path, "bal", "--no-total", "--flat", "--empty", "--output-format", "csv")
    (_, *rows) = csv.reader(io.StringIO(said))
    return {account: int(amount.removesuffix("IDR")) for account, amount in rows}


def tagged(form: Format, text: str, folder: Path, name: str) -> list[str]:
    """What the program read as the tag `name` of each entry that has it, in the file's order."""
    path = _file(form, text, folder)
    if form is Format.BEANCOUNT:
        query = f"SELECT DISTINCT id, entry_meta('{name}') WHERE entry_meta('{name}') IS NOT NULL"
        return [value for _, value in _query(path, query)]
    entries = json.loads(_hledger(path, "print", "--output-format", "json"))
    tags = (dict(entry["ttags"]) for entry in entries)
    return [unquote(found[name]) for found in tags if name in found]


def _query(path: Path, query: str) -> list[list[str]]:
    said = _ask(str(_BIN / "bean-query"), "--format", "csv", str(path), query)
    (_, *rows) = csv.reader(io.StringIO(said, newline=""))
    return [[cell.strip(" ") for cell in row] for row in rows]


def _hledger(path: Path, *arguments: str) -> str:
    program = shutil.which("hledger")
    if program is None:
        pytest.skip(NO_HLEDGER)
    return _ask(program, "--file", str(path), *arguments)


def _ask(*command: str) -> str:
    # The files are UTF-8, whatever language this machine speaks.
    done = subprocess.run(
        command, capture_output=True, check=False, env=os.environ | {"LC_ALL": "C.UTF-8"}
    )
    if done.returncode:
        raise Refused((done.stdout + done.stderr).decode())
    return done.stdout.decode()


def _file(form: Format, text: str, folder: Path) -> Path:
    path = folder / f"shop.{form}"
    path.write_bytes(text.encode())
    return path
