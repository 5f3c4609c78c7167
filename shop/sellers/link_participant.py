"""Saying which participant of the programme a member of a seller is."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.sellers.models import SellerMember


class AlreadyLinked(ValueError):
    """This member is known as another participant, or the seller has this participant already."""


def link(session: Session, member_id: uuid.UUID, participant_id: uuid.UUID) -> SellerMember:
    """Tie a member of a seller to a participant, so that training and income meet.

    Raises `AlreadyLinked`; linking the same two again changes nothing.
    """
    member = session.scalars(
        select(SellerMember).where(SellerMember.id == member_id).with_for_update()
    ).one()
    if member.participant_id == participant_id:
        return member
    twin = select(SellerMember.id).where(
        SellerMember.seller_id == member.seller_id,
        SellerMember.participant_id == participant_id,
        SellerMember.left_on.is_(None),
    )
    if member.participant_id is not None or session.scalar(twin) is not None:
        raise AlreadyLinked(str(member_id))
    member.participant_id = participant_id
    session.flush()
    return member


def unlink(session: Session, member_id: uuid.UUID) -> None:
    """Undo a wrong `link`."""
    member = session.scalars(select(SellerMember).where(SellerMember.id == member_id)).one()
    member.participant_id = None
    session.flush()
