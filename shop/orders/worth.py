"""What a seller's part of an order is still worth: pieces to bring, rupiah that can go back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.fees import fee_of
from shop.ledger.models import FeeRule
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.states import UNDONE


@dataclass(frozen=True)
class LineWorth:
    """One line. `live` pieces are neither cancelled nor refunded, `left` rupiah can go back.

    `stands` rupiah count as sold: all that was asked for, less what went back at the seller's cost.
    To these the programme adds `subsidy`, its part of what a promotion took off.
    """

    line: OrderLine
    live: int
    left: int
    stands: int
    fee: int
    subsidy: int

    def price_of(self, pieces: int) -> int:
        """What `pieces` of the live ones are worth in rupiah, after what went back already."""
        if not self.live:
            return 0
        return min(self.line.unit_price * pieces, self.left * pieces // self.live)


@dataclass(frozen=True)
class PartWorth:
    """A part. `left` rupiah can go back, `delivery_left` of these for bringing.

    `stands` rupiah are the seller's once it is completed, less `fee`; `asked` is what the buyer was
    asked for in the end.
    """

    part: SellerOrder
    lines: Mapping[uuid.UUID, LineWorth]

    @property
    def delivery_left(self) -> int:
        """What of the delivery fee can go back, in rupiah."""
        return self.part.delivery - self.part.delivery_back

    @property
    def left(self) -> int:
        """All that can go back, in rupiah."""
        return self.delivery_left + sum(line.left for line in self.lines.values())

    @property
    def live(self) -> int:
        """How many pieces are neither cancelled nor refunded."""
        return sum(line.live for line in self.lines.values())

    @property
    def asked(self) -> int:
        """What the buyer was asked for, in rupiah, after what was lowered."""
        return self.part.total - sum(line.line.lowered for line in self.lines.values())

    @property
    def stands(self) -> int:
        """What of it is the seller's, in rupiah: all but what went back at her cost."""
        borne = sum(line.line.borne for line in self.lines.values()) + self.part.delivery_borne
        return self.asked - borne

    @property
    def given_back(self) -> int:
        """What of it went back to the buyer, in rupiah."""
        return self.part.delivery_back + sum(line.line.given_back for line in self.lines.values())

    @property
    def subsidy(self) -> int:
        """What the programme adds to what stands, for what promotions took off, in rupiah.

        Where the part was undone it adds nothing, as it keeps nothing of it.
        """
        if self.part.state in UNDONE:
            return 0
        return sum(line.subsidy for line in self.lines.values()) + self._delivery_subsidy

    @property
    def _delivery_subsidy(self) -> int:
        part = self.part
        if not part.delivery:
            return part.delivery_subsidy
        return part.delivery_subsidy * (part.delivery - part.delivery_borne) // part.delivery

    @property
    def due_fee(self) -> int:
        """The fee, and nothing of it where the part was undone, in rupiah."""
        return 0 if self.part.state in UNDONE else self.fee

    @property
    def fee(self) -> int:
        """What the programme keeps of the goods that stand, in rupiah."""
        return sum(line.fee for line in self.lines.values()) if self.lines else self.part.fee


def worth(session: Session, part: SellerOrder) -> PartWorth:
    """The worth of a part as it is now; its payment should be held against others."""
    rows = session.execute(
        select(OrderLine, FeeRule.basis_points, FeeRule.flat)
        .join(FeeRule, FeeRule.id == OrderLine.fee_rule_id)
        .where(OrderLine.seller_order_id == part.id)
        .order_by(OrderLine.position)
        .execution_options(populate_existing=True)
    )
    return PartWorth(part, {line.id: _line(line, *kept) for line, *kept in rows})


def _line(line: OrderLine, basis_points: int, flat: int) -> LineWorth:
    stands = line.total - line.lowered - line.borne
    return LineWorth(
        line,
        live=line.quantity - line.cancelled - line.refunded,
        left=line.total - line.lowered - line.given_back,
        stands=stands,
        fee=line.fee if stands == line.total else min(line.fee, fee_of(stands, basis_points, flat)),
        subsidy=line.subsidy * stands // line.total,
    )
