"""What whoever shares the money of a sale may know of goods at points (`ledger.sales`).

A sale is what was recorded as sold; what still lies there counts as one that is not ended.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from shop.catalog.models import Variant
from shop.consignment.models import Consignment, ConsignmentCount, ConsignmentLine
from shop.consignment.states import ConsignmentState
from shop.core import clock
from shop.ledger.sales import Ids, Sale, SoldLine, Source
from shop.sellers.models import PickupPoint


def _sales(session: Session, ids: Ids) -> dict[uuid.UUID, Sale]:
    sold = session.execute(
        select(
            ConsignmentCount, ConsignmentLine, Consignment.number, PickupPoint.name,
            Variant.product_id,
        )
        .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
        .join(Consignment, Consignment.id == ConsignmentLine.consignment_id)
        .join(PickupPoint, PickupPoint.id == Consignment.point_id)
        .join(Variant, Variant.id == ConsignmentLine.variant_id)
        .where(ConsignmentCount.id.in_(ids), ConsignmentCount.reverses_id.is_(None))
    )  # fmt: skip
    found = {
        count.id: Sale(
            id=count.id,
            seller_id=line.seller_id,
            rule_id=line.share_rule_id,
            number=number,
            buyer=point,
            sold_on=clock.local_day(count.at),
            lines=(
                SoldLine(
                    line.id,
                    line.name,
                    count.quantity,
                    count.amount - count.fee,
                    count.amount,
                    product_id,
                ),
            ),
            ended=True,
            consigned=True,
        )
        for count, line, number, point, product_id in sold
    }
    back = select(ConsignmentCount.reverses_id).where(ConsignmentCount.reverses_id.in_(found))
    for undone in session.scalars(back).all():
        if undone is not None:
            found[undone] = replace(found[undone], lines=())  # nothing of it stands
    lying = session.scalars(
        select(Consignment)
        .where(Consignment.id.in_(ids))
        .options(selectinload(Consignment.lines), selectinload(Consignment.point))
    )
    return found | {one.id: _lying(one) for one in lying}


def _lying(one: Consignment) -> Sale:
    """Who made it can be written down until the first piece is sold."""
    return Sale(
        id=one.id,
        seller_id=one.seller_id,
        rule_id=next((line.share_rule_id for line in one.lines), None),
        number=one.number,
        buyer=one.point.name,
        sold_on=one.left_on,
        lines=tuple(SoldLine(line.id, line.name, line.quantity, 0) for line in one.lines),
        ended=one.state == ConsignmentState.CLOSED or any(line.sold for line in one.lines),
        consigned=True,
    )


def _still_open(session: Session, seller_id: uuid.UUID) -> Sequence[uuid.UUID]:
    touched = select(ConsignmentLine.consignment_id).where(ConsignmentLine.sold > 0)
    return session.scalars(
        select(Consignment.id).where(
            Consignment.seller_id == seller_id,
            Consignment.state == ConsignmentState.OPEN.value,
            Consignment.id.not_in(touched),
        )
    ).all()


def _last(session: Session, seller_id: uuid.UUID) -> date | None:
    return session.scalar(
        select(func.max(Consignment.left_on))
        .join(ConsignmentLine, ConsignmentLine.consignment_id == Consignment.id)
        .where(Consignment.seller_id == seller_id, ConsignmentLine.share_rule_id.is_not(None))
    )


def _of_product(session: Session, product_id: uuid.UUID, since: date) -> Sequence[uuid.UUID]:
    return session.scalars(
        select(ConsignmentCount.id)
        .join(ConsignmentLine, ConsignmentLine.id == ConsignmentCount.line_id)
        .join(Variant, Variant.id == ConsignmentLine.variant_id)
        .where(Variant.product_id == product_id, ConsignmentCount.at >= clock.day_start(since))
    ).all()


SALES = Source(_sales, _still_open, _last, _of_product)
"""Goods left at points."""
