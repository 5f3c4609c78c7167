"""Staff look at a first product: it is shown or sent back, and the seller hears of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Notification, Person, Role
from shop.catalog.approve import (
    ReasonMissing,
    SellerNotApproved,
    approve_product,
    decline_product,
)
from shop.catalog.models import Product, ProductEvent
from shop.catalog.publish import publish
from shop.catalog.states import ProductState
from shop.core.lifecycle import IllegalMove
from shop.sellers.models import MemberRole, SellerMember
from shop.sellers.states import SellerState
from tests.catalog.offered import offer
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def maker(session: Session) -> Person:
    return make_person(session, name="Rohana")


@pytest.fixture
def staff(session: Session) -> Person:
    return make_person(session, Role.FACILITATOR, name="Nurhayati")


@pytest.fixture
def waiting(session: Session, maker: Person) -> Product:
    seller = make_seller(session, owner=maker)
    return offer(session, seller, state=ProductState.WAITING).product


def test_approving_shows_it_and_tells_those_who_run_the_studio(
    session: Session, waiting: Product, maker: Person, staff: Person
):
    idle = make_person(session, name="Anggota")
    session.add(
        SellerMember(
            seller_id=waiting.seller_id, person_id=idle.id, name=idle.name,
            role=MemberRole.MEMBER.value,
        )
    )  # fmt: skip
    approve_product(session, waiting.id, staff.id)
    session.flush()
    assert waiting.state == ProductState.LIVE
    assert waiting.published_at is not None
    told = session.scalars(select(Notification)).all()
    assert [(n.person_id, n.kind) for n in told] == [(maker.id, "product_approved")]
    assert told[0].link == f"/sell/products/{waiting.id}"
    assert session.scalars(select(AuditLine.action)).all() == ["product.approve"]


def test_declining_gives_the_reason(session: Session, waiting: Product, staff: Person):
    decline_product(session, waiting.id, staff.id, "Fotonya gelap.")
    session.flush()
    assert waiting.state == ProductState.DECLINED
    assert session.scalars(select(ProductEvent.reason)).all() == ["Fotonya gelap."]
    told = session.scalars(select(Notification)).one()
    assert (told.kind, told.detail["reason"]) == ("product_declined", "Fotonya gelap.")


def test_a_reason_is_needed(session: Session, waiting: Product, staff: Person):
    with pytest.raises(ReasonMissing):
        decline_product(session, waiting.id, staff.id, "  ")
    assert waiting.state == ProductState.WAITING


def test_the_seller_comes_first(session: Session, staff: Person):
    seller = make_seller(session, state=SellerState.APPLIED)
    product = offer(session, seller, state=ProductState.WAITING).product
    with pytest.raises(SellerNotApproved):
        approve_product(session, product.id, staff.id)
    assert product.state == ProductState.WAITING


def test_only_what_waits_can_be_answered_and_only_once(
    session: Session, waiting: Product, staff: Person
):
    approve_product(session, waiting.id, staff.id)
    with pytest.raises(IllegalMove):
        approve_product(session, waiting.id, staff.id)
    with pytest.raises(IllegalMove):
        decline_product(session, waiting.id, staff.id, "Terlambat.")
    assert waiting.state == ProductState.LIVE


def test_after_a_decline_the_seller_asks_again(
    session: Session, waiting: Product, staff: Person, app
):
    from shop.catalog.add_photo import add_photo
    from tests.catalog.offered import snapshot

    decline_product(session, waiting.id, staff.id, "Fotonya gelap.")
    add_photo(session, app.extensions["storage"], waiting.id, snapshot(), person_id=None)
    assert publish(session, waiting.id, None) == ProductState.WAITING
