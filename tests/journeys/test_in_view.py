"""What does not fit on a small screen: the current place is in view, nothing is wider than it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.catalog.shelves import open_shelves
from shop.core.settings import default_settings
from shop.sellers.models import SellerKind
from tests.factories.catalog import make_product
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Enter = Callable[[Page, Person], None]


@pytest.fixture
def enter(app: Flask, session: Session, shop_url: str) -> Enter:
    """Signs somebody in on a page's browser."""

    def sign_in(page: Page, person: Person) -> None:
        cookie = signed_in(app, person).get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": shop_url}])

    return sign_in


@pytest.mark.parametrize(
    ("address", "row"),
    [("/staff/settings", ".aisles"), ("/staff/payments/flagged", ".aisles"),
     ("/staff/payments/flagged", ".chips")],
)  # fmt: skip
def test_the_current_place_of_a_row_is_in_view(
    phone: Page, session: Session, enter: Enter, address: str, row: str
) -> None:
    session.add(default_settings())
    enter(phone, make_person(session, Role.ADMIN))
    phone.goto(address)
    here = phone.locator(f"{row} [aria-current]")
    phone.wait_for_load_state("networkidle")
    box = here.bounding_box()

    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_a_seller_sees_which_orders_she_looks_at(
    phone: Page, session: Session, enter: Enter
) -> None:
    owner = make_person(session)
    make_seller(session, owner=owner)
    enter(phone, owner)
    phone.goto("/sell/orders?state=undone")
    phone.wait_for_load_state("networkidle")
    box = phone.locator(".chips [aria-current]").bounding_box()

    assert box is not None
    assert box["x"] + box["width"] <= 390


@pytest.mark.parametrize("address", ["/", "/en/"])
def test_the_price_board_fits_small_screens_with_big_letters(
    browser: Browser, session: Session, shop_url: str, address: str
) -> None:
    session.add(default_settings())
    open_shelves(session)
    cooperative = make_seller(session, "Koperasi Tani", SellerKind.COOPERATIVE)
    make_product(
        session, cooperative, name="Kangkung Segar Tanpa Pestisida", price=125_000,
        name_en="Water Spinach without Pesticide", unit="keranjang", unit_en="basket",
        category="hasil-tani",
    )  # fmt: skip
    session.commit()
    size = {"width": 320, "height": 640}
    context = browser.new_context(base_url=shop_url, viewport=size, is_mobile=True)
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '130%'")
    wider = page.evaluate("document.documentElement.scrollWidth - 320")
    context.close()

    assert wider <= 0
