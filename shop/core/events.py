"""Events: how a lower room tells a higher one that something happened.

Handlers are listed in `shop.wiring`. They run at once, in the same transaction, and their errors
propagate: money and orders succeed or fail together. What leaves the machine goes through the
outbox instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

Handler = Callable[[Session, Any], None]

_handlers: dict[type, Sequence[Handler]] = {}


def wire(handlers: Mapping[type, Sequence[Handler]]) -> None:
    """Set which handlers hear which event. Called once, by `shop.wiring`."""
    _handlers.clear()
    _handlers.update(handlers)


def publish(session: Session, event: object) -> None:
    """Tell every handler of this kind of event, in the listed order."""
    for handle in _handlers.get(type(event), ()):
        handle(session, event)
