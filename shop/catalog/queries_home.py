"""What the front page shows: shelves, makers, and how much there is."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    not_,
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
from shop.core.regions import Kelurahan, all_kelurahan
from shop.sellers.models import Seller, SellerKind
from shop.sellers.queries import Skill, certificates_of_sellers
from shop.sellers.states import SellerState

FARM = "hasil-tani"
_SHELVES = {
    "today": (5, "all_today"),
    "board": (8, "all_board"),
    "order": (5, "all_made"),
    "new": (5, "all_things"),
}
"""The shelves: how many things each shows, and under which name its total is counted."""
_FETCHED = 40
"""How many things of each shelf are looked at, so that many makers get a turn."""
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
    rows = session.execute(_fetched(session, goods, near)).all()
    of = {name: [card(row) for row in rows if row.label == name] for name in _SHELVES}
    lead = _lead(_in_turn(of["new"], near))
    shelves, seen = {}, {lead.slug} if lead else set()
    for name, (shown, total) in _SHELVES.items():
        fresh = [c for c in _in_turn(of[name], near) if c.slug not in seen][:shown]
        seen.update(c.slug for c in fresh)
        shelves[name] = Shelf(fresh, getattr(rows[0], total) if rows else 0)
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


def _fetched(session: Session, goods: Any, near: Kelurahan | None) -> Select[Any]:
    """The first things of every shelf in its order, nearest then newest, with all totals."""
    farm = and_(goods.c.shelf == FARM, goods.c.kind == SellerKind.COOPERATIVE)
    which = {
        "today": and_(goods.c.ready == "today", not_(farm)),
        "order": goods.c.ready.in_(MADE),
        "board": and_(farm, not_(goods.c.gone)),
        "new": literal(value=True),
    }
    first = [_first(session, goods, near, name, condition) for name, condition in which.items()]
    fetched = union_all(*first).subquery()
    totals = select(
        func.count().label("all_things"),
        func.count(case((goods.c.ready == "today", 1))).label("all_today"),
        func.count(case((which["order"], 1))).label("all_made"),
        func.count(case((which["board"], 1))).label("all_board"),
        func.count(goods.c.seller_id.distinct()).label("sellers"),
    ).subquery()
    return (
        cards(fetched, fetched.c.label, *totals.c)
        .join(totals, literal(value=True))
        .order_by(*_nearest(session, fetched.c, near))
    )


def _first(
    session: Session, goods: Any, near: Kelurahan | None, name: str, which: ColumnElement[bool]
) -> Select[Any]:
    columns = (
        goods.c[name]
        for name in ("id", "slug", "price", "dearest", "gone", "kelurahan", "published_at")
    )
    nearest = (
        select(*columns, literal(name, String).label("label"))
        .where(which)
        .order_by(*_nearest(session, goods.c, near))
        .limit(_FETCHED)
        .subquery()
    )
    return select(*nearest.c)


def _nearest(session: Session, goods: Any, near: Kelurahan | None) -> Sequence[ColumnElement[Any]]:
    return goods.gone, nearness(goods.kelurahan, near), *newest_first(session, goods)


def _in_turn(cards: Sequence[Card], near: Kelurahan | None) -> list[Card]:
    """`cards` in their order, but of equally near ones, one of each maker before a second."""
    met: Counter[str] = Counter()
    keyed = []
    for number, one in enumerate(cards):
        keyed.append((one.gone, _away(one, near), met[one.maker], number))
        met[one.maker] += 1
    return [cards[number] for *_, number in sorted(keyed)]


def _away(card: Card, near: Kelurahan | None) -> int:
    there = all_kelurahan().get(card.kelurahan_code)
    if near is None or there is None or there.kecamatan != near.kecamatan:
        return 2
    return 0 if there.code == near.code else 1


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
