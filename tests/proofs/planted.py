"""A shop with one bug planted in it: `PLANTED=naive python -m tests.proofs.planted serve`.

Each bug is one that shops really had. A proof that does not fail on its bug proves nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.catalog.models import Variant
from shop.cli import main
from shop.core import ids
from shop.orders import checkout
from shop.orders.place_order import PartWanted


def naive() -> None:
    """What was left when the form was drawn is trusted as the button is pressed."""

    def trusting(session: Session, wanted: reserve.Wanted, *, key: str) -> None:
        for thing, quantity in wanted.items():
            session.execute(update(Variant).where(Variant.id == thing).values(reserved=quantity))

    reserve.promise = trusting


def forgetful() -> None:
    """The form's key is not kept with the order."""
    real = checkout.insert_once

    def forgetting(session: Session, table: Any, **values: Any) -> bool:
        return real(session, table, **(values | {"key": ids.new_token()}))

    checkout.insert_once = forgetting


def unmerged() -> None:
    """Each line of a cart is looked at by itself. The database refuses what that lets through."""
    PartWanted.merged = lambda part: part.lines  # type: ignore[method-assign]


def unsorted() -> None:
    """Things are taken in the order of the basket, and slowly, so that two baskets meet."""
    table = Variant.__table__

    def slow(session: Session, wanted: reserve.Wanted) -> list[Any]:
        held = []
        for thing in wanted:
            numbers = select(table.c.id, table.c.seller_id, table.c.on_hand, table.c.reserved)
            one = numbers.where(table.c.id == thing).with_for_update(key_share=True)
            held.append(session.execute(one).one())
            time.sleep(0.02)
        return held

    reserve._held = slow


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug for bug in (naive, forgetful, unmerged, unsorted)
}

if __name__ in ("__main__", "__mp_main__"):
    BUGS[os.environ["PLANTED"]]()
if __name__ == "__main__":
    main()
