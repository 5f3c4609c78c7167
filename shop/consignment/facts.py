"""What the books may know of consigned goods, asked for through `ledger.facts`."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.consignment.models import (
    Consignment,
    ConsignmentCount,
    ConsignmentLine,
    ConsignmentPayment,
)
from shop.ledger.facts import ConsignedFacts, Ids
from shop.sellers.models import PickupPoint


def consigned_facts(session: Session, ids: Ids) -> dict[uuid.UUID, ConsignedFacts]:
    """Where what was sold or handed on lies, by the id of its record."""
    sold = session.execute(
        select(
            ConsignmentCount.id, Consignment.number, PickupPoint.name, ConsignmentLine.name,
            ConsignmentCount.quantity, ConsignmentLine.basis_points,
        )
        .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
        .join(Consignment, Consignment.id == ConsignmentLine.consignment_id)
        .join(PickupPoint, PickupPoint.id == Consignment.point_id)
        .where(ConsignmentCount.id.in_(ids))
    )  # fmt: skip
    found = {row[0]: ConsignedFacts(*row[1:]) for row in sold}
    handed_on = session.execute(
        select(ConsignmentPayment.id, Consignment.number, PickupPoint.name)
        .join(Consignment, Consignment.id == ConsignmentPayment.consignment_id)
        .join(PickupPoint, PickupPoint.id == Consignment.point_id)
        .where(ConsignmentPayment.id.in_(ids))
    )
    return found | {row[0]: ConsignedFacts(*row[1:]) for row in handed_on}
