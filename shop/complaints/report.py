"""A buyer reports a problem of what she got, and takes it back when it is solved."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.complaints.move import move_complaint
from shop.complaints.states import ComplaintKind, ComplaintState
from shop.complaints.tell import tell_buyer
from shop.core import clock, ids
from shop.core.lifecycle import IllegalMove
from shop.orders.models import SellerOrder
from shop.orders.move import move_part
from shop.orders.states import SellerOrderState
from shop.orders.tell import tell_sellers

MOST_PHOTOS = 4
NEW = "complaint_new"
WITHDRAWN = "complaint_withdrawn"
WRITTEN_DOWN = "complaint_written_down"


class TooManyPhotos(Exception):
    """Four photos show what is wrong."""


def one_at_a_time(session: Session, part_id: uuid.UUID) -> SellerOrder:
    """The part, held until this transaction ends: two presses of a button come one by one."""
    return session.scalars(
        select(SellerOrder)
        .where(SellerOrder.id == part_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def report(
    session: Session,
    part_id: uuid.UUID,
    *,
    key: str,
    kind: ComplaintKind,
    text: str,
    pictures: Sequence[str] = (),
    actor: str = "buyer",
    person_id: uuid.UUID | None = None,
) -> Complaint:
    """Say what is wrong with a handed-over part; its money waits from now on.

    `pictures` are the names of kept private ones. The same `key` gives the complaint it made
    before. `actor` is `buyer`, or `staff` for a buyer who telephones: then she is told that it is
    written down. Raises `TooManyPhotos`, `IllegalMove`.
    """
    if len(pictures) > MOST_PHOTOS:
        raise TooManyPhotos
    part = one_at_a_time(session, part_id)
    whole_key = f"{part_id.hex}:{key[:40]}"
    known = session.scalars(select(Complaint).where(Complaint.key == whole_key)).first()
    if known is not None:
        return known
    move_part(session, part_id, SellerOrderState.DISPUTED, actor=actor, person_id=person_id)
    complaint = Complaint(
        id=ids.new_id(),
        key=whole_key,
        seller_order_id=part_id,
        seller_id=part.seller_id,
        kind=kind.value,
        text=text,
    )
    session.add(complaint)
    session.flush()  # its photos refer to it
    session.add_all(
        ComplaintPhoto(complaint_id=complaint.id, picture_sha256=sha256, position=position)
        for position, sha256 in enumerate(dict.fromkeys(pictures))
    )
    session.flush()
    tell_sellers(session, [part_id], NEW, link=studio_link(complaint), event=complaint.id.hex)
    if actor == "staff":
        audit.write(
            session, person_id, "complaint.report", "complaint", complaint.id, part=part_id.hex
        )
        tell_buyer(session, complaint, WRITTEN_DOWN)
    return complaint


def withdraw(
    session: Session, complaint_id: uuid.UUID, *, person_id: uuid.UUID | None = None
) -> None:
    """It is solved: the part is handed over as before, and its days of waiting begin anew.

    Raises `IllegalMove`.
    """
    complaint = move_complaint(
        session, complaint_id, ComplaintState.WITHDRAWN, actor="buyer", person_id=person_id
    )
    move_part(
        session, complaint.seller_order_id, SellerOrderState.HANDED_OVER,
        actor="buyer", person_id=person_id, handed_over_at=clock.now(),
    )  # fmt: skip
    tell_sellers(
        session, [complaint.seller_order_id], WITHDRAWN,
        link=studio_link(complaint), event=complaint.id.hex,
    )  # fmt: skip


def can_report(part: SellerOrder) -> bool:
    """Whether a problem of this part can be reported now."""
    return part.state == SellerOrderState.HANDED_OVER


def studio_link(complaint: Complaint) -> str:
    """Where the seller reads it and answers."""
    return f"/sell/orders/complaints/{complaint.id}"


__all__ = [
    "MOST_PHOTOS",
    "IllegalMove",
    "TooManyPhotos",
    "can_report",
    "one_at_a_time",
    "report",
    "studio_link",
    "withdraw",
]
