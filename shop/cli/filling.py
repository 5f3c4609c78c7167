"""The demo, from the command line."""

from __future__ import annotations

from collections.abc import Iterator

import click

from shop.cli.prepare import opened, unfinished
from shop.config import Config


def fill_empty(config: Config) -> bool:
    """Fill the shop with the demo if nobody is in it yet; returns whether that was so.

    Raises `click.ClickException` where an earlier filling was broken off half-way.
    """
    from shop.demo.run import NotEmpty, fill

    mark = unfinished(config)
    if mark.exists():
        raise click.ClickException(
            "an earlier filling of the demo was broken off. Delete its data "
            f"({config.var} and {config.storage_url}, or the database), then start again."
        )
    config.var.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        with opened(config) as app:
            fill(app, click.echo)
    except NotEmpty:
        mark.unlink()
        return False
    mark.unlink()
    return True


def sign_in_lines() -> Iterator[str]:
    """The demo's sign-ins, a line each."""
    from shop.demo.run import PASSWORD, doors

    yield f"Sign in with the password {PASSWORD}:"
    for door in doors():
        place = "/sell " if door.seller else "/staff"
        yield f"  {place}  {door.phone}  {door.name}, {door.key}"
