"""Staff decide a complaint: the seller gets the money, the buyer gets it back, or some of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.complaints.models import Complaint
from shop.complaints.move import move_complaint
from shop.complaints.report import studio_link
from shop.complaints.states import ComplaintState
from shop.complaints.tell import tell_buyer
from shop.core import clock
from shop.orders.chosen_lines import NothingChosen
from shop.orders.complete import complete
from shop.orders.decline import NoReason
from shop.orders.give_back import give_back
from shop.orders.models import SellerOrder
from shop.orders.move import held_payments
from shop.orders.return_part import return_part
from shop.orders.states import SellerOrderState
from shop.orders.tell import tell_sellers
from shop.orders.worth import PartWorth, worth

REFUSED = "complaint_refused"
GRANTED = "complaint_granted"


class Bearer(StrEnum):
    """At whose cost money goes back. `split`: the seller bears the rupiah named beside it."""

    SELLER = "seller"
    PROGRAMME = "programme"
    SPLIT = "split"


@dataclass(frozen=True)
class Cost:
    """Who bears what goes back; `share` rupiah are the seller's where it is split."""

    bearer: Bearer
    share: int = 0

    def of_seller(self, amount: int) -> int:
        """What the seller bears of `amount` rupiah."""
        return {Bearer.SELLER: amount, Bearer.PROGRAMME: 0, Bearer.SPLIT: self.share}[self.bearer]


@dataclass(frozen=True)
class Back:
    """What goes back where it is not all: of each line so many pieces and rupiah, and delivery."""

    lines: Mapping[uuid.UUID, tuple[int, int]]
    delivery: int = 0

    @property
    def amount(self) -> int:
        """All of it, in rupiah."""
        return self.delivery + sum(rupiah for _, rupiah in self.lines.values())


def refuse(
    session: Session, complaint_id: uuid.UUID, *, reason: str, person_id: uuid.UUID | None
) -> None:
    """The seller did as she should: what waited becomes hers.

    Raises `NoReason`, `IllegalMove`, `complete.CashNotReceived`.
    """
    complaint = _end(session, complaint_id, ComplaintState.REFUSED, reason, person_id)
    if _waits(session, complaint):
        complete(session, complaint.seller_order_id, actor="staff", person_id=person_id)
    _tell(session, complaint, REFUSED, person_id)


def grant_all(
    session: Session,
    complaint_id: uuid.UUID,
    *,
    cost: Cost,
    reason: str,
    person_id: uuid.UUID | None,
    restock: bool = False,
) -> None:
    """All that was paid for the part goes back, and nothing of it is earned.

    `restock`: the goods are with the seller again and can be sold. Raises `NoReason`,
    `IllegalMove`, `chosen_lines.BadShare`.
    """
    complaint = _end(session, complaint_id, ComplaintState.GRANTED, reason, person_id)
    waits = _waits(session, complaint)
    if waits:
        _return(session, complaint, cost, person_id, restock=restock)
    _tell(session, complaint, GRANTED, person_id, buyer_knows=waits)


def grant_some(
    session: Session,
    complaint_id: uuid.UUID,
    back: Back,
    *,
    cost: Cost,
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    """Some of what was paid goes back, the rest becomes the seller's; all of it is `grant_all`.

    Raises `NoReason`, `IllegalMove`, `payments.refund.NotPaid`, and what `give_back` raises.
    """
    if not back.amount:
        raise NothingChosen
    complaint = _end(session, complaint_id, ComplaintState.GRANTED, reason, person_id)
    waits = _waits(session, complaint)
    if waits:
        if back.amount == _worth(session, complaint).left:
            _return(session, complaint, cost, person_id, restock=False)
        else:
            give_back(
                session, complaint.seller_order_id, lines=back.lines, delivery=back.delivery,
                seller_share=cost.of_seller(back.amount), reason=complaint.decision,
                person_id=person_id, key=f"complaint:{complaint.id.hex}",
            )  # fmt: skip
            complete(session, complaint.seller_order_id, actor="staff", person_id=person_id)
    _tell(session, complaint, GRANTED, person_id, buyer_knows=waits)


def _end(
    session: Session,
    complaint_id: uuid.UUID,
    target: ComplaintState,
    reason: str,
    person_id: uuid.UUID | None,
) -> Complaint:
    words = reason.strip()
    if not words:
        raise NoReason
    return move_complaint(
        session, complaint_id, target, actor="staff", person_id=person_id, reason=words,
        decision=words, decided_at=clock.now(),
    )  # fmt: skip


def _waits(session: Session, complaint: Complaint) -> bool:
    """Whether its money still waits: staff may have ended the part from its order's page."""
    held_payments(session, [complaint.seller_order_id])
    part = session.get_one(SellerOrder, complaint.seller_order_id, populate_existing=True)
    return part.state == SellerOrderState.DISPUTED


def _worth(session: Session, complaint: Complaint) -> PartWorth:
    return worth(session, session.get_one(SellerOrder, complaint.seller_order_id))


def _return(
    session: Session,
    complaint: Complaint,
    cost: Cost,
    person_id: uuid.UUID | None,
    *,
    restock: bool,
) -> None:
    return_part(
        session, complaint.seller_order_id,
        seller_share=cost.of_seller(_worth(session, complaint).left),
        reason=complaint.decision, person_id=person_id, restock=restock,
    )  # fmt: skip


def _tell(
    session: Session,
    complaint: Complaint,
    kind: str,
    person_id: uuid.UUID | None,
    *,
    buyer_knows: bool = False,
) -> None:
    """Tell both sides why; whoever hears of her money hears the reason with it."""
    words = complaint.decision
    audit.write(
        session, person_id, kind.replace("_", "."), "complaint", complaint.id,
        part=complaint.seller_order_id.hex, reason=words,
    )  # fmt: skip
    tell_sellers(
        session, [complaint.seller_order_id], kind,
        link=studio_link(complaint), event=complaint.id.hex, reason=words,
    )  # fmt: skip
    if not buyer_knows:
        tell_buyer(session, complaint, kind, reason=words)
