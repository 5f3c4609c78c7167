"""The checkout on a slow line: sums are asked for in the background, and no typing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.settings import default_settings
from shop.orders.models import Order
from tests.catalog.offered import offer
from tests.factories.sellers import make_seller

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IN_TOWN, FAR_AWAY = "21.72.01.1001", "21.72.03.1004"


@pytest.fixture
def held(phone: Page, session: Session) -> list[Route]:
    """The checkout of one thing, open on the phone; its background questions wait in the list."""
    session.add(default_settings())
    offer(session, make_seller(session, "Rohana"), on_hand=5)
    session.commit()
    phone.goto("/")
    phone.locator("a[href^='/p/']").first.click()
    phone.get_by_role("button", name="Tambah ke keranjang").click()
    phone.goto("/checkout")
    waiting: list[Route] = []
    phone.route(
        "**/checkout",
        lambda route: (
            waiting.append(route) if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    return waiting


def asked(page: Page, held: list[Route], number: int = 1) -> None:
    """Wait until that many questions are on their way."""
    for _ in range(100):
        if len(held) >= number:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{len(held)} questions")


def test_what_is_typed_while_the_sum_is_asked_for_stays(
    phone: Page, session: Session, held: list[Route]
):
    phone.get_by_label("Nama", exact=True).fill("Ratna")
    phone.locator("#kelurahan").select_option(IN_TOWN)
    asked(phone, held)
    phone.get_by_label("Nomor HP").fill("0812-3456-7890")
    phone.get_by_text("Tulis pesan untuk").click()
    phone.get_by_label("Pesan untuk").fill("Agak asin")
    phone.get_by_label("Tunai saat terima").check()
    address = phone.get_by_label("Jalan dan nomor rumah")
    address.press_sequentially("Jl. Pramuka")
    address.evaluate("field => field.setSelectionRange(4, 4)")
    held.pop().continue_()
    expect(phone.get_by_role("button", name="Buat pesanan, Rp25.000")).to_be_visible()
    phone.keyboard.type("Raya ")
    expect(address).to_have_value("Jl. Raya Pramuka")
    expect(address).to_be_focused()
    expect(phone.get_by_label("Nama", exact=True)).to_have_value("Ratna")
    expect(phone.get_by_label("Pesan untuk")).to_be_visible()
    expect(phone.get_by_label("Tunai saat terima")).to_be_checked()
    phone.get_by_role("button", name="Buat pesanan").click()
    phone.wait_for_url("**/o/*")
    order = session.scalars(select(Order)).one()
    assert (order.buyer_name, order.address) == ("Ratna", "Jl. Raya Pramuka")
    assert (order.method, order.parts[0].note) == ("cash", "Agak asin")


def test_an_answer_that_comes_too_late_counts_for_nothing(phone: Page, held: list[Route]):
    kelurahan = phone.locator("#kelurahan")
    kelurahan.select_option(FAR_AWAY)
    asked(phone, held)
    kelurahan.select_option(IN_TOWN)
    asked(phone, held, 2)
    early, late = held
    late.continue_()
    button = phone.get_by_role("button", name="Buat pesanan, Rp25.000")
    expect(button).to_be_visible()
    with phone.expect_response("**/checkout"):
        early.continue_()
    phone.wait_for_timeout(300)
    expect(button).to_be_visible()
    expect(kelurahan).to_have_value(IN_TOWN)
    expect(phone.get_by_label("Antar ke Tanjungpinang Barat")).to_be_checked()


def test_a_pick_up_forced_by_one_place_is_undone_by_the_next(phone: Page, held: list[Route]):
    for place in (FAR_AWAY, IN_TOWN):
        phone.locator("#kelurahan").select_option(place)
        asked(phone, held)
        held.pop().continue_()
        if place == FAR_AWAY:
            expect(phone.get_by_text("Rohana tidak mengantar ke Penyengat.")).to_be_visible()
    expect(phone.get_by_label("Antar ke Tanjungpinang Barat")).to_be_checked()
    pick_up = phone.get_by_label("Ambil di")
    pick_up.check()
    asked(phone, held)
    held.pop().continue_()
    expect(phone.get_by_role("button", name="Buat pesanan, Rp15.000")).to_be_visible()
    expect(pick_up).to_be_checked()
    expect(pick_up).to_be_focused()


def test_a_line_that_breaks_asks_with_the_whole_page(phone: Page, held: list[Route]):
    phone.get_by_label("Nama", exact=True).fill("Ratna")
    phone.locator("#kelurahan").select_option(IN_TOWN)
    asked(phone, held)
    held.pop().abort()
    expect(phone.get_by_role("button", name="Buat pesanan, Rp25.000")).to_be_visible()
    expect(phone.get_by_label("Nama", exact=True)).to_have_value("Ratna")
