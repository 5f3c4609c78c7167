"""What goes wrong now and then in the demo: pieces that cannot be made, money that goes back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from shop.core import clock
from shop.demo.memory import Memory
from shop.orders.decline_lines import decline_lines
from shop.orders.give_back import give_back
from shop.orders.models import SellerOrder
from shop.orders.worth import worth
from shop.payments.models import Refund
from shop.payments.refund import mark_paid
from shop.payments.states import RefundState

_SHORT_EVERY: Final = 97
"""Of every so many orders, one lacks a piece."""
_SENT_AFTER: Final = timedelta(days=4)
_STILL_DUE: Final = timedelta(days=30)
"""What was granted in the last weeks is still to be sent, so that staff see some."""
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

    def send_money_back(self, reference: str) -> None:
        """Whoever keeps the money sends what was granted some days ago; the latest waits."""
        session = self.stage.session
        before = min(clock.now() - _SENT_AFTER, clock.day_start(self.stage.plan.today) - _STILL_DUE)
        due = select(Refund.id).where(
            Refund.state == RefundState.DUE.value, Refund.granted_at < before
        )
        for refund_id in session.scalars(due.order_by(Refund.id)).all():
            mark_paid(
                session, refund_id, reference=f"{reference}-R",
                person_id=self.stage.staff["finance"],
            )  # fmt: skip

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
        """Granted by the manager, half of it at the seller's cost."""
        session = self.stage.session
        found = worth(session, session.get_one(SellerOrder, part_id))
        line = next(line for line in found.lines.values() if line.live)
        price = line.price_of(1)
        give_back(
            session, part_id, lines={line.line.id: (1, price)}, delivery=0,
            seller_share=price // 2, reason="Satu kemasan bocor di jalan",
            person_id=self.stage.staff["manager"], key=f"demo:{number}:{part_id.hex}",
        )  # fmt: skip
