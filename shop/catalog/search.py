"""Finding products by words, the same way on both databases.

Python turns texts and questions into plain words and their stems; the databases only look these up
(FTS5 on SQLite, a text search vector on PostgreSQL). Nothing typed by a visitor reaches their query
languages: a term consists of letters and digits, and is quoted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Uuid,
    bindparam,
    case,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from shop.catalog.models import Category, Product
from shop.catalog.states import ProductState
from shop.catalog.stems import stem, words
from shop.core.regions import kelurahan_name
from shop.sellers.events import SellerDescribed
from shop.sellers.models import Seller
from shop.sellers.states import SellerState

LONGEST_QUESTION = 100
"""Signs of a question that are looked at."""

_MOST_TERMS = 8
_SEARCH = table("product_search", column("product_id", Uuid()), column("title"), column("body"))


def index(session: Session, product_id: uuid.UUID) -> None:
    """Take in a product's texts anew, after they have changed."""
    session.flush()
    session.execute(delete(_SEARCH).where(_SEARCH.c.product_id == product_id))
    _write(session, Product.id == product_id)


def index_seller(session: Session, seller_id: uuid.UUID) -> None:
    """Take in all products of a seller anew, after name or kelurahan have changed."""
    session.flush()
    own = select(Product.id).where(Product.seller_id == seller_id)
    session.execute(delete(_SEARCH).where(_SEARCH.c.product_id.in_(own)))
    _write(session, Product.seller_id == seller_id)


def reindex_seller(session: Session, event: SellerDescribed) -> None:
    """A seller says something else of themselves: find their things by the new words."""
    index_seller(session, event.seller_id)


def reindex_all(session: Session) -> None:
    """Write the whole index anew."""
    session.flush()
    session.execute(delete(_SEARCH))
    _write(session, literal(value=True))


def find(session: Session, question: str, limit: int = 200) -> list[uuid.UUID]:
    """The products on the shelves that answer `question`, best first.

    Those with all words; where there are none, those with any of them.
    """
    return [row.id for row in _found(session, question, limit)]


def slugs(session: Session, question: str, limit: int = 200) -> list[str]:
    """The addresses of what `find` finds, in its order."""
    return [row.slug for row in _found(session, question, limit)]


def matches(session: Session, question: str, *, any_word: bool = False) -> CTE | None:
    """Rows of `product_id` and `rank` (0: in the name, 1: elsewhere); None without words.

    It asks for all words of `question`, or for `any_word` of them; states are not looked at.
    """
    terms = words(question[:LONGEST_QUESTION])[:_MOST_TERMS]
    if not terms:
        return None
    postgresql = session.get_bind().dialect.name == "postgresql"
    if postgresql:
        anywhere, title = (_tsquery(terms, any_word, letter) for letter in ("", "A"))
    else:
        anywhere, title = _fts5(terms, any_word), f"title : ({_fts5(terms, any_word)})"
    hit = _on_postgresql if postgresql else _on_sqlite
    in_title = select(_SEARCH.c.product_id).where(hit(title))
    found = select(
        _SEARCH.c.product_id, case((_SEARCH.c.product_id.in_(in_title), 0), else_=1).label("rank")
    ).where(hit(anywhere))
    # Looked up once and joined afterwards: the index cannot be asked for one product.
    return found.cte("hits").prefix_with("MATERIALIZED")


def in_byte_order(session: Session, slug: ColumnElement[Any]) -> ColumnElement[Any]:
    """`slug` for an ORDER BY that both databases understand alike."""
    return slug.collate("C" if session.get_bind().dialect.name == "postgresql" else "BINARY")


def _found(session: Session, question: str, limit: int) -> Sequence[Any]:
    for any_word in (False, True):
        hits = matches(session, question, any_word=any_word)
        if hits is None:
            return []
        found = session.execute(
            select(Product.id, Product.slug)
            .join(hits, hits.c.product_id == Product.id)
            .join(Seller, Seller.id == Product.seller_id)
            .where(Product.state == ProductState.LIVE, Seller.state == SellerState.APPROVED)
            .order_by(
                hits.c.rank,
                Product.published_at.desc(),
                in_byte_order(session, Product.__table__.c.slug),
            )
            .limit(limit)
        ).all()
        if found:
            return found
    return []


def _on_sqlite(query: str) -> ColumnElement[bool]:
    return literal_column("product_search").op("MATCH", is_comparison=True)(_bound(query))


def _on_postgresql(query: str) -> ColumnElement[bool]:
    vector: ColumnElement[Any] = literal_column("product_search.document")
    asked = func.to_tsquery(literal_column("'simple'"), _bound(query))
    return vector.op("@@", is_comparison=True)(asked)


def _bound(query: str) -> ColumnElement[str]:
    return bindparam(None, query, unique=True)


def _fts5(terms: Sequence[str], any_word: bool) -> str:
    parts = (
        "(" + " OR ".join(f'"{one}"{" *" if begins else ""}' for one, begins in forms) + ")"
        for forms in _forms(terms)
    )
    return (" OR " if any_word else " AND ").join(parts)


def _tsquery(terms: Sequence[str], any_word: bool, weight: str) -> str:
    parts = (
        "(" + " | ".join(_lexeme(one, weight, begins) for one, begins in forms) + ")"
        for forms in _forms(terms)
    )
    return (" | " if any_word else " & ").join(parts)


def _lexeme(word: str, weight: str, begins: bool) -> str:
    marks = ("*" if begins else "") + weight
    return f"'{word}'{':' + marks if marks else ''}"


def _forms(terms: Sequence[str]) -> Iterable[list[tuple[str, bool]]]:
    """Each term as typed and as stem; the last one may still be in the middle of being typed."""
    for number, term in enumerate(terms, 1):
        begins = number == len(terms) and len(term) > 1
        yield [(one, begins) for one in dict.fromkeys((term, stem(term)))]


def _write(session: Session, which: ColumnElement[bool]) -> None:
    rows = session.execute(
        select(Product, Seller.name, Seller.kelurahan_code, Category.name, Category.name_en)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Category, Category.slug == Product.category_slug)
        .where(which)
    ).all()
    entries = [
        {
            "product_id": product.id,
            "title": _with_stems(product.name, product.name_en),
            "body": _with_stems(
                product.description, product.description_en, product.materials,
                category, category_en, seller, kelurahan_name(kelurahan),
            ),
        }
        for product, seller, kelurahan, category, category_en in rows
    ]  # fmt: skip
    if entries:
        session.execute(insert(_SEARCH), entries)


def _with_stems(*texts: str) -> str:
    plain = words(" ".join(texts))
    return " ".join(dict.fromkeys([*plain, *map(stem, plain)]))
