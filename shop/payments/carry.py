"""A courier or a pick-up point takes a buyer's cash for a seller, and hands it in later."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.core import clock, events
from shop.core.lifecycle import IllegalMove
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.of_kinds import of_kinds
from shop.ledger.paid_out import NoReference
from shop.ledger.post import About, Leg, balance, lock_books, post
from shop.ledger.reverse import reverse
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.events import PaymentSettled
from shop.payments.models import Payment, PaymentPart
from shop.payments.models_bank import BankMatch
from shop.payments.move import fresh, move_payment
from shop.payments.settle import AlreadySettled
from shop.payments.states import Method, PaymentState
from shop.sellers.models_holder import CashHolder


class UnknownHolder(LookupError):
    """Nobody who takes cash, or no longer."""


class MoreThanCarried(ValueError):
    """More than there is to hand in; `left` rupiah are."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class AtTheBank(Exception):
    """A line of the bank's statement is this hand-in: that is undone first."""


def name_carrier(
    session: Session,
    payment_id: uuid.UUID,
    holder_id: uuid.UUID | None,
    *,
    person_id: uuid.UUID | None,
) -> None:
    """Write down who is to take this cash: a courier or a point, or (None) the seller herself.

    No money moves. Raises `UnknownHolder`, `AlreadySettled`, `IllegalMove` for other than cash that
    is waited for.
    """
    payment = fresh(session, payment_id)
    if payment.state == PaymentState.SETTLED:
        raise AlreadySettled(payment_id)
    if payment.method != Method.CASH or payment.state != PaymentState.PENDING:
        raise IllegalMove(f"{payment.method} payment", "carried")
    if holder_id == payment.carrier_id:
        return
    holder = session.get(CashHolder, holder_id) if holder_id else None
    if holder_id and (holder is None or holder.left_at is not None):
        raise UnknownHolder(holder_id)
    payment.carrier_id = holder_id
    session.flush()
    audit.write(
        session, person_id, "payment.carrier", "payment", payment_id,
        order=payment.order_number, holder=holder.name if holder else "",
    )  # fmt: skip


def take(session: Session, payment_id: uuid.UUID, *, person_id: uuid.UUID | None) -> None:
    """The courier or the point has the buyer's cash: from now on it owes it to the programme.

    Staff say so, never the seller: for this money the programme owes her. Raises `AlreadySettled`,
    `IllegalMove` where nobody was named to take it.
    """
    payment = fresh(session, payment_id)
    holder_id = payment.carrier_id
    if payment.state == PaymentState.SETTLED:
        raise AlreadySettled(payment_id)
    if holder_id is None:
        raise IllegalMove(f"{payment.method} payment", "carried")
    move_payment(
        session, payment_id, PaymentState.SETTLED, actor="staff", person_id=person_id,
        settled_at=clock.now(), settled_by=person_id,
    )  # fmt: skip
    part = session.scalars(select(PaymentPart).where(PaymentPart.payment_id == payment_id)).one()
    legs = [
        Leg(AccountKind.CARRIED, part.amount, holder_id=holder_id),
        Leg(AccountKind.HELD, -part.amount, part.seller_id),
    ]
    about = About(
        person_id=person_id, order_id=payment.order_id, seller_order_id=part.seller_order_id,
        payment_id=payment_id,
    )  # fmt: skip
    post(session, EntryKind.CARRIED, f"paid:{payment_id.hex}", legs, about)
    audit.write(
        session, person_id, "payment.carried", "payment", payment_id,
        order=payment.order_number, amount=part.amount,
    )  # fmt: skip
    events.publish(session, PaymentSettled(payment_id))


def hand_in(
    session: Session,
    holder_id: uuid.UUID,
    amount: int,
    *,
    reference: str,
    person_id: uuid.UUID | None,
    key: str,
    seller_id: uuid.UUID | None = None,
) -> bool:
    """The holder gave on `amount` rupiah: to the programme's bank account, or into a seller's hand.

    To the bank it needs the bank's `reference`. What the seller got is taken from what she is owed,
    as if she had taken the cash herself; she gets at most what was carried for her. Whether
    anything was booked: a `key` works once. Raises `NoReference`, `MoreThanCarried`.
    """
    if seller_id is None and not reference.strip():
        raise NoReference
    lock_books(session)
    mark = f"{EntryKind.HANDED_IN.value}:{uuid.uuid5(holder_id, key).hex}"
    if session.scalar(select(Entry.id).where(Entry.key == mark)) is not None:
        return False
    left = left_with(session, holder_id, seller_id)
    if not 0 < amount <= left:
        raise MoreThanCarried(left)
    to = Leg(AccountKind.PAYABLE, amount, seller_id) if seller_id else Leg(AccountKind.BANK, amount)
    legs = [to, Leg(AccountKind.CARRIED, -amount, holder_id=holder_id)]
    about = About(person_id=person_id, note=reference.strip())
    entry_id = post(session, EntryKind.HANDED_IN, mark, legs, about)
    audit.write(
        session, person_id, "cash.handed_in", "entry", entry_id,
        amount=amount, reference=reference.strip()[:60], to_bank=seller_id is None,
    )  # fmt: skip
    return True


def undo_hand_in(
    session: Session, holder_id: uuid.UUID, entry_id: uuid.UUID, *, person_id: uuid.UUID | None
) -> bool:
    """It was written down wrongly: the holder carries it again.

    Whether anything was undone: a second time changes nothing. Raises `UnknownHolder` where this
    holder handed in no such thing, `AtTheBank`.
    """
    lock_books(session)
    entry = session.scalars(
        select(Entry)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Entry.id == entry_id,
            Entry.kind == EntryKind.HANDED_IN.value,
            Account.holder_id == holder_id,
        )
    ).first()
    if entry is None:
        raise UnknownHolder(holder_id)
    if session.scalar(select(Entry.id).where(Entry.reverses_id == entry_id)) is not None:
        return False
    if session.scalar(select(exists().where(BankMatch.entry_id == entry_id))):
        raise AtTheBank(entry_id)
    reverse(session, entry_id, person_id=person_id, note=entry.note)
    audit.write(session, person_id, "cash.hand_in_undone", "entry", entry_id)
    return True


def left_with(session: Session, holder_id: uuid.UUID, seller_id: uuid.UUID | None = None) -> int:
    """What this holder carries now, in rupiah; of that what one seller may get of it."""
    carried = balance(session, AccountKind.CARRIED, holder_id=holder_id)
    if seller_id is None:
        return carried
    taken = session.scalar(
        select(func.sum(PaymentPart.amount))
        .join(Payment, Payment.id == PaymentPart.payment_id)
        .where(
            Payment.carrier_id == holder_id,
            Payment.state == PaymentState.SETTLED.value,
            PaymentPart.seller_id == seller_id,
        )
    )
    return min(carried, int(taken or 0) - given_to(session, holder_id, seller_id))


def given_to(session: Session, holder_id: uuid.UUID, seller_id: uuid.UUID) -> int:
    """What this holder put into a seller's hand, in rupiah, without what was undone."""
    given = session.scalar(
        select(func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Account.kind == AccountKind.PAYABLE.value,
            Posting.seller_id == seller_id,
            of_kinds((EntryKind.HANDED_IN,)),
            _of_holder(holder_id),
        )
    )
    return int(given or 0)


def _of_holder(holder_id: uuid.UUID) -> ColumnElement[bool]:
    """The entry is about this holder's cash."""
    account = select(Account.id).where(Account.holder_id == holder_id).scalar_subquery()
    return Entry.id.in_(select(Posting.entry_id).where(Posting.account_id == account))
