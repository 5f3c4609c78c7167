"""What keeps a seller's money here although it is payable, as rooms that stand above know it.

Who answers is set by `shop.wiring`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

Withheld = Callable[[Session], Mapping[uuid.UUID, int]]
Closed = Callable[[Session], Collection[str]]


@dataclass
class _Lookups:
    withheld: Withheld | None = None
    closed: Closed | None = None


_lookups = _Lookups()


def wire(withheld: Withheld, closed: Closed) -> None:
    """Set who answers. Called once, by `shop.wiring`."""
    _lookups.withheld, _lookups.closed = withheld, closed


def withheld(session: Session) -> Mapping[uuid.UUID, int]:
    """How many rupiah of what each seller is owed wait for the end of a dispute."""
    return _lookups.withheld(session) if _lookups.withheld else {}


def closed(session: Session) -> Collection[str]:
    """The accounts at Stripe to which nothing can be sent now."""
    return _lookups.closed(session) if _lookups.closed else ()
