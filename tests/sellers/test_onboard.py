"""Becoming a seller: the stall, its people, where it delivers; approval and what follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import queries as news
from shop.accounts.models import Role
from shop.core.lifecycle import IllegalMove
from shop.sellers import approve, membership, onboard, queries
from shop.sellers.models import (
    DeliveryZone,
    MemberRole,
    Seller,
    SellerEvent,
    SellerKind,
    SellerMember,
)
from tests.factories.people import make_person
from tests.factories.sellers import SEI_JANG, make_seller
from tests.factories.training import make_cohort, make_graduate, make_participant

pytestmark = pytest.mark.both


def apply(session: Session, name: str = "Dapur Bu Siti", **more: object) -> Seller:
    facts: dict[str, object] = {
        "kind": SellerKind.INDIVIDUAL,
        "phone": "+6281200001111",
        "kelurahan_code": SEI_JANG,
        "owner_name": "Siti",
    }
    return onboard.apply(session, name=name, **(facts | more))  # type: ignore[arg-type]


def zones(session: Session, seller: Seller) -> dict[str, tuple[int, int | None]]:
    rows = session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id == seller.id))
    return {zone.zone: (zone.fee, zone.free_over) for zone in rows}


def test_who_applies_waits_and_owns_the_stall(session: Session):
    person = make_person(session)
    seller = apply(session, owner_person_id=person.id)
    session.commit()
    assert (seller.state, seller.slug) == ("applied", "dapur-bu-siti")
    assert queries.membership_of(session, person.id, None) == (seller.id, "owner")
    assert queries.seller_by_slug(session, seller.slug) is None


def test_equal_names_get_addresses_of_their_own(session: Session):
    slugs = {apply(session).slug for _ in range(3)}
    assert len(slugs) == 3
    assert apply(session, name="“…”").slug == "lapak"


def test_an_unknown_kelurahan_is_refused(session: Session):
    with pytest.raises(onboard.UnknownKelurahan):
        apply(session, kelurahan_code="99.99.99.9999")


def test_a_person_works_for_a_seller_once_but_for_many_sellers(session: Session):
    person = make_person(session)
    first, second = apply(session), apply(session)
    for seller in (first, second):
        onboard.add_member(
            session, seller.id, name="Sari", role=MemberRole.MANAGER, person_id=person.id
        )
    with pytest.raises(onboard.AlreadyMember):
        onboard.add_member(
            session, first.id, name="Sari", role=MemberRole.MEMBER, person_id=person.id
        )
    assert {s.id for s in queries.sellers_of(session, person.id)} == {first.id, second.id}


def test_the_seller_chosen_last_is_acted_for(session: Session):
    person = make_person(session)
    first, second = (make_seller(session, owner=person) for _ in range(2))
    assert queries.membership_of(session, person.id, None) == (first.id, "owner")
    assert queries.membership_of(session, person.id, second.id) == (second.id, "owner")
    stranger = make_seller(session)
    assert queries.membership_of(session, person.id, stranger.id) == (first.id, "owner")


def test_zones_are_set_changed_and_taken_away(session: Session):
    seller = apply(session)
    onboard.set_zones(session, seller.id, {"A": (8000, None), "C": (15000, 100000)})
    assert zones(session, seller) == {"A": (8000, None), "C": (15000, 100000)}
    onboard.set_zones(session, seller.id, {"C": (0, None)})
    assert zones(session, seller) == {"C": (0, None)}
    with pytest.raises(onboard.UnknownZone):
        onboard.set_zones(session, seller.id, {"Mars": (1, None)})
    onboard.set_zones(session, seller.id, {})
    assert zones(session, seller) == {}


def test_approval_opens_the_stall_and_tells_its_people(session: Session):
    staff, person = make_person(session, Role.FACILITATOR), make_person(session)
    seller = apply(session, owner_person_id=person.id)
    approve.approve(session, seller.id, staff.id)
    assert seller.state == "approved"
    assert queries.seller_by_slug(session, seller.slug) is seller
    assert news.unseen_news(session, person.id, seller.id) == 1
    event = session.scalars(select(SellerEvent)).one()
    assert (event.source, event.target, event.person_id) == ("applied", "approved", staff.id)
    with pytest.raises(IllegalMove):
        approve.approve(session, seller.id, staff.id)


def test_a_refusal_has_its_reason_and_can_be_answered(session: Session):
    staff, person = make_person(session, Role.FACILITATOR), make_person(session)
    seller = apply(session, owner_person_id=person.id)
    with pytest.raises(approve.ReasonMissing):
        approve.decline(session, seller.id, staff.id, "  ")
    approve.decline(session, seller.id, staff.id, "Alamat belum lengkap")
    assert queries.last_reason(session, seller) == "Alamat belum lengkap"
    approve.apply_again(session, seller.id, person.id)
    assert seller.state == "applied"
    assert queries.last_reason(session, seller) is None
    with pytest.raises(IllegalMove):
        approve.apply_again(session, seller.id, person.id)


def test_a_suspended_stall_is_out_of_sight_and_can_be_opened_again(session: Session):
    staff = make_person(session, Role.MANAGER)
    seller = make_seller(session)
    with pytest.raises(approve.ReasonMissing):
        approve.suspend(session, seller.id, staff.id, "")
    approve.suspend(session, seller.id, staff.id, "Barang tidak dikirim")
    assert queries.seller_by_slug(session, seller.slug) is None
    assert seller not in queries.makers(session, 1).rows
    approve.approve(session, seller.id, staff.id)
    assert queries.seller_by_slug(session, seller.slug) is seller


def test_who_leaves_loses_the_studio_but_somebody_must_stay(session: Session, noon: datetime):
    by, owner = make_person(session, Role.MANAGER), make_person(session)
    seller = make_seller(session, owner=owner)
    second = make_person(session)
    member = onboard.add_member(
        session, seller.id, name="Sari", role=MemberRole.MANAGER, person_id=second.id
    )
    for _ in range(2):
        membership.leave(session, seller.id, member.id, by.id)
    session.expire_all()
    assert member.left_on == date(2026, 11, 25)
    assert queries.membership_of(session, second.id, seller.id) is None
    first = session.scalars(select(SellerMember).where(SellerMember.person_id == owner.id)).one()
    with pytest.raises(membership.NobodyLeft):
        membership.leave(session, seller.id, first.id, by.id)
    again = onboard.add_member(
        session, seller.id, name="Sari", role=MemberRole.MEMBER, person_id=second.id
    )
    assert again.id != member.id


def test_certificates_are_those_of_present_members_each_course_once(session: Session):
    cohort = make_cohort(session)
    first, _ = make_graduate(session, cohort, name="Siti")
    second, certificate = make_graduate(session, cohort, finished_on=date(2025, 5, 1), name="Sari")
    gone, _ = make_graduate(session, make_cohort(session), name="Ani")
    seller, other = make_seller(session), make_seller(session)
    for participant in (first, second, gone, make_participant(session)):
        onboard.add_member(
            session, seller.id, name=participant.name, role=MemberRole.MEMBER,
            participant_id=participant.id, joined_on=date(2025, 6, 1),
        )  # fmt: skip
    left = session.scalars(select(SellerMember).where(SellerMember.participant_id == gone.id)).one()
    left.left_on = date(2025, 6, 1) + timedelta(days=1)
    found = queries.certificates_of_sellers(session, [seller.id, other.id])
    assert {s: [k.issued_on for k in skills] for s, skills in found.items()} == {
        seller.id: [date(2025, 5, 1)]
    }
    certificate.revoked_at = datetime.now().astimezone()
    found = queries.certificates_of_sellers(session, [seller.id])
    assert [k.issued_on for k in found[seller.id]] == [date(2025, 4, 10)]
