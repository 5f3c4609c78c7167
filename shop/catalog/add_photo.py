"""The photos of a product, in their order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.catalog.models import Product, ProductPhoto
from shop.catalog.states import ProductState
from shop.core.images import NormalisedImage
from shop.core.pictures import keep_picture
from shop.core.storage import Storage
from shop.sellers.hold import one_at_a_time

MOST_PHOTOS = 8


class TooManyPhotos(Exception):
    """A product shows eight photos at most."""


class LastPhoto(Exception):
    """What is on the shelf, or waits for it, keeps at least one photo."""


def add_photo(
    session: Session,
    storage: Storage,
    product_id: uuid.UUID,
    image: NormalisedImage,
    *,
    person_id: uuid.UUID | None,
    alt: str = "",
) -> ProductPhoto:
    """Keep a checked photo and put it last; the same photo a second time is the one it has.

    Raises `TooManyPhotos`.
    """
    one_at_a_time(session, session.get_one(Product, product_id).seller_id)
    picture = keep_picture(session, storage, image)
    return attach(session, product_id, picture.sha256, person_id=person_id, alt=alt)


def attach(
    session: Session,
    product_id: uuid.UUID,
    picture_sha256: str,
    *,
    person_id: uuid.UUID | None,
    alt: str = "",
) -> ProductPhoto:
    """Put a picture that is kept already last among the product's. Raises `TooManyPhotos`."""
    photos = _photos(session, product_id)
    same = next((p for p in photos if p.picture_sha256 == picture_sha256), None)
    if same is not None:
        return same
    if len(photos) >= MOST_PHOTOS:
        raise TooManyPhotos
    photo = ProductPhoto(
        product_id=product_id,
        seller_id=session.get_one(Product, product_id).seller_id,
        picture_sha256=picture_sha256,
        position=len(photos),
        alt=alt,
    )
    session.add(photo)
    session.flush()  # its place counts for the next one
    audit.write(session, person_id, "product.add_photo", "product", product_id)
    return photo


def attach_all(
    session: Session,
    product_id: uuid.UUID,
    hashes: Sequence[str],
    *,
    person_id: uuid.UUID | None,
) -> int:
    """Put kept pictures last, as many as there is room for; returns how many found none."""
    for number, sha256 in enumerate(hashes):
        try:
            attach(session, product_id, sha256, person_id=person_id)
        except TooManyPhotos:
            return len(hashes) - number
    return 0


def remove_photo(
    session: Session, product_id: uuid.UUID, photo_id: uuid.UUID, *, person_id: uuid.UUID | None
) -> None:
    """Take a photo away; one that is not there (any more) is no error. Raises `LastPhoto`."""
    photos = _photos(session, product_id)
    gone = next((photo for photo in photos if photo.id == photo_id), None)
    if gone is None:
        return
    state = session.get_one(Product, product_id).state
    if len(photos) == 1 and state not in (ProductState.DRAFT, ProductState.DECLINED):
        raise LastPhoto
    session.delete(gone)
    audit.write(session, person_id, "product.remove_photo", "product", product_id)
    _number(photo for photo in photos if photo is not gone)


def move_photo(
    session: Session,
    product_id: uuid.UUID,
    photo_id: uuid.UUID,
    to: int = 0,
    *,
    person_id: uuid.UUID | None,
) -> None:
    """Give a photo place `to`, counted from 0: the first one is what buyers see on cards."""
    photos = _photos(session, product_id)
    moved = next((photo for photo in photos if photo.id == photo_id), None)
    if moved is not None:
        others = [photo for photo in photos if photo is not moved]
        _number([*others[:to], moved, *others[to:]])
        audit.write(session, person_id, "product.move_photo", "product", product_id)


def _photos(session: Session, product_id: uuid.UUID) -> Sequence[ProductPhoto]:
    """The photos in their order, while nobody else adds or moves one."""
    one_at_a_time(session, session.get_one(Product, product_id).seller_id)
    return session.scalars(
        select(ProductPhoto)
        .where(ProductPhoto.product_id == product_id)
        .order_by(ProductPhoto.position)
        .execution_options(populate_existing=True)
    ).all()


def _number(photos: Iterable[ProductPhoto]) -> None:
    for position, photo in enumerate(photos):
        photo.position = position
