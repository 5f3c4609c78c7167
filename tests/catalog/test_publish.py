"""A product's way to the shelf: the first one through staff, the others at once."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.add_photo import add_photo
from shop.catalog.models import Product, ProductEvent, StockMove
from shop.catalog.publish import NoPhoto, draft, hide, publish, show, take_back
from shop.catalog.states import HalalKind, ProductState, StockKind
from shop.core.db import db
from shop.core.ids import new_id
from shop.core.lifecycle import IllegalMove
from shop.sellers.models import Seller
from shop.sellers.states import SellerState
from tests.catalog.offered import offer, shelf, snapshot
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def make_draft(app: Flask, session: Session, seller: Seller, photo: bool = True) -> Product:
    product = draft(
        session, seller.id, name="Kerupuk Tenggiri", price=15_000,
        category_slug=shelf(session).slug, person_id=None,
    )  # fmt: skip
    if photo:
        storage = app.extensions["storage"]
        add_photo(session, storage, product.id, snapshot(), person_id=None)
    return product


def test_a_draft_has_one_variant_and_its_stock_is_written_down(session: Session):
    seller = make_seller(session)
    product = draft(
        session, seller.id, name="Kerupuk Tenggiri", price=15_000, on_hand=12,
        category_slug=shelf(session).slug, person_id=None, unit="bungkus", allergens=("fish",),
        halal_kind=HalalKind.IN_PROCESS,
    )  # fmt: skip
    session.expire_all()
    assert (product.state, product.slug) == ("draft", "kerupuk-tenggiri")
    assert (product.unit, product.allergens, product.halal_kind) == (
        "bungkus", ["fish"], "in_process",
    )  # fmt: skip
    assert [(v.price, v.on_hand) for v in product.variants] == [(15_000, 12)]
    assert session.scalar(select(func.sum(StockMove.on_hand_change))) == 12


def test_what_is_made_to_order_has_no_number(session: Session):
    product = draft(
        session, make_seller(session).id, name="Nasi Lemak", price=12_000, on_hand=9,
        category_slug=shelf(session).slug, person_id=None, stock_kind=StockKind.MADE_TO_ORDER,
    )  # fmt: skip
    assert product.variants[0].on_hand is None


def test_two_things_of_one_name_get_two_addresses(app: Flask, session: Session):
    seller = make_seller(session)
    first, second = make_draft(app, session, seller), make_draft(app, session, seller)
    assert first.slug != second.slug
    assert second.slug.startswith("kerupuk-tenggiri-")


@pytest.mark.parametrize("name", ["日本", "!!!", "A" * 100, "Kué “Bangkit”"])
def test_any_name_gives_an_address(session: Session, name: str):
    product = draft(
        session, make_seller(session).id, name=name, price=1, person_id=None,
        category_slug=shelf(session).slug,
    )  # fmt: skip
    assert 0 < len(product.slug) <= 80


def test_a_key_sent_twice_makes_one_product(session: Session):
    seller, key = make_seller(session), new_id()
    for _ in range(2):
        draft(
            session, seller.id, name="Sagu", price=1, person_id=None, product_id=key,
            category_slug=shelf(session).slug,
        )  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Product)) == 1
    with pytest.raises(PermissionError):
        draft(
            session, make_seller(session).id, name="Sagu", price=1, person_id=None,
            product_id=key, category_slug=shelf(session).slug,
        )  # fmt: skip


def test_two_presses_at_the_same_moment_make_one_product(app: Flask, session: Session):
    seller_id, key, slug = make_seller(session).id, new_id(), shelf(session).slug
    session.commit()
    start, made = threading.Barrier(4), []

    def press() -> None:
        with app.app_context():
            start.wait()
            product = draft(
                db.session(), seller_id, name="Sagu", price=1, person_id=None, product_id=key,
                category_slug=slug, on_hand=5,
            )  # fmt: skip
            made.append(product.id)
            db.session.commit()
            db.session.remove()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert made == [key] * 4
    assert session.scalar(select(func.count()).select_from(Product)) == 1
    assert session.scalar(select(func.sum(StockMove.on_hand_change))) == 5


def test_the_first_product_waits_for_staff(app: Flask, session: Session):
    product = make_draft(app, session, make_seller(session))
    assert publish(session, product.id, None) == ProductState.WAITING
    assert product.published_at is None


def test_the_second_product_is_live_at_once_and_found(app: Flask, session: Session):
    seller = make_seller(session)
    offer(session, seller)
    product = make_draft(app, session, seller)
    assert publish(session, product.id, None) == ProductState.LIVE
    assert product.published_at is not None
    assert product.id in search.find(session, "kerupuk")
    event = session.scalars(select(ProductEvent)).one()
    assert (event.source, event.target, event.actor) == ("draft", "live", "seller")


@pytest.mark.parametrize("state", [SellerState.APPLIED, SellerState.SUSPENDED])
def test_a_seller_who_is_not_approved_waits(app: Flask, session: Session, state: SellerState):
    seller = make_seller(session, state=state)
    offer(session, seller)
    product = make_draft(app, session, seller)
    assert publish(session, product.id, None) == ProductState.WAITING


def test_publishing_twice_changes_nothing(app: Flask, session: Session):
    product = make_draft(app, session, make_seller(session))
    assert publish(session, product.id, None) == publish(session, product.id, None)
    assert session.scalar(select(func.count()).select_from(ProductEvent)) == 1


def test_without_a_photo_nothing_is_shown(app: Flask, session: Session):
    product = make_draft(app, session, make_seller(session), photo=False)
    with pytest.raises(NoPhoto):
        publish(session, product.id, None)
    assert product.state == ProductState.DRAFT


def test_hiding_and_showing_again(session: Session):
    product = offer(session).product
    published_at = product.published_at
    hide(session, product.id, None)
    assert product.state == ProductState.HIDDEN
    assert product.id not in search.find(session, "kerupuk")
    show(session, product.id, None)
    assert (product.state, product.published_at) == (ProductState.LIVE, published_at)


def test_wrong_states_are_refused(session: Session):
    waiting = offer(session, state=ProductState.WAITING).product
    for verb in (hide, show):
        with pytest.raises(IllegalMove):
            verb(session, waiting.id, None)
    hidden = offer(session, state=ProductState.HIDDEN).product
    with pytest.raises(IllegalMove):
        hide(session, hidden.id, None)
    with pytest.raises(IllegalMove):
        take_back(session, hidden.id, None)


def test_taking_back_what_waits(app: Flask, session: Session):
    product = make_draft(app, session, make_seller(session))
    publish(session, product.id, None)
    take_back(session, product.id, None)
    assert product.state == ProductState.DRAFT
