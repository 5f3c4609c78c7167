"""`shop journal`: the whole journal for accounting programs."""

from __future__ import annotations

from datetime import datetime

import click

from shop.cli.prepare import opened
from shop.core.db import db, only_reading
from shop.core.settings import load_settings
from shop.ledger.journal.export import Format, export
from shop.ledger.journal.queries import Period

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    required=True,
    help="What to print.",
)
@click.option(
    "--from",
    "first",
    type=_DAY,
    help="The first day, in Tanjungpinang; what came before becomes opening balances.",
)
@click.option("--to", "last", type=_DAY, help="The last day, included.")
@click.option(
    "--names",
    is_flag=True,
    help="Name sellers and members, and show what people noted; without it all of them are ids.",
)
def journal(form: str, first: datetime | None, last: datetime | None, *, names: bool) -> None:
    """Print the journal, or its trial balance, for other programs."""
    period = Period(first.date() if first else None, last.date() if last else None)
    if period.first and period.last and period.last < period.first:
        raise click.BadParameter("it comes before --from", param_hint="--to")
    with opened(), only_reading():
        title = load_settings(db.session()).name
        for piece in export(db.session(), Format(form), period, title=title, names=names):
            click.echo(piece.encode(), nl=False)  # UTF-8, whatever this machine speaks
