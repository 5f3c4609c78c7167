"""What a buyer has towards her next orders: how much of it is free, and every change of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, ScalarSelect, Table, Uuid, bindparam, func, select, text
from sqlalchemy.orm import Session

from shop.ledger.post import Leg
from shop.ledger.states import AccountKind
from shop.payments.models import Payment
from shop.payments.models_credit import CreditKind, CreditLine
from shop.payments.states import PaymentState

LEAST_LEFT = 1_000
"""So many rupiah of a payment stay to be paid with money, at least: a sum that can be sent."""
_SPENDING = 7_735_403
"""With a person, the PostgreSQL advisory lock under which her credit is promised."""
_LINES = cast("Table", CreditLine.__table__).c
_PAYMENTS = cast("Table", Payment.__table__).c
OPEN = (PaymentState.PENDING.value, PaymentState.CLAIMED.value)


@dataclass(frozen=True)
class Buyer:
    """Who pays, where she is known: `credit` rupiah of it from her credit.

    `keeps_code`: what she pays beyond the price, as her code, becomes her credit.
    """

    person_id: uuid.UUID
    credit: int = 0
    keeps_code: bool = False


def buyer_of(payment: Payment) -> Buyer | None:
    """On which terms this payment was asked for, for another one in its place."""
    if payment.buyer_id is None:
        return None
    return Buyer(payment.buyer_id, payment.credit, payment.code_is_credit)


def had(person: ColumnElement[uuid.UUID]) -> ScalarSelect[int]:
    """All lines of a person, in rupiah."""
    lines = select(func.coalesce(func.sum(_LINES.amount), 0)).where(_LINES.person_id == person)
    return lines.scalar_subquery()


def promised(person: ColumnElement[uuid.UUID]) -> ScalarSelect[int]:
    """What of it open payments have for themselves: it is free again once they end."""
    open_ones = select(func.coalesce(func.sum(_PAYMENTS.credit), 0)).where(
        _PAYMENTS.buyer_id == person, _PAYMENTS.state.in_(OPEN)
    )
    return open_ones.scalar_subquery()


_WHO = bindparam("person", type_=Uuid())
# Built once: the checkout of everybody who is signed in asks.
_FREE = select(had(_WHO) - promised(_WHO))


def free(session: Session, person_id: uuid.UUID) -> int:
    """How many rupiah a person can use now; never less than nothing."""
    session.flush()  # a statement over bare tables sees only what is written
    return max(0, int(session.scalar(_FREE, {"person": person_id}) or 0))


def hold(session: Session, person_id: uuid.UUID) -> int:
    """`free`, and until this transaction ends nobody else uses any of it.

    SQLite has one writer by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(:spending, hashtext(:person))"),
            {"spending": _SPENDING, "person": person_id.hex},
        )
    return free(session, person_id)


def still_there(session: Session, payment: Payment) -> bool:
    """Whether an ended payment can have its credit again; it is held then."""
    if not payment.credit or payment.buyer_id is None:
        return True
    return hold(session, payment.buyer_id) >= payment.credit


def legs_of(payment: Payment) -> list[Leg]:
    """Beside the money that came for a payment: the credit it uses, and its code."""
    kept = AccountKind.CREDIT if payment.code_is_credit else AccountKind.SURPLUS
    return [Leg(AccountKind.CREDIT, payment.credit), Leg(kept, -payment.unique_code)]


def write_lines(session: Session, payment: Payment, entry_id: uuid.UUID) -> None:
    """What the entry with `legs_of` means for the buyer."""
    if payment.code_is_credit and payment.unique_code:
        write_line(session, payment, entry_id, CreditKind.CODE, payment.unique_code)
    if payment.credit:
        write_line(session, payment, entry_id, CreditKind.USED, -payment.credit)


def write_line(
    session: Session, payment: Payment, entry_id: uuid.UUID, kind: CreditKind, amount: int
) -> None:
    """One change of the credit of this payment's buyer."""
    line = CreditLine(
        person_id=payment.buyer_id, entry_id=entry_id, payment_id=payment.id, kind=kind.value,
        amount=amount,
    )  # fmt: skip
    session.add(line)
    session.flush()


class AlreadyUsed(Exception):
    """What is to be undone gave credit that its buyer has used meanwhile."""


def undo_lines(
    session: Session, payment: Payment, undone_id: uuid.UUID, reversal_id: uuid.UUID
) -> None:
    """The entry by which a payment came was reversed: so is what it did to her credit.

    Her payment waits again then, with its credit promised to it. Raises `AlreadyUsed` where she
    used meanwhile what it had given her.
    """
    given = session.scalar(select(func.sum(_LINES.amount)).where(_LINES.entry_id == undone_id))
    if given is None or payment.buyer_id is None:
        return
    if hold(session, payment.buyer_id) < given + payment.credit:
        raise AlreadyUsed(payment.id)
    if given:
        write_line(session, payment, reversal_id, CreditKind.UNDONE, -int(given))
