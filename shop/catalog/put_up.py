"""A new thing in one step: photos, a name, a price. The rest has defaults to be changed later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.catalog import add_photo, publish, queries, queries_studio
from shop.catalog.facts import FOOD_SHELVES
from shop.catalog.models import Product
from shop.catalog.states import HalalKind, StockKind


@dataclass(frozen=True)
class NewThing:
    """What the seller gave. `price` in rupiah; `on_hand` None: made when somebody orders.

    `photos` are the hashes of pictures that are kept already. Without `shelf` the likeliest one is
    taken. `key` is drawn with the form and becomes the product's id, so that a form sent twice
    makes one product.
    """

    key: uuid.UUID
    name: str
    price: int
    photos: Sequence[str]
    shelf: str | None = None
    on_hand: int | None = None
    unit: str = ""
    description: str = ""


def put_up(
    session: Session,
    seller_id: uuid.UUID,
    thing: NewThing,
    *,
    person_id: uuid.UUID,
    now: bool,
) -> Product:
    """Put a thing up, on the shelf where `now`, else as a draft.

    A first product always passes through staff, who see the shelf it landed on. Raises `NoPhoto`,
    `TooManyPhotos`, and `PermissionError` where the key is another seller's.
    """
    shelf = thing.shelf or _likely_shelf(session, seller_id, thing.name)
    food = HalalKind.NOT_CERTIFIED if shelf in FOOD_SHELVES else HalalKind.NOT_FOOD
    product = publish.draft(
        session,
        seller_id,
        name=thing.name,
        price=thing.price,
        category_slug=shelf,
        person_id=person_id,
        stock_kind=StockKind.MADE_TO_ORDER if thing.on_hand is None else StockKind.READY,
        on_hand=thing.on_hand or 0,
        product_id=thing.key,
        halal_kind=food,
        unit=thing.unit,
        description=thing.description,
    )
    for sha256 in thing.photos:
        add_photo.attach(session, product.id, sha256, person_id=person_id)
    if now:
        publish.publish(session, product.id, person_id)
    return product


def _likely_shelf(session: Session, seller_id: uuid.UUID, name: str) -> str:
    known = queries_studio.shelf_for(session, seller_id, name)
    return known or queries.categories(session)[0].slug
