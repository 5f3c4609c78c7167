"""A part, or some of its pieces, will not come: back on the shelf, and the money to the buyer."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.catalog import reserve
from shop.catalog.take_back import moved_before
from shop.core.lifecycle import IllegalMove
from shop.ledger.earn import end_undone
from shop.orders.chosen_lines import TooMuchBack, check_pieces
from shop.orders.grant_back import Act, Count, grant_back
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.move import held_payments, move_part, note_down, pieces
from shop.orders.states import IN_THE_HOUSE, SELLER_ORDER, SellerOrderState
from shop.orders.tell_back import tell_back
from shop.orders.worth import PartWorth, worth
from shop.payments import cancel as payments_cancel
from shop.payments.lower import lower
from shop.payments.models import Payment
from shop.payments.refund import Back
from shop.payments.states import Method, PaymentState


def undo_part(session: Session, part_id: uuid.UUID, target: SellerOrderState, act: Act) -> None:
    """Bring a part that is not handed over to `declined` or `cancelled`.

    What was paid for it becomes due back, delivery fee and all unless the act says less; cash is
    asked for no more. The rupiah of the unique code stay with the programme.
    Raises `IllegalMove`, `chosen_lines.BadShare`, `TooMuchBack`.
    """
    payment = held_payments(session, [part_id]).get(part_id)
    part = session.get_one(SellerOrder, part_id, populate_existing=True)
    if payment is None or part.state not in IN_THE_HOUSE:
        raise IllegalMove(SELLER_ORDER.name, target.value)
    found = worth(session, part)
    move_part(
        session, part_id, target,
        actor=act.actor, person_id=act.person_id, reason=act.reason or None,
    )  # fmt: skip
    reserve.release(session, pieces(session, part_id), key=f"{target.value}:{part_id.hex}")
    settle_undone(session, found, payment, act, count="cancelled", key=f"undo:{part_id.hex}")


def undo_lines(
    session: Session,
    part_id: uuid.UUID,
    wanted: Mapping[uuid.UUID, int],
    target: SellerOrderState,
    act: Act,
    *,
    within: Collection[SellerOrderState],
    key: str,
) -> bool:
    """Take so many pieces of these lines off a part that stands `within` these states.

    Their price is due back, or asked for no more where cash was not paid yet; the delivery fee
    stays unless the act names it. Where no piece is left the whole part goes to `target`, delivery
    fee and all. Whether anything was done: a `key` works once.
    Raises `IllegalMove` and the faults of `chosen_lines`.
    """
    payment = held_payments(session, [part_id]).get(part_id)
    part = session.get_one(SellerOrder, part_id, populate_existing=True)
    if taken_off_before(session, part_id, key):
        return False
    if payment is None or part.state not in within:
        raise IllegalMove(SELLER_ORDER.name, target.value)
    found = worth(session, part)
    check_pieces(found, wanted)
    if sum(wanted.values()) == found.live:
        undo_part(session, part_id, target, act)
        return True
    back = [Back(id_, n, found.lines[id_].price_of(n)) for id_, n in wanted.items() if n]
    off = {found.lines[taken.line_id].line.variant_id: taken.pieces for taken in back}
    mark = _mark(part_id, key)
    reserve.release(session, off, key=mark)
    note_down(session, part, actor=act.actor, person_id=act.person_id, reason=act.reason)
    granted = None
    if payment.state == PaymentState.SETTLED:
        _check_delivery(found, act.delivery or 0)
        granted = grant_back(
            session, found, payment, back, act, count="cancelled", ended=False, key=mark
        )
    else:
        _ask_for_less(session, found, payment, back, act)
    tell_back(session, part, granted, actor=act.actor, reason=act.reason, pieces=sum(off.values()))
    return True


def taken_off_before(session: Session, part_id: uuid.UUID, key: str) -> bool:
    """Whether this press of the button has taken its pieces off already."""
    return moved_before(session, _mark(part_id, key))


def _mark(part_id: uuid.UUID, key: str) -> str:
    return f"less:{uuid.uuid5(part_id, key).hex}"


def settle_undone(
    session: Session,
    found: PartWorth,
    payment: Payment | None,
    act: Act,
    *,
    count: Count,
    key: str,
) -> None:
    """Give back all that is left of a part that has just ended undone, and close it in the books.

    Raises `IllegalMove`, `chosen_lines.BadShare`, `TooMuchBack`.
    """
    part = found.part
    if payment is None or payment.state != PaymentState.SETTLED:
        take_off(session, part.id, count)
        if payment is not None and payment.state != PaymentState.CANCELLED:
            payments_cancel.cancel(
                session, payment.id, act.actor, act.person_id, act.reason or None
            )
        tell_back(session, part, None, actor=act.actor, reason=act.reason)
        return
    in_own = payment.collector_id is not None
    in_hand = payment.method == Method.CASH and payment.carrier_id is None
    cash_taken = found.asked if in_own or in_hand else 0
    back = [Back(line_id, line.live, line.left) for line_id, line in found.lines.items()]
    delivery = found.delivery_left if act.delivery is None else act.delivery
    _check_delivery(found, delivery)
    granted = grant_back(
        session, found, payment, back, replace(act, delivery=delivery),
        count=count, ended=False, key=key,
    )  # fmt: skip
    end_undone(
        session, seller_id=part.seller_id, order_id=part.order_id, seller_order_id=part.id,
        stays=worth(session, part).stands, cash_taken=cash_taken, in_own=in_own,
        person_id=act.person_id,
    )  # fmt: skip
    tell_back(session, part, granted, actor=act.actor, reason=act.reason)


def take_off(session: Session, part_id: uuid.UUID, count: Count = "cancelled") -> None:
    """Count all pieces of a part that still counted as cancelled, or as gone back."""
    other = OrderLine.refunded if count == "cancelled" else OrderLine.cancelled
    session.execute(
        update(OrderLine)
        .where(OrderLine.seller_order_id == part_id)
        .values({count: OrderLine.quantity - other})
    )


def _check_delivery(found: PartWorth, delivery: int) -> None:
    if not 0 <= delivery <= found.delivery_left:
        raise TooMuchBack(None, found.delivery_left)


def _ask_for_less(
    session: Session, found: PartWorth, payment: Payment, back: Collection[Back], act: Act
) -> None:
    """Count these pieces as cancelled, and their rupiah as not asked for any more."""
    lower(
        session, payment.id, found.part.id, sum(taken.rupiah for taken in back),
        actor=act.actor, person_id=act.person_id, reason=act.reason,
    )  # fmt: skip
    for taken in back:
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == taken.line_id)
            .values(
                cancelled=OrderLine.cancelled + taken.pieces,
                lowered=OrderLine.lowered + taken.rupiah,
            )
        )
