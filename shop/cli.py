"""The console command `shop`."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Run and look after the shop."""


if __name__ == "__main__":
    main()
