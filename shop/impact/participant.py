"""One participant: what she learnt, where she sells, and who she may be among the sellers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from shop.sellers.models import SellerMember
from shop.training import queries as training
from shop.training.models import Enrolment, Participant

_FOUND_AT_MOST = 20


@dataclass(frozen=True)
class ParticipantPage:
    """A participant with her courses (and certificate numbers), her places of work, candidates."""

    participant: Participant
    courses: Sequence[tuple[Enrolment, str | None]]
    members: Sequence[SellerMember]
    candidates: Sequence[SellerMember]


def participant_page(
    session: Session, participant_id: uuid.UUID, words: str = ""
) -> ParticipantPage | None:
    """What staff see of a participant, or None.

    Candidates are members of sellers not yet known as anybody, of her name (or like `words`).
    """
    participant = training.participant_of(session, participant_id)
    if participant is None:
        return None
    return ParticipantPage(
        participant,
        training.places_of(session, participant_id),
        _members(session, participant_id),
        _candidates(session, words or participant.name),
    )


def member_of(session: Session, member_id: uuid.UUID) -> SellerMember | None:
    """A member of a seller."""
    return session.get(SellerMember, member_id, options=[joinedload(SellerMember.seller)])


def _members(session: Session, participant_id: uuid.UUID) -> Sequence[SellerMember]:
    return session.scalars(
        select(SellerMember)
        .where(SellerMember.participant_id == participant_id)
        .options(joinedload(SellerMember.seller))
        .order_by(SellerMember.joined_on)
    ).all()


def _candidates(session: Session, words: str) -> Sequence[SellerMember]:
    first = words.lower().split(maxsplit=1)[0] if words.strip() else ""
    return session.scalars(
        select(SellerMember)
        .where(
            SellerMember.participant_id.is_(None),
            SellerMember.left_on.is_(None),
            or_(
                func.lower(SellerMember.name).contains(words.lower(), autoescape=True),
                func.lower(SellerMember.name).startswith(first, autoescape=True),
            ),
        )
        .options(joinedload(SellerMember.seller))
        .order_by(SellerMember.name)
        .limit(_FOUND_AT_MOST)
    ).all()
