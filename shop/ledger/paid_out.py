"""The end of a payout: sent by the bank, signed for in cash, or sent back."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import clock
from shop.ledger.models import Payout, PayoutBatch
from shop.ledger.payout_steps import approved, book, fresh, leaves_from, step, tell
from shop.ledger.post import Leg
from shop.ledger.reverse import reverse
from shop.ledger.states import AccountKind, EntryKind, PayoutState, PayoutWay

PAID = "payout_paid"
SIGNED = "payout_signed"
RETURNED = "payout_returned"
NOT_SENT = "payout_not_sent"


class NoReference(ValueError):
    """A payout is paid only with the bank's reference."""


class NoSignature(ValueError):
    """Money in a seller's hand is paid only with a photo of her signature."""


class OtherWay(Exception):
    """This payout goes another way: by bank, in cash, or through Stripe."""


def mark_paid(
    session: Session, payout_id: uuid.UUID, *, reference: str, person_id: uuid.UUID | None
) -> None:
    """The bank has sent it, under this reference.

    Raises `NoReference`, `NotApproved`, `OtherWay`, `IllegalMove`.
    """
    if not reference.strip():
        raise NoReference
    if approved(session, payout_id).way != PayoutWay.BANK:
        raise OtherWay
    _leave(session, payout_id, EntryKind.PAYOUT_PAID, person_id, reference=reference.strip())


def mark_signed(
    session: Session, payout_id: uuid.UUID, *, signature: str, person_id: uuid.UUID | None
) -> None:
    """The seller has the money in her hand; `signature` is a private picture of what she signed.

    The programme takes it from its bank. Raises `NoSignature`, `NotApproved`, `OtherWay`,
    `IllegalMove`.
    """
    if not signature:
        raise NoSignature
    payout = approved(session, payout_id)
    if payout.way != PayoutWay.CASH:
        raise OtherWay
    number = session.get_one(PayoutBatch, payout.batch_id).number
    _leave(
        session, payout_id, EntryKind.PAYOUT_PAID, person_id,
        reference=number, signature_sha256=signature,
    )  # fmt: skip


def mark_transferred(session: Session, payout_id: uuid.UUID, *, reference: str) -> None:
    """Stripe has moved it to the seller's account; `reference` is the transfer's id.

    Raises `NotApproved`, `OtherWay`, `IllegalMove`.
    """
    if approved(session, payout_id).way != PayoutWay.STRIPE:
        raise OtherWay
    _leave(session, payout_id, EntryKind.TRANSFERRED, None, reference=reference)


def mark_batch_paid(
    session: Session, batch_id: uuid.UUID, *, reference: str, person_id: uuid.UUID | None
) -> int:
    """Mark all of a batch that go by bank and are still open as paid; how many there were.

    Raises `NoReference`, `NotApproved`.
    """
    open_ids = session.scalars(
        select(Payout.id)
        .where(
            Payout.batch_id == batch_id,
            Payout.state == PayoutState.CLAIMED.value,
            Payout.way == PayoutWay.BANK.value,
        )
        .order_by(Payout.id)
    ).all()
    for payout_id in open_ids:
        mark_paid(session, payout_id, reference=reference, person_id=person_id)
    return len(open_ids)


def not_paid(
    session: Session,
    payout_id: uuid.UUID,
    entry_id: uuid.UUID,
    *,
    reason: str,
    person_id: uuid.UUID | None,
) -> None:
    """What the bank sent was something else: the payout, booked by this entry, is still to be sent.

    Raises `IllegalMove` where it is not paid, or came back since.
    """
    step(session, payout_id, PayoutState.CLAIMED, person_id, reason=reason,
         paid_at=None, reference="")  # fmt: skip
    reverse(session, entry_id, person_id=person_id, note=reason)
    payout = fresh(session, payout_id)
    tell(session, payout, NOT_SENT, event=notify.just_now(payout_id))
    audit.write(
        session, person_id, "payout.not_paid", "payout", payout_id,
        amount=payout.amount, reason=reason,
    )  # fmt: skip


def mark_returned(
    session: Session,
    payout_id: uuid.UUID,
    *,
    reason: str,
    person_id: uuid.UUID | None,
    at_stripe: bool = False,
) -> None:
    """It was refused or sent back: the seller is owed it again.

    `at_stripe` says that Stripe was asked, and refused it or gave it back: what goes through
    Stripe is returned only so. Raises `NotApproved`, `OtherWay`, `IllegalMove`.
    """
    if (approved(session, payout_id).way == PayoutWay.STRIPE) != at_stripe:
        raise OtherWay
    source = step(session, payout_id, PayoutState.RETURNED, person_id, reason=reason)
    payout = fresh(session, payout_id)
    where = (
        Leg(leaves_from(payout), payout.amount)
        if source == PayoutState.PAID
        else Leg(AccountKind.IN_TRANSIT, payout.amount, payout.seller_id)
    )
    legs = [where, Leg(AccountKind.PAYABLE, -payout.amount, payout.seller_id)]
    book(session, EntryKind.PAYOUT_RETURNED, payout, legs, person_id)
    audit.write(session, person_id, "payout.return", "payout", payout_id, reason=reason, was=source)
    tell(session, payout, RETURNED)


def _leave(
    session: Session,
    payout_id: uuid.UUID,
    kind: EntryKind,
    person_id: uuid.UUID | None,
    **proof: str,
) -> None:
    step(session, payout_id, PayoutState.PAID, person_id, paid_at=clock.now(), **proof)
    payout = fresh(session, payout_id)
    legs = [
        Leg(AccountKind.IN_TRANSIT, payout.amount, payout.seller_id),
        Leg(leaves_from(payout), -payout.amount),
    ]
    book(session, kind, payout, legs, person_id)
    tell(session, payout, SIGNED if payout.way == PayoutWay.CASH else PAID)
    audit.write(
        session, person_id, "payout.paid", "payout", payout_id,
        amount=payout.amount, reference=payout.reference,
    )  # fmt: skip
