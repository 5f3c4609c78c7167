"""The console command `shop`."""

from __future__ import annotations

import click

from shop.cli.bank import bank
from shop.cli.checking import check
from shop.cli.journal import journal
from shop.cli.look_after import create_staff, demo, migrate, push_keys, search
from shop.cli.qris import qris
from shop.cli.serve import jobs, serve


@click.group()
def main() -> None:
    """Run and look after the shop."""


for command in (
    serve,
    jobs,
    migrate,
    demo,
    check,
    create_staff,
    search,
    push_keys,
    qris,
    journal,
    bank,
):
    main.add_command(command)
