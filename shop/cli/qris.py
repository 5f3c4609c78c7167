"""`shop qris`: QRIS codes by hand, without a database."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn

import click

from shop.core.images import BadImage
from shop.core.images import fault_message as image_message
from shop.payments.qris import BadQris, QrisCode, QrisFault, read, read_picture, with_amount
from shop.payments.qris.report import as_read, as_written, kind
from shop.payments.qris.words import fault_message

_AS_TYPED = {"ignore_unknown_options": True}  # a sum below zero is a fault of its own, not a switch


@click.group()
def qris() -> None:
    """Read a QRIS code, or set its amount."""


@qris.command("read", context_settings=_AS_TYPED)
@click.argument("code", metavar="TEXT|PICTURE")
def read_code(code: str) -> None:
    """Print what a code says as JSON.

    Where it is no sound code, print the fault by its name and exit 1.
    """
    _print(as_read(_code(code)))


@qris.command("amount", context_settings=_AS_TYPED)
@click.argument("code", metavar="TEXT|PICTURE")
@click.argument("rupiah")
def set_amount(code: str, rupiah: str) -> None:
    """Print the same code for exactly this many rupiah.

    Where that is refused, print the fault by its name and exit 1.
    """
    found = _code(code)
    try:
        if not re.fullmatch(r"[0-9]{1,99}", rupiah):
            raise BadQris(QrisFault.BAD_AMOUNT, "54")
        click.echo(with_amount(found, int(rupiah)))
    except BadQris as refused:
        refused.text = found.text
        _refuse(refused, kind(found))


def _code(argument: str) -> QrisCode:
    """The code in a picture of that name, if there is one, else in the text itself."""
    picture = _file(argument)
    try:
        return read_picture(picture.read_bytes()) if picture else read(argument)
    except BadImage as fault:
        _end({"fault": fault.reason.value, "message": image_message(fault.reason)})
    except BadQris as refused:
        _refuse(refused, kind(refused.fault))


def _file(argument: str) -> Path | None:
    try:
        path = Path(argument)
        if path.is_file():
            return path
    except (OSError, ValueError):  # a code is longer than a name may be
        return None
    if re.search(r"\.(jpe?g|png|webp|hei[cf]|avif)\Z", argument, re.IGNORECASE):
        raise click.ClickException(f"there is no file {argument}")
    return None


def _refuse(refused: BadQris, sort: str) -> NoReturn:
    """Print the fault by name and in words, with what could be read, and exit 1."""
    found: dict[str, Any] = {
        "fault": refused.fault.value,
        "tag": refused.tag or None,
        "kind": sort,
        "message": fault_message(refused),
    }
    _end(found | (as_written(refused.text) if refused.text else {}))


def _end(found: dict[str, Any]) -> NoReturn:
    _print(found)
    raise SystemExit(1)


def _print(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, indent=2))
