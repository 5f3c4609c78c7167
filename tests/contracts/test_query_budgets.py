"""The pages buyers come to ask the database little, however many things there are for sale."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.models import Product, ProductPhoto, Variant
from shop.catalog.shelves import SHELVES, open_shelves
from shop.core import clock, ids
from shop.core.db import db
from shop.core.models import Picture
from shop.core.settings import default_settings
from shop.sellers.models import SellerMember
from tests.factories.sellers import make_seller
from tests.factories.training import make_cohort, make_graduate

pytestmark = [pytest.mark.both, pytest.mark.slow]

MOST = 6
MOST_SECONDS = 0.15
_NO_QUESTION = ("PRAGMA", "BEGIN", "SET", "ROLLBACK", "COMMIT", "SAVEPOINT", "RELEASE")
PAGES = (
    "/", "/?kel=21.72.04.1004", "/k/camilan", "/k/camilan?hal=3&urut=termurah&siap=today",
    "/cari", "/cari?q=kerupuk", "/cari?q=kerupuk+tidakada", "/cari?q=tidakada", "/p/barang-1",
    "/p/barang-1?kel=21.72.01.1002", "/s/{seller}", "/penjual", "/en/", "/en/cari?q=cracker",
)  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """The questions put to the database inside the block."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(_NO_QUESTION):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fill(session: Session, number: int) -> str:
    """A shop of that many things from thirty sellers; gives the first one's address."""
    session.add(default_settings())
    open_shelves(session)
    sellers = [make_seller(session, f"Penjual {n}") for n in range(30)]
    person, _ = make_graduate(session, make_cohort(session))
    for seller in sellers:
        session.add(
            SellerMember(
                seller_id=seller.id, participant_id=person.id, name=person.name, role="member"
            )
        )
    goods, now = [ids.new_id() for _ in range(number)], clock.now()
    of = [sellers[n % 30].id for n in range(number)]
    session.execute(
        insert(Product),
        [
            {
                "id": goods[n], "seller_id": of[n], "slug": f"barang-{n}", "state": "live",
                "name": f"Kerupuk {n}", "name_en": f"Cracker {n}", "lead_days": n % 3,
                "description": "Renyah dan segar dari dapur di tepi laut.",
                "category_slug": SHELVES[n % 3][0], "published_at": now - timedelta(minutes=n),
            }
            for n in range(number)
        ],
    )  # fmt: skip
    session.execute(
        insert(Variant),
        [
            {"product_id": goods[n], "seller_id": of[n], "price": 5_000 + n, "on_hand": n % 7}
            for n in range(number)
        ],
    )
    session.execute(
        insert(Picture),
        [
            {"sha256": f"{n:064x}", "width": 1280, "height": 1280, "tone": "teak", "bytes": 1}
            for n in range(number)
        ],
    )
    session.execute(
        insert(ProductPhoto),
        [
            {"product_id": goods[n], "seller_id": of[n], "picture_sha256": f"{n:064x}",
             "position": 0}
            for n in range(number)
        ],
    )  # fmt: skip
    search.reindex_all(session)
    session.commit()
    return sellers[0].slug


def timed(client: FlaskClient, page: str) -> float:
    """Seconds of this thread's work for a page, the best of three: the machine has other work."""
    took = []
    for _ in range(3):
        begun = time.thread_time()
        client.get(page)
        took.append(time.thread_time() - begun)
    return min(took)


@pytest.mark.parametrize("number", [40, 4_000])
def test_a_page_asks_six_questions_at_most_and_answers_at_once(
    client: FlaskClient, session: Session, number: int
) -> None:
    seller = fill(session, number)
    for page in (page.format(seller=seller) for page in PAGES):
        client.get(page)  # templates and words are read once
        db.session.remove()
        for kept in list(g):
            g.pop(kept)  # the test's own application context outlives the request
        with counted() as asked:
            answer = client.get(page)

        assert answer.status_code == 200, page
        assert 2 < len(asked) <= MOST, f"{page}: {len(asked)} statements\n" + "\n".join(asked)
        assert timed(client, page) < MOST_SECONDS, f"{page} at {number} products"
