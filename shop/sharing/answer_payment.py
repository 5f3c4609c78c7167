"""What becomes of a payment to a member: she got it, she says she did not, or it is taken back."""

from __future__ import annotations

import uuid
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core.lifecycle import move
from shop.core.money import rupiah
from shop.ledger.models import Entry
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import EntryKind
from shop.sellers.models import SellerMember
from shop.sellers.queries import people_running
from shop.sharing.models import MemberPayment, MemberPaymentEvent
from shop.sharing.pay_member import legs_of
from shop.sharing.states import MEMBER_PAYMENT, PaidState

TOLD = "group_disputed"


class NotHers(PermissionError):
    """Only the member herself can say it; where she cannot sign in, somebody else of the group who
    did not hand it over.
    """


class NoReason(Exception):
    """Nothing was said."""


def confirm(session: Session, payment: MemberPayment, person_id: uuid.UUID) -> None:
    """She got the money. Raises `NotHers`, `IllegalMove`."""
    actor = _speaks_as(session, payment, person_id)
    _move(session, payment, PaidState.CONFIRMED, actor, person_id)


def dispute(session: Session, payment: MemberPayment, person_id: uuid.UUID, words: str) -> None:
    """She did not get it, or not so much; those who run the group are told.

    Raises `NoReason`, `NotHers`, `IllegalMove`.
    """
    if not words.strip():
        raise NoReason
    if _speaks_as(session, payment, person_id) != "member":
        raise NotHers
    _move(session, payment, PaidState.DISPUTED, "member", person_id, words.strip()[:300])
    member = session.get_one(SellerMember, payment.member_id)
    notify.tell(
        session, people_running(session, payment.seller_id), TOLD, seller_id=payment.seller_id,
        link=f"/sell/group/members/{member.id}", event=notify.just_now(payment.id),
        amount=rupiah(payment.paid), name=member.name,
    )  # fmt: skip


def take_back(session: Session, payment: MemberPayment, person_id: uuid.UUID, words: str) -> None:
    """It was a mistake, or she is right: the books are as before, and she is owed it again.

    Raises `NoReason`, `IllegalMove`.
    """
    if not words.strip():
        raise NoReason
    lock_books(session)
    _move(session, payment, PaidState.TAKEN_BACK, "treasurer", person_id, words.strip()[:300])
    entry = session.scalars(
        select(Entry.id).where(Entry.key == f"member_paid:{payment.id.hex}")
    ).one()
    legs = [Leg(leg.kind, -leg.amount, leg.seller_id, leg.member_id) for leg in legs_of(payment)]
    about = About(
        person_id=person_id, group_id=payment.id, reverses_id=entry, note=words.strip()[:300]
    )
    post(session, EntryKind.REVERSAL, f"member_unpaid:{payment.id.hex}", legs, about)
    audit.write(
        session, person_id, "member.unpaid", "member_payment", payment.id, reason=words.strip()
    )


def _speaks_as(session: Session, payment: MemberPayment, person_id: uuid.UUID) -> str:
    member = session.get_one(SellerMember, payment.member_id)
    if member.person_id == person_id:
        return "member"
    if member.person_id is None and payment.person_id != person_id:
        return "witness"
    raise NotHers


def _move(
    session: Session,
    payment: MemberPayment,
    target: PaidState,
    actor: str,
    person_id: uuid.UUID,
    words: str | None = None,
) -> None:
    move(
        session, MEMBER_PAYMENT, cast("Table", MemberPayment.__table__),
        cast("Table", MemberPaymentEvent.__table__), payment.id, target,
        actor=actor, person_id=person_id, reason=words, extra={"answer": words} if words else {},
    )  # fmt: skip
    session.expire(payment, ["state", "answer"])
