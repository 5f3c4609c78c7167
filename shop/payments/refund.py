"""Money that goes back: granted first, sent by a person later, both in the books."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import clock, events
from shop.core.money import Rupiah, rupiah
from shop.ledger.earn import is_earned
from shop.ledger.events import SaleEarned
from shop.ledger.paid_out import NoReference
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.arrivals import arrival_key
from shop.payments.asked_elsewhere import refuse_asked, sent_from
from shop.payments.left_there import refuse_lost
from shop.payments.models import Payment, PaymentPart, Refund, RefundLine
from shop.payments.move import move_refund
from shop.payments.reasons import LATE
from shop.payments.states import PaymentState, RefundState

SENT = "money_sent"


class NotPaid(Exception):
    """Nothing was paid, so nothing goes back."""


class TooMuch(ValueError):
    """More than was paid for this part; `left` rupiah can still go back."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class AlreadyEarned(Exception):
    """The part is completed, its money is the seller's."""


class OwnGrant(PermissionError):
    """Who decided that money goes back does not send it as well: two people look at it."""


@dataclass(frozen=True)
class Back:
    """What goes back of one line of an order: so many pieces, so many rupiah."""

    line_id: uuid.UUID
    pieces: int
    rupiah: int


@dataclass(frozen=True)
class Terms:
    """What a refund is for and who bears it; money in rupiah.

    `seller_share` is what the seller bears (None: all), the programme bears the rest. Where the
    part has `ended`, it comes out of what she is owed, she gets `fee_back` of the fee back, and the
    programme `subsidy_back` of what it had added for a promotion.
    """

    delivery: int = 0
    seller_share: int | None = None
    lines: tuple[Back, ...] = ()
    ended: bool = False
    fee_back: int = 0
    subsidy_back: int = 0


_PLAIN = Terms()


def granted(session: Session, key: str) -> Refund | None:
    """The refund that was made with this key."""
    return session.scalars(select(Refund).where(Refund.key == key)).first()


def grant(  # noqa: PLR0913
    session: Session,
    *,
    payment_id: uuid.UUID,
    seller_order_id: uuid.UUID,
    seller_id: uuid.UUID,
    amount: int,
    reason: str,
    person_id: uuid.UUID | None,
    key: str,
    terms: Terms = _PLAIN,
) -> Refund:
    """Decide that `amount` rupiah of a seller's part go back to the buyer.

    The seller's share is taken from what is held for the part or, where it has ended, from what she
    is owed; the programme bears the rest at once. The same `key` gives the refund it made before.
    Raises `NotPaid`, `AlreadyEarned`, `TooMuch`, `LostAlready`.
    """
    lock_books(session)
    known = granted(session, key)
    if known is not None:
        return known
    payment = session.get_one(Payment, payment_id, populate_existing=True)
    if payment.state != PaymentState.SETTLED:
        raise NotPaid(payment_id)
    if not terms.ended and is_earned(session, seller_order_id):
        raise AlreadyEarned(seller_order_id)
    left = _paid_for(session, payment_id, seller_order_id) - _granted(session, seller_order_id)
    if not 0 < amount <= left:
        raise TooMuch(left)
    refuse_lost(session, payment_id, amount)
    borne = amount if terms.seller_share is None else terms.seller_share
    refund = Refund(
        key=key, payment_id=payment_id, seller_order_id=seller_order_id,
        amount=Rupiah(amount), delivery=Rupiah(terms.delivery), seller_share=Rupiah(borne),
        reason=reason[:300], granted_by=person_id,
    )  # fmt: skip
    legs = [Leg(AccountKind.GOODWILL, amount - borne)]
    if terms.ended:
        owed = borne - terms.fee_back + terms.subsidy_back
        legs.append(Leg(AccountKind.PAYABLE, owed, seller_id))
        legs.append(Leg(AccountKind.FEE, terms.fee_back))
        legs.append(Leg(AccountKind.PROMOTION, -terms.subsidy_back))
    else:
        legs.append(Leg(AccountKind.HELD, borne, seller_id))
    _due(session, refund, payment, legs, person_id)
    session.add_all(
        RefundLine(refund_id=refund.id, order_line_id=back.line_id, quantity=back.pieces,
                   amount=Rupiah(back.rupiah))
        for back in terms.lines if back.rupiah
    )  # fmt: skip
    session.flush()
    if terms.ended:
        events.publish(session, SaleEarned(seller_id, seller_order_id, person_id=person_id))
    return refund


def return_late(
    session: Session, payment: Payment, lies_in: AccountKind, person_id: uuid.UUID | None
) -> Refund:
    """Book money that came when its order was gone, and make all of it due back.

    Nobody decides that, so whoever saw it may send it back. The programme sends it, also what came
    to a seller herself: she owes it then.
    """
    direct = payment.collector_id
    source = Leg(AccountKind.OWN if direct else lies_in, payment.amount, direct)
    legs = [source, Leg(AccountKind.SUSPENSE, -payment.amount)]
    about = About(person_id=person_id, order_id=payment.order_id, payment_id=payment.id)
    post(session, EntryKind.LATE_PAYMENT, arrival_key(session, payment.id), legs, about)
    if direct:
        owed = [Leg(AccountKind.PAYABLE, payment.amount, direct)]
        owed.append(Leg(AccountKind.OWN, -payment.amount, direct))
        post(session, EntryKind.CASH_OWED, f"cash_owed:{payment.id.hex}", owed, about)
    refund = Refund(
        key=f"late:{payment.id.hex}", payment_id=payment.id, amount=payment.amount,
        reason=LATE,
    )  # fmt: skip
    _due(session, refund, payment, [Leg(AccountKind.SUSPENSE, payment.amount)], person_id)
    return refund


def mark_paid(
    session: Session,
    refund_id: uuid.UUID,
    *,
    reference: str,
    person_id: uuid.UUID | None,
    source: AccountKind | None = None,
    by_bank: int = 0,
) -> None:
    """Staff have sent the money back, under this reference.

    It came from `source`, or from where money for this way to pay is sent by hand; `by_bank` rupiah
    of it from the bank all the same. Raises `NoReference`, `OwnGrant`, `AskedElsewhere`,
    `IllegalMove`.
    """
    if not reference.strip():
        raise NoReference
    check_sender(session, refund_id, person_id)
    if source is None:
        refuse_asked(session, refund_id)
    move_refund(
        session, refund_id, RefundState.PAID, person_id=person_id,
        reference=reference.strip()[:60], paid_at=clock.now(),
    )  # fmt: skip
    refund = session.get_one(Refund, refund_id, populate_existing=True)
    payment = session.get_one(Payment, refund.payment_id)
    key = f"refund_paid:{refund_id.hex}" + (":card" if source is AccountKind.CARD else "")
    source = source or sent_from(session, refund)
    legs = [Leg(AccountKind.REFUNDS, refund.amount), Leg(source, by_bank - refund.amount)]
    legs.append(Leg(AccountKind.BANK, -by_bank))
    post(session, EntryKind.REFUND_PAID, key, legs, about_refund(refund, payment, person_id))
    audit.write(
        session, person_id, "refund.paid", "refund", refund_id,
        amount=refund.amount, reference=refund.reference,
    )  # fmt: skip
    notify.tell_buyer(
        session, payment.order_id, SENT, event=key,
        amount=rupiah(refund.amount), number=payment.order_number, reference=refund.reference,
    )  # fmt: skip


def check_sender(session: Session, refund_id: uuid.UUID, person_id: uuid.UUID | None) -> None:
    """Hold the refund against others and see whether this person may send it. Raises `OwnGrant`."""
    refund = session.get_one(Refund, refund_id, populate_existing=True, with_for_update=True)
    if refund.granted_by is not None and refund.granted_by == person_id:
        raise OwnGrant(refund_id)


def _due(
    session: Session,
    refund: Refund,
    payment: Payment,
    sources: Sequence[Leg],
    person_id: uuid.UUID | None,
) -> None:
    session.add(refund)
    session.flush()  # the entry is keyed by the refund's id
    legs = [*sources, Leg(AccountKind.REFUNDS, -refund.amount)]
    about = about_refund(refund, payment, person_id)
    post(session, EntryKind.REFUND_DUE, f"refund_due:{refund.id.hex}", legs, about)


def about_refund(refund: Refund, payment: Payment, person_id: uuid.UUID | None) -> About:
    """What an entry about a refund is about."""
    return About(
        person_id=person_id, order_id=payment.order_id,
        seller_order_id=refund.seller_order_id, payment_id=payment.id,
    )  # fmt: skip


def _paid_for(session: Session, payment_id: uuid.UUID, seller_order_id: uuid.UUID) -> int:
    paid = session.scalar(
        select(func.sum(PaymentPart.amount)).where(
            PaymentPart.payment_id == payment_id, PaymentPart.seller_order_id == seller_order_id
        )
    )
    return int(paid or 0)


def _granted(session: Session, seller_order_id: uuid.UUID) -> int:
    granted = session.scalar(
        select(func.sum(Refund.amount)).where(Refund.seller_order_id == seller_order_id)
    )
    return int(granted or 0)
