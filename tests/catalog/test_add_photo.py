"""A product's photos: eight at most, each once, in the order the seller wants."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.add_photo import (
    MOST_PHOTOS,
    LastPhoto,
    TooManyPhotos,
    add_photo,
    attach_all,
    move_photo,
    remove_photo,
)
from shop.catalog.models import Product, ProductPhoto
from shop.catalog.states import ProductState
from shop.core.images import master_key
from shop.core.models import Picture
from tests.catalog.offered import offer, snapshot

pytestmark = pytest.mark.both


def add(app: Flask, session: Session, product: Product, seed: int) -> ProductPhoto:
    storage = app.extensions["storage"]
    return add_photo(session, storage, product.id, snapshot(seed), person_id=None)


def order(session: Session, product: Product) -> list[object]:
    session.flush()
    found = session.execute(
        select(ProductPhoto.position, ProductPhoto.id)
        .where(ProductPhoto.product_id == product.id)
        .order_by(ProductPhoto.position)
    ).all()
    assert [row.position for row in found] == list(range(len(found)))
    return [row.id for row in found]


def test_photos_stand_in_the_order_they_came_and_their_files_are_kept(app: Flask, session: Session):
    product = offer(session).product
    photos = [add(app, session, product, seed) for seed in range(3)]
    assert order(session, product) == [photo.id for photo in photos]
    assert app.extensions["storage"].exists(master_key(photos[0].picture_sha256))


def test_the_same_photo_twice_is_one(app: Flask, session: Session):
    product = offer(session).product
    assert add(app, session, product, 1).id == add(app, session, product, 1).id
    assert session.scalar(select(func.count()).select_from(Picture)) == 1


def test_a_ninth_photo_is_refused(app: Flask, session: Session):
    product = offer(session).product
    for seed in range(MOST_PHOTOS):
        add(app, session, product, seed)
    with pytest.raises(TooManyPhotos):
        add(app, session, product, 99)
    assert len(order(session, product)) == MOST_PHOTOS


def test_as_many_as_there_is_room_for(app: Flask, session: Session):
    product, other = offer(session).product, offer(session).product
    for seed in range(7):
        add(app, session, product, seed)
    more = [add(app, session, other, seed).picture_sha256 for seed in range(20, 23)]
    assert attach_all(session, product.id, more, person_id=None) == 2
    assert len(order(session, product)) == 8


def test_removing_closes_the_gap_and_twice_is_no_fault(app: Flask, session: Session):
    product = offer(session).product
    first, second, third = (add(app, session, product, seed) for seed in range(3))
    for _ in range(2):
        remove_photo(session, product.id, second.id, person_id=None)
    assert order(session, product) == [first.id, third.id]


def test_what_is_on_the_shelf_keeps_a_photo(app: Flask, session: Session):
    product = offer(session).product
    only = add(app, session, product, 1)
    with pytest.raises(LastPhoto):
        remove_photo(session, product.id, only.id, person_id=None)
    draft = offer(session, state=ProductState.DRAFT).product
    only = add(app, session, draft, 1)
    remove_photo(session, draft.id, only.id, person_id=None)
    assert order(session, draft) == []


def test_another_products_photo_stays(app: Flask, session: Session):
    mine, other = offer(session).product, offer(session).product
    photo = add(app, session, other, 1)
    add(app, session, other, 2)
    remove_photo(session, mine.id, photo.id, person_id=None)
    move_photo(session, mine.id, photo.id, person_id=None)
    assert len(order(session, other)) == 2


def test_any_photo_can_come_first(app: Flask, session: Session):
    product = offer(session).product
    first, second, third = (add(app, session, product, seed) for seed in range(3))
    move_photo(session, product.id, third.id, person_id=None)
    assert order(session, product) == [third.id, first.id, second.id]
    move_photo(session, product.id, third.id, 1, person_id=None)
    assert order(session, product) == [first.id, third.id, second.id]
