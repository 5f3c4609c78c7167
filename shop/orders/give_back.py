"""Staff decide that money goes back for a part that was paid, whatever became of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog.take_back import take_back
from shop.orders.chosen_lines import StillInTheHouse, check_back
from shop.orders.decline import NoReason
from shop.orders.grant_back import Act, grant_back
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments
from shop.orders.states import IN_THE_HOUSE, UNDONE, SellerOrderState
from shop.orders.tell_back import tell_back
from shop.orders.worth import worth
from shop.payments import refund
from shop.payments.models import Refund
from shop.payments.refund import Back, NotPaid
from shop.payments.states import PaymentState

S = SellerOrderState
ENDED = UNDONE | {S.COMPLETED}
LEFT_THE_HOUSE = frozenset({S.HANDED_OVER, S.DISPUTED, S.COMPLETED})


def give_back(  # noqa: PLR0913
    session: Session,
    part_id: uuid.UUID,
    *,
    lines: Mapping[uuid.UUID, tuple[int, int]],
    delivery: int,
    seller_share: int,
    reason: str,
    person_id: uuid.UUID | None,
    key: str,
    restock: bool = False,
) -> Refund:
    """Grant a refund: of each line so many pieces and rupiah, and `delivery` rupiah.

    The seller bears `seller_share` rupiah, the programme the rest. `restock`: the pieces came back
    and can be sold again. Before hand-over only rupiah go back: pieces are cancelled instead.
    The same `key` gives the refund it made before. Raises `NoReason`, `NotPaid`, and of
    `chosen_lines` `UnknownLine`, `TooManyPieces`, `TooMuchBack`, `BadShare`, `NothingChosen`,
    `StillInTheHouse`.
    """
    if not reason.strip():
        raise NoReason
    payment = held_payments(session, [part_id]).get(part_id)
    known = refund.granted(session, key)
    if known is not None:
        return known
    part = session.get_one(SellerOrder, part_id, populate_existing=True)
    if payment is None or payment.state != PaymentState.SETTLED:
        raise NotPaid(part_id)
    found = worth(session, part)
    check_back(found, lines, delivery, seller_share)
    pieces = {found.lines[line].line.variant_id: n for line, (n, _) in lines.items() if n}
    if pieces and part.state in IN_THE_HOUSE:
        raise StillInTheHouse(part_id)
    if restock and part.state in LEFT_THE_HOUSE:  # stock is held before the books, as everywhere
        mark = f"back:{uuid.uuid5(part_id, key).hex}"
        take_back(session, pieces, key=mark, person_id=person_id)
    granted = grant_back(
        session, found, payment,
        [Back(line_id, *taken) for line_id, taken in lines.items() if any(taken)],
        Act("staff", person_id, reason.strip(), seller_share, delivery),
        count="refunded", ended=part.state in ENDED, key=key,
    )  # fmt: skip
    if granted is None:
        raise NotPaid(part_id)
    audit.write(
        session, person_id, "refund.grant", "refund", granted.id,
        order=payment.order_number, amount=granted.amount, seller=granted.seller_share,
        reason=granted.reason,
    )  # fmt: skip
    tell_back(session, part, granted, actor="staff", reason=granted.reason)
    return granted
