"""What goes wrong now and then in the demo: pieces that cannot be made, money that goes back."""

from __future__ import annotations

import uuid
from typing import Final

from shop.demo.memory import Memory
from shop.orders.decline_lines import decline_lines
from shop.orders.give_back import give_back
from shop.orders.models import SellerOrder
from shop.orders.worth import worth
from shop.payments.refund import mark_paid

_SHORT_EVERY: Final = 97
"""Of every so many orders, one lacks a piece."""
_BACK_EVERY: Final = 139
"""Of every so many orders, the price of a piece goes back after it was received."""


class Undoing:
    """Sellers who lack a piece, and staff who give the price of one back."""

    def __init__(self, stage: Memory) -> None:
        self.stage = stage

    def after(self, kind: str, number: int, part_id: uuid.UUID, person: uuid.UUID | None) -> None:
        """What follows on a step of an order: mostly nothing."""
        if kind == "accepted" and number % _SHORT_EVERY == 0:
            self._lacks_one(part_id, person)
        elif kind == "completed" and number % _BACK_EVERY == 0:
            self._gives_back(number, part_id)

    def _lacks_one(self, part_id: uuid.UUID, person: uuid.UUID | None) -> None:
        session = self.stage.session
        found = worth(session, session.get_one(SellerOrder, part_id))
        line = max(found.lines.values(), key=lambda line: line.live)
        if found.live > 1:
            decline_lines(
                session, part_id, {line.line.id: 1}, person_id=person,
                reason="Satu yang terakhir ternyata retak", key="demo",
            )  # fmt: skip

    def _gives_back(self, number: int, part_id: uuid.UUID) -> None:
        """Granted by the manager and sent by who keeps the money; half of it at the seller's cost.

        That of the latest order is granted only, and waits to be sent.
        """
        session = self.stage.session
        found = worth(session, session.get_one(SellerOrder, part_id))
        line = next(line for line in found.lines.values() if line.live)
        price = line.price_of(1)
        granted = give_back(
            session, part_id, lines={line.line.id: (1, price)}, delivery=0,
            seller_share=price // 2, reason="Satu kemasan bocor di jalan",
            person_id=self.stage.staff["manager"], key=f"demo:{number}:{part_id.hex}",
        )  # fmt: skip
        if number < len(self.stage.plan.orders) - _BACK_EVERY:
            mark_paid(
                session, granted.id, reference=f"BRI {number:05d}",
                person_id=self.stage.staff["finance"],
            )  # fmt: skip
