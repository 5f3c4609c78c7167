"""A seller who is called something else is found by the new name, not by the old."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.sellers.describe import describe
from tests.factories.catalog import make_product
from tests.factories.people import make_person
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def test_a_renamed_seller_is_found_by_the_new_name(session: Session) -> None:
    seller, person = make_seller(session, "Rohana"), make_person(session)
    product = make_product(session, seller, name="Dodol")
    assert search.find(session, "rohana") == [product.id]

    describe(session, seller.id, person.id, name="Dapur Melati")

    assert search.find(session, "rohana") == []
    assert search.find(session, "dapur melati") == [product.id]
