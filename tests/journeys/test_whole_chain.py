"""The shop's main job from end to end, by clicks on a phone, with every figure to the rupiah."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.catalog.shelves import open_shelves
from shop.check import check_all
from shop.core import clock
from shop.core.money import rupiah
from shop.core.settings import default_settings
from shop.ledger import fees
from tests.factories.people import PASSWORD, make_person
from tests.factories.sellers import make_seller
from tests.photos import lively, saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PRICE = 17_500
PIECES = 2
GOODS = PRICE * PIECES
FEE = 1_050
EARNED = GOODS - FEE
"""Three per cent of Rp35.000 is Rp1.050."""

Visitor = Callable[[str | None], Page]


@pytest.fixture
def visitor(app: Flask, browser: Browser, shop_url: str) -> Iterator[Visitor]:
    """Opens a phone of its own for each person, signed in by the page; forms carry tokens."""
    app.config["WTF_CSRF_ENABLED"] = True
    contexts = []

    def enter(phone: str | None) -> Page:
        context = browser.new_context(
            base_url=shop_url, viewport={"width": 390, "height": 844}, has_touch=True,
            is_mobile=True, locale="id-ID",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if phone is not None:
            page.goto("/sign-in")
            page.fill("input[name=phone]", phone)
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button[type=submit]")
            page.wait_for_url(re.compile("/(sell|staff)"))
        return page

    yield enter
    for context in contexts:
        context.close()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def cast(session: Session) -> dict[str, str]:
    """A shop with one approved seller without goods, and staff: the number each signs in with.

    Plain text, because reading a row would hold the writers' queue while the browser waits.
    """
    session.add(default_settings())
    open_shelves(session)
    people = {
        "seller": make_person(session, name="Rohana"),
        "facilitator": make_person(session, Role.FACILITATOR, name="Hendri"),
        "finance": make_person(session, Role.FINANCE, name="Rini"),
        "manager": make_person(session, Role.MANAGER, name="Suryani"),
    }
    make_seller(session, owner=people["seller"])
    with clock.at(clock.now() - timedelta(days=1)):
        fees.set_rule(session, 300, None)
    phones = {key: person.phone for key, person in people.items()}
    session.commit()
    return phones


def post_a_thing(page: Page, photo: Path) -> None:
    """The seller takes a photo, says what it is and what it costs."""
    page.goto("/sell/products/new")
    page.set_input_files("input[name=photos][capture]", photo)
    page.get_by_text("Terkirim").wait_for()
    page.fill("input[name=name]", "Kerupuk Gonggong Renyah")
    page.fill("input[name=price]", "17.500")
    page.get_by_role("button", name="Jual sekarang").click()
    page.wait_for_url(re.compile("/sell/products/(?!new)"))


def order_two(page: Page) -> int:
    """A guest finds it by search and orders two to fetch, by transfer; the rupiah to send."""
    page.goto("/")
    page.get_by_role("searchbox").first.fill("kerupuk renyah")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("link", name="Kerupuk Gonggong Renyah").click()
    page.select_option("select[name=quantity]", str(PIECES))
    page.get_by_role("button", name="Tambah ke keranjang").click()
    page.goto("/cart")
    page.get_by_role("button", name="Lanjut pesan").click()
    page.fill("input[name=buyer_name]", "Ratna Dewi")
    page.fill("input[name=buyer_phone]", "0812-3456-7890")
    page.locator("input[value=pickup]").check()
    page.locator("input[name=method][value=transfer]").check()
    page.get_by_role("button", name=f"Buat pesanan, {rupiah(GOODS)}").click()
    page.wait_for_url(re.compile("/o/"))
    owed = amount(page.locator(".money.huge").inner_text())
    assert GOODS < owed <= GOODS + 999
    page.get_by_role("button", name="Saya sudah transfer").click()
    page.wait_for_load_state()
    return owed


def hand_over(page: Page) -> None:
    """The seller accepts, makes and hands over."""
    page.goto("/sell")
    page.get_by_role("button", name="Terima pesanan").click()
    page.goto("/sell/orders?state=making")  # in the evening it is for tomorrow
    page.get_by_role("button", name="Selesai dibuat").click()
    page.goto("/sell/orders?state=ready")
    page.get_by_role("button", name="Sudah diambil Ratna").click()
    page.wait_for_load_state()


def pay_out(page: Page, manager: Page) -> None:
    """Finance prepares the batch, the manager approves it, finance marks it as sent."""
    page.goto("/staff/payouts")
    page.get_by_role("link", name="Siapkan daftar bayar").click()
    page.get_by_role("button", name="Siapkan daftar ini").click()
    page.wait_for_url(re.compile("/staff/payouts/2"))
    manager.goto(page.url)
    manager.get_by_role("button", name="Setujui").click()
    manager.get_by_text("Disetujui").first.wait_for()
    page.reload()
    page.fill("#reference", "TRF2611250001")
    page.get_by_role("button", name="Semua sudah dikirim").click()
    page.get_by_text("Sudah dikirim", exact=True).first.wait_for()


def amount(text: str) -> int:
    """The rupiah in a text such as `Rp35.247`."""
    return int(re.sub(r"\D", "", text))


def money_of(page: Page) -> dict[str, int]:
    """What the seller's page of money says, in rupiah."""
    page.goto("/sell/money")
    paid, payable, waiting = (amount(t) for t in page.locator(".split dd.money").all_inner_texts())
    earned = amount(page.locator(".today .money.huge").inner_text())
    return {"earned": earned, "paid": paid, "payable": payable, "waiting": waiting}


def income_of_month(page: Page) -> int:
    """What the dashboard's file says of the present month, in rupiah."""
    answer = page.request.get("/staff/impact/months.csv")
    assert answer.ok
    rows = list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))
    month = f"{clock.today():%Y-%m}"
    return sum(int(row["income"]) for row in rows if month in row.values())


def test_from_a_photo_to_income_on_the_dashboard(
    visitor: Visitor, cast: dict[str, str], session: Session, app: Flask, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_2611.jpg"
    photo.write_bytes(saved(lively(1600, 1200), "JPEG", quality=85))
    seller, staff = visitor(cast["seller"]), visitor(cast["facilitator"])
    finance, guest = visitor(cast["finance"]), visitor(None)
    assert money_of(seller) == {"earned": 0, "paid": 0, "payable": 0, "waiting": 0}
    before = income_of_month(finance)

    post_a_thing(seller, photo)
    guest.goto("/cari?q=gonggong")
    assert guest.get_by_role("link", name="Kerupuk Gonggong Renyah").count() == 0
    staff.goto("/staff/products")
    staff.get_by_role("button", name="Tampilkan di toko").click()
    staff.wait_for_load_state()

    owed = order_two(guest)
    finance.goto("/staff/payments")
    assert amount(finance.locator(".queue .money").first.inner_text()) == owed
    finance.get_by_role("button", name="Uang masuk").click()
    finance.get_by_text("Tidak ada pembayaran yang menunggu").wait_for()
    assert money_of(seller) == {"earned": 0, "paid": 0, "payable": 0, "waiting": GOODS}

    hand_over(seller)
    guest.reload()
    guest.get_by_role("button", name="Sudah saya terima").click()
    guest.wait_for_load_state()
    assert money_of(seller) == {"earned": EARNED, "paid": 0, "payable": EARNED, "waiting": 0}

    pay_out(finance, visitor(cast["manager"]))
    assert money_of(seller) == {"earned": EARNED, "paid": EARNED, "payable": 0, "waiting": 0}
    assert income_of_month(finance) - before == EARNED

    session.rollback()
    assert [
        found.line for found in check_all(session, app.extensions["storage"]) if found.faults
    ] == []
