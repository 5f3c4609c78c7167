"""Telling a seller who collects by herself that a buyer says she has paid."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.core.money import rupiah
from shop.payments.models import Payment
from shop.sellers.models import MemberRole, SellerMember

CLAIMED = "direct_claimed"
_RUN_THE_STUDIO = (MemberRole.OWNER.value, MemberRole.TREASURER.value, MemberRole.MANAGER.value)


def tell_collector(session: Session, payment: Payment) -> None:
    """Ask those who run her studio to look whether it came. The programme's are not hers."""
    if payment.collector_id is None:
        return
    people = session.scalars(
        select(SellerMember.person_id).where(
            SellerMember.seller_id == payment.collector_id,
            SellerMember.role.in_(_RUN_THE_STUDIO),
            SellerMember.left_on.is_(None),
            SellerMember.person_id.is_not(None),
        )
    ).all()
    notify.tell(
        session, [person for person in people if person], CLAIMED,
        seller_id=payment.collector_id, link="/sell/money/direct",
        event=notify.just_now(payment.id), number=payment.order_number,
        amount=rupiah(payment.amount),
    )  # fmt: skip
