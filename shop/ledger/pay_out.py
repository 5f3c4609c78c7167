"""Paying sellers: a batch claims what is payable, the bank pays it or sends it back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session, aliased

from shop.accounts import audit, notify
from shop.core import clock, ids
from shop.core.lifecycle import move
from shop.core.money import rupiah
from shop.core.settings import load_settings
from shop.ledger.models import Account, Payout, PayoutBatch, PayoutEvent
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import PAYOUT, AccountKind, EntryKind, PayoutState
from shop.sellers.models import Seller
from shop.sellers.queries import people_running

PAID = "payout_paid"
RETURNED = "payout_returned"


class NoReference(ValueError):
    """A payout is paid only with the bank's reference."""


@dataclass(frozen=True)
class Due:
    """What a seller is owed now, in rupiah, and where it would go."""

    seller_id: uuid.UUID
    name: str
    amount: int
    bank_name: str
    bank_account: str
    bank_holder: str

    @property
    def has_account(self) -> bool:
        """Whether we know where to send it."""
        return bool(self.bank_account)


def due_now(session: Session) -> Sequence[Due]:
    """Every seller who is owed something, by name.

    What lies at consignment points for her is not ours to pay out: it comes from there.
    """
    at_points = aliased(Account)
    due = -Account.balance - func.coalesce(at_points.balance, 0)
    rows = session.execute(
        select(
            Seller.id, Seller.name, due,
            Seller.bank_name, Seller.bank_account, Seller.bank_holder,
        )
        .join(Account, Account.seller_id == Seller.id)
        .outerjoin(
            at_points,
            (at_points.seller_id == Seller.id) & (at_points.kind == AccountKind.POINT.value),
        )
        .where(Account.kind == AccountKind.PAYABLE.value, due > 0)
        .order_by(Seller.name, Seller.id)
    )  # fmt: skip
    return [Due(*row) for row in rows]


def make_batch(session: Session, *, key: str, person_id: uuid.UUID | None) -> PayoutBatch | None:
    """Claim all that is payable, at least the minimum, of sellers whose bank account is known.

    The same `key` gives the batch it made before, however often and however simultaneously it is
    pressed. None where nobody is to be paid.
    """
    lock_books(session)
    known = session.scalars(select(PayoutBatch).where(PayoutBatch.key == key)).first()
    if known is not None:
        return known
    minimum = load_settings(session).payout_minimum
    dues = [due for due in due_now(session) if due.has_account and due.amount >= minimum]
    if not dues:
        return None
    batch = PayoutBatch(key=key, number=_next_number(session), made_by=person_id)
    session.add(batch)
    session.flush()  # its payouts name it
    for due in dues:
        _claim(session, batch, due, person_id)
    audit.write(
        session, person_id, "payout.batch", "payout_batch", batch.id,
        payouts=len(dues), amount=sum(due.amount for due in dues),
    )  # fmt: skip
    return batch


def mark_paid(
    session: Session, payout_id: uuid.UUID, *, reference: str, person_id: uuid.UUID | None
) -> None:
    """The bank has sent it, under this reference. Raises `NoReference`, `IllegalMove`."""
    if not reference.strip():
        raise NoReference
    _move(
        session, payout_id, PayoutState.PAID, person_id,
        reference=reference.strip(), paid_at=clock.now(),
    )  # fmt: skip
    payout = _fresh(session, payout_id)
    legs = [
        Leg(AccountKind.IN_TRANSIT, payout.amount, payout.seller_id),
        Leg(AccountKind.BANK, -payout.amount),
    ]
    _post(session, EntryKind.PAYOUT_PAID, payout, legs, person_id)
    _tell(session, payout, PAID)
    audit.write(
        session, person_id, "payout.paid", "payout", payout_id,
        amount=payout.amount, reference=payout.reference,
    )  # fmt: skip


def mark_batch_paid(
    session: Session, batch_id: uuid.UUID, *, reference: str, person_id: uuid.UUID | None
) -> int:
    """Mark all payouts of a batch that are still open as paid; how many there were.

    Raises `NoReference`.
    """
    open_ids = session.scalars(
        select(Payout.id)
        .where(Payout.batch_id == batch_id, Payout.state == PayoutState.CLAIMED.value)
        .order_by(Payout.id)
    ).all()
    for payout_id in open_ids:
        mark_paid(session, payout_id, reference=reference, person_id=person_id)
    return len(open_ids)


def mark_returned(
    session: Session, payout_id: uuid.UUID, *, reason: str, person_id: uuid.UUID | None
) -> None:
    """The bank refused it or sent it back: the seller is owed it again. Raises `IllegalMove`."""
    source = _move(session, payout_id, PayoutState.RETURNED, person_id, reason=reason)
    payout = _fresh(session, payout_id)
    where = (
        Leg(AccountKind.BANK, payout.amount)
        if source == PayoutState.PAID
        else Leg(AccountKind.IN_TRANSIT, payout.amount, payout.seller_id)
    )
    legs = [where, Leg(AccountKind.PAYABLE, -payout.amount, payout.seller_id)]
    _post(session, EntryKind.PAYOUT_RETURNED, payout, legs, person_id)
    audit.write(session, person_id, "payout.return", "payout", payout_id, reason=reason, was=source)
    _tell(session, payout, RETURNED)


def _claim(session: Session, batch: PayoutBatch, due: Due, person_id: uuid.UUID | None) -> None:
    payout = Payout(
        id=ids.new_id(),
        batch_id=batch.id,
        seller_id=due.seller_id,
        amount=due.amount,
        bank_name=due.bank_name,
        bank_account=due.bank_account,
        bank_holder=due.bank_holder,
    )
    session.add(payout)
    legs = [
        Leg(AccountKind.PAYABLE, due.amount, due.seller_id),
        Leg(AccountKind.IN_TRANSIT, -due.amount, due.seller_id),
    ]
    _post(session, EntryKind.PAYOUT_CLAIMED, payout, legs, person_id)


def _tell(session: Session, payout: Payout, kind: str) -> None:
    """Let those who run the studio know what happened to their money."""
    notify.tell(
        session,
        people_running(session, payout.seller_id),
        kind,
        seller_id=payout.seller_id,
        link="/sell/money",
        event=payout.id.hex,
        amount=rupiah(payout.amount),
        bank=payout.bank_name,
        last=payout.bank_account[-4:],
    )


def _post(
    session: Session,
    kind: EntryKind,
    payout: Payout,
    legs: Sequence[Leg],
    person_id: uuid.UUID | None,
) -> None:
    about = About(person_id=person_id, payout_id=payout.id)
    post(session, kind, f"{kind.value}:{payout.id.hex}", legs, about)


def _move(
    session: Session,
    payout_id: uuid.UUID,
    target: PayoutState,
    person_id: uuid.UUID | None,
    *,
    reason: str | None = None,
    **extra: object,
) -> str:
    return move(
        session, PAYOUT, cast("Table", Payout.__table__), cast("Table", PayoutEvent.__table__),
        payout_id, target, actor="staff", person_id=person_id, reason=reason, extra=extra,
    )  # fmt: skip


def _fresh(session: Session, payout_id: uuid.UUID) -> Payout:
    return session.get_one(Payout, payout_id, populate_existing=True)


def _next_number(session: Session) -> str:
    """`2026-11-27-1`: the Jakarta day and the count on it. Unique, as the books are locked."""
    day = clock.today().isoformat()
    made = session.scalar(
        select(func.count()).select_from(PayoutBatch).where(PayoutBatch.number.like(f"{day}-%"))
    )
    return f"{day}-{(made or 0) + 1}"
