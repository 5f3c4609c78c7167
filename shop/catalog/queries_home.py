"""What the front page shows: shelves, makers, and how much there is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from shop.catalog.models import Product, ProductPhoto
from shop.catalog.queries_cards import (
    MADE,
    Card,
    card,
    cards,
    first_photo_of,
    for_sale,
    nearness,
    newest_first,
)
from shop.core import clock
from shop.core.models import Picture
from shop.core.paging import Page
from shop.core.pictures import PictureView, picture_view
from shop.core.regions import Kelurahan
from shop.sellers.models import Seller, SellerKind
from shop.sellers.queries import Skill, certificates_of_sellers
from shop.sellers.states import SellerState

FARM = "hasil-tani"
_SHELVES = {"today": 6, "board": 8, "order": 6, "new": 18}
"""How many things of each shelf are fetched; the lead may be among them."""
_SHOWN = 5
_LEADS = 7
_COLUMNS: tuple[Any, ...] = (Seller, Picture, Product.name)


@dataclass(frozen=True)
class Shelf:
    """Some of a shelf's things, and how many there are in all."""

    cards: Sequence[Card] = ()
    total: int = 0


@dataclass(frozen=True)
class Home:
    """The front page. `lead` stands on top and changes every day; `sellers` counts them."""

    shelves: dict[str, Shelf]
    lead: Card | None
    sellers: int

    @property
    def total(self) -> int:
        """How many things there are for sale."""
        return self.shelves["new"].total


@dataclass(frozen=True)
class Maker:
    """A seller, a photo of what they made last, and what they have learnt here."""

    seller: Seller
    photo: PictureView | None
    skills: Sequence[Skill]


def home(session: Session, near: Kelurahan | None) -> Home:
    """The front page's shelves, those near `near` first, in one statement."""
    goods = for_sale().cte("goods")
    placed = _placed(session, goods, near)
    shown = or_(
        *(and_(placed.c.label == name, placed.c.place <= most) for name, most in _SHELVES.items())
    )
    sellers = select(func.count(goods.c.seller_id.distinct())).scalar_subquery()
    rows = session.execute(
        cards(placed, placed.c.label, placed.c.total, sellers.label("sellers"))
        .where(shown)
        .order_by(placed.c.label, placed.c.place)
    ).all()
    shelves = {
        name: Shelf(
            [card(row) for row in rows if row.label == name],
            next((row.total for row in rows if row.label == name), 0),
        )
        for name in _SHELVES
    }
    lead = _lead(shelves["new"].cards)
    seen = {lead.slug} if lead else set()
    for name in ("today", "order", "new"):
        fresh = [c for c in shelves[name].cards if not c.gone and c.slug not in seen][:_SHOWN]
        seen.update(c.slug for c in fresh)
        shelves[name] = Shelf(fresh, shelves[name].total)
    return Home(shelves, lead, rows[0].sellers if rows else 0)


def makers_nearby(session: Session, near: Kelurahan | None, number: int = 4) -> list[Maker]:
    """Those who put something up last, those near `near` first."""
    latest = _latest_things(session)
    rows = session.execute(
        _makers(latest)
        .where(latest.c.id.is_not(None))
        .order_by(
            nearness(Seller.__table__.c.kelurahan_code, near),
            latest.c.published_at.desc(),
            Seller.slug,
        )
        .limit(number)
    ).all()
    return _with_skills(session, rows)


def all_makers(session: Session, number: int, size: int = 24) -> Page[Maker]:
    """Page `number` of all sellers that buyers see: those with things first, then by name."""
    latest = _latest_things(session)
    rows = session.execute(
        _makers(latest)
        .add_columns(func.count().over().label("total"))
        .order_by(latest.c.id.is_(None), func.lower(Seller.name), Seller.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(_with_skills(session, rows), number, size, rows[0].total if rows else 0)


def _placed(session: Session, goods: Any, near: Kelurahan | None) -> Any:
    """Each shelf's things in order: nearest, one of every maker in turn, newest."""
    farm = and_(goods.c.shelf == FARM, goods.c.kind == SellerKind.COOPERATIVE)
    labelled = union_all(
        _labelled(goods, "today", goods.c.ready == "today", farm),
        _labelled(goods, "order", goods.c.ready.in_(MADE)),
        _labelled(goods, "board", and_(farm, not_(goods.c.gone))),
        _labelled(goods, "new", literal(value=True), goods.c.gone),
    ).subquery()
    turn = func.row_number().over(
        partition_by=(labelled.c.label, labelled.c.seller_id),
        order_by=newest_first(session, labelled.c),
    )
    turned = select(*labelled.c, turn.label("turn")).subquery()
    columns = turned.c
    place = func.row_number().over(
        partition_by=columns.label,
        order_by=(
            columns.last,
            nearness(columns.kelurahan, near),
            columns.turn,
            *newest_first(session, columns),
        ),
    )
    total = func.count().over(partition_by=columns.label)
    return select(*turned.c, place.label("place"), total.label("total")).subquery()


def _labelled(
    goods: Any, label: str, which: ColumnElement[Any], last: ColumnElement[Any] | None = None
) -> Select[Any]:
    """The goods of one shelf; those that are `last` come after all others."""
    ends = literal(value=False) if last is None else last
    return select(goods, literal(label, String).label("label"), ends.label("last")).where(which)


def _lead(new: Sequence[Card]) -> Card | None:
    pictured = [c for c in new if c.photo and not c.gone][:_LEADS]
    return pictured[clock.today().toordinal() % len(pictured)] if pictured else None


def _latest_things(session: Session) -> Any:
    goods = for_sale().subquery()
    order = func.row_number().over(
        partition_by=goods.c.seller_id, order_by=(goods.c.gone, *newest_first(session, goods.c))
    )
    ordered = select(goods, order.label("place")).subquery()
    return select(ordered).where(ordered.c.place == 1).subquery()


def _makers(latest: Any) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(Seller)
        .outerjoin(latest, latest.c.seller_id == Seller.id)
        .outerjoin(Product, Product.id == latest.c.id)
        .outerjoin(ProductPhoto, first_photo_of(latest.c.id))
        .outerjoin(Picture, Picture.sha256 == ProductPhoto.picture_sha256)
        .where(Seller.state == SellerState.APPROVED)
    )


def _with_skills(session: Session, rows: Sequence[Any]) -> list[Maker]:
    ids: list[uuid.UUID] = [row.Seller.id for row in rows]
    skills = certificates_of_sellers(session, ids) if ids else {}
    return [
        Maker(
            row.Seller,
            picture_view(row.Picture, row.name) if row.Picture else None,
            skills.get(row.Seller.id, []),
        )
        for row in rows
    ]
