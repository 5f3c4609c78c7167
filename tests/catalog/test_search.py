"""Search answers as people type, alike on both databases, and shows only what is for sale."""

from __future__ import annotations

import time

import pytest
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.models import Product
from shop.catalog.states import ProductState
from shop.core import clock
from shop.sellers.states import SellerState
from tests.factories.catalog import make_category, make_product
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both
KEMBOJA = "21.72.01.1002"


def names(session: Session, question: str) -> list[str]:
    """The names of what is found, in order."""
    return [session.get_one(Product, found).name for found in search.find(session, question)]


@pytest.mark.parametrize(
    "question",
    [
        "otak2",
        "otak-otak",
        "OTAK OTAK",
        "otak2 ikan",
        "fish otak",
        "grilled",
        "panggang",
        "dipanggang",
        "memanggang",
        "ota",
        "kue basah",
        "fresh kue",
        "Salmah",
        "sei jang",
        "ôtak",
    ],
)
def test_a_product_is_found_as_people_type_it(session: Session, question: str) -> None:
    make_category(session, "jajanan-basah", "Kue basah", "Fresh kue")
    make_product(
        session,
        make_seller(session, "Salmah"),
        category="jajanan-basah",
        name="Otak-otak Ikan",
        name_en="Grilled Fish Otak-otak",
        description="Adonan ikan dipanggang di atas bara.",
    )
    other = make_seller(session, "Erni")
    other.kelurahan_code = KEMBOJA
    make_product(session, other, name="Tas Pandan", category="kerajinan")

    assert names(session, question) == ["Otak-otak Ikan"]


def test_a_hit_in_the_name_comes_before_one_elsewhere_then_the_newest(session: Session) -> None:
    seller = make_seller(session)
    for name, told in (
        ("Tas Rajut", ""),
        ("Dompet", "Cocok dengan tas."),
        ("Tas Pandan", ""),
        ("Topi", "Bukan tas"),
    ):
        make_product(session, seller, name=name, description=told)

    assert names(session, "tas") == ["Tas Pandan", "Tas Rajut", "Topi", "Dompet"]


def test_equally_good_and_equally_new_is_ordered_by_address(session: Session) -> None:
    seller, moment = make_seller(session), clock.now()
    for slug in ("b-2", "a-10", "b", "a1", "a-1"):
        make_product(session, seller, name="Dodol", slug=slug, published_at=moment)

    assert search.slugs(session, "dodol") == ["a-1", "a-10", "a1", "b", "b-2"]


def test_all_words_are_wanted_and_any_is_taken_where_nothing_has_all(session: Session) -> None:
    seller = make_seller(session)
    make_product(session, seller, name="Tas Rajut")
    make_product(session, seller, name="Tas Pandan")

    assert names(session, "tas rajut") == ["Tas Rajut"]
    assert names(session, "tas kulit") == ["Tas Pandan", "Tas Rajut"]


@pytest.mark.parametrize("state", [s for s in ProductState if s is not ProductState.LIVE])
def test_only_what_is_on_the_shelf_is_found(session: Session, state: ProductState) -> None:
    make_product(session, name="Dodol", state=state)

    assert names(session, "dodol") == []


@pytest.mark.parametrize("state", [s for s in SellerState if s is not SellerState.APPROVED])
def test_only_goods_of_approved_sellers_are_found(session: Session, state: SellerState) -> None:
    make_product(session, make_seller(session, state=state), name="Dodol")

    assert names(session, "dodol") == []


def test_new_words_replace_the_old_ones(session: Session) -> None:
    product = make_product(session, name="Dodol")
    product.name = "Wajik"
    search.index(session, product.id)
    search.index(session, product.id)

    assert (names(session, "dodol"), names(session, "wajik")) == ([], ["Wajik"])


def test_a_seller_of_another_name_is_found_by_it(session: Session) -> None:
    product = make_product(session, make_seller(session, "Rohana"), name="Dodol")
    product.seller.name = "Zubaidah"
    search.index_seller(session, product.seller_id)

    assert (names(session, "rohana"), names(session, "zubaidah")) == ([], ["Dodol"])


def test_the_whole_index_can_be_written_anew(session: Session) -> None:
    make_product(session, name="Dodol")
    search.reindex_all(session)
    search.reindex_all(session)

    assert names(session, "dodol") == ["Dodol"]


@pytest.mark.parametrize(
    "question",
    ["", "   ", '"', '""', "'", "*", "a*", "-", "NEAR(a b)", "title:dodol", "body : *", "a AND",
     "OR", "NOT dodol", "(", "))", "a & | b", "!a", "a:*", "<->", "\x00", "dodol\x00", "\x1b[31m",
     "%_%", "; DROP TABLE products; --", "😀", "\ud800", "dodol " * 8_000, "x" * 50_000, "di",
     "yang dan", "{}", "\\", "^dodol", "+dodol", "$$", "123 456", "1e5 0x1 2.5 -7"],
)  # fmt: skip
def test_hostile_questions_are_answered_quickly(session: Session, question: str) -> None:
    make_product(session, name="Dodol")
    search.find(session, "warm")
    begun = time.perf_counter()
    search.find(session, question)

    assert time.perf_counter() - begun < 0.1
