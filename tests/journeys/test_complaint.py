"""Something is wrong: buyer, seller and staff each say their word, and the buyer reads the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.catalog.stock import restock
from shop.check import check_all
from shop.core.settings import default_settings
from tests.catalog.offered import offer
from tests.factories.orders import handed_over_part
from tests.factories.people import PASSWORD, make_person
from tests.factories.sellers import make_seller
from tests.photos import lively, saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID = "Satu bungkus remuk, plastiknya sobek"
ANSWERED = "Maaf, memang terjepit waktu diantar"
WHY = "Satu bungkus rusak dan penjual mengakuinya."
PHONE, LAPTOP = (390, 844), (1280, 800)

Visitor = Callable[[str | None, tuple[int, int]], Page]


@pytest.fixture
def visitor(app: Flask, browser: Browser, shop_url: str) -> Iterator[Visitor]:
    """Opens a browser of its own for each person, signed in by the page; forms carry tokens."""
    app.config["WTF_CSRF_ENABLED"] = True
    contexts = []

    def enter(phone: str | None, size: tuple[int, int]) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(base_url=shop_url, viewport=viewport, locale="id-ID")
        context.set_default_timeout(30_000)
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


def report(page: Page, photo: Path) -> None:
    """From the order's page to a report with a photo, which the phone shrinks and sends at once."""
    page.get_by_role("link", name="Ada masalah?").click()
    page.get_by_text("Rusak, basi, atau tidak layak").click()
    page.fill("textarea[name=text]", SAID)
    page.set_input_files("input[name=photos]", photo)
    page.get_by_text("Terkirim", exact=True).wait_for()
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("heading", name="Laporan Anda diterima, uangnya ditahan").wait_for()


def photo_is_drawn(page: Page) -> bool:
    """Whether the report's photo has come to this browser."""
    image = page.locator(".shots img").first
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.shots img').complete")
    return bool(image.evaluate("one => one.naturalWidth > 0"))


def answer(page: Page) -> None:
    """The seller finds it on her day's page and answers."""
    page.goto("/sell")
    page.get_by_role("link", name="1 keluhan menunggu jawaban Anda").click()
    page.get_by_text(SAID).wait_for()
    assert photo_is_drawn(page)
    page.fill("textarea[name=text]", ANSWERED)
    page.get_by_text("Setuju uangnya dikembalikan").click()
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_text("Anda sudah menjawab.").wait_for()


def decide(page: Page) -> None:
    """Staff come from the desk and give one piece of two back, at the seller's cost."""
    page.goto("/staff")
    page.get_by_role("link", name="Keluhan menunggu keputusan").click()
    page.get_by_role("link", name="Putuskan").click()
    page.get_by_text(ANSWERED).wait_for()
    assert photo_is_drawn(page)
    page.get_by_text("Sebagian uangnya kembali ke pembeli").click()
    page.get_by_text("Kalau sebagian: berapa yang kembali").click()
    page.locator("input[name^=pieces_]").fill("1")
    page.fill("textarea[name=reason]", WHY)
    page.get_by_role("button", name="Simpan keputusan").click()
    page.get_by_text("Keputusan disimpan.").wait_for()


def test_from_the_buyers_phone_to_the_decision_and_back(
    visitor: Visitor, session: Session, app: Flask, tmp_path: Path
) -> None:
    session.add(default_settings())
    rohana = make_person(session, name="Rohana")
    manager = make_person(session, Role.MANAGER, name="Yani")
    variant = offer(session, make_seller(session, owner=rohana))
    restock(session, variant.id, 5, key="journey", person_id=None)
    order = handed_over_part(session, (variant, 2)).order
    token, phones = order.token, (rohana.phone, manager.phone)
    session.commit()
    photo = tmp_path / "IMG_2611.jpg"
    photo.write_bytes(saved(lively(1600, 1200), "JPEG", quality=85))

    buyer = visitor(None, PHONE)
    buyer.goto(f"/o/{token}")
    report(buyer, photo)
    assert photo_is_drawn(buyer)
    answer(visitor(phones[0], PHONE))
    buyer.reload()
    buyer.get_by_text(ANSWERED).wait_for()
    decide(visitor(phones[1], LAPTOP))

    buyer.reload()
    buyer.get_by_role("heading", name="Laporan Anda dikabulkan").wait_for()
    buyer.get_by_text(WHY).wait_for()
    buyer.goto(f"/o/{token}")
    assert buyer.get_by_text(WHY).first.is_visible()
    assert buyer.get_by_text("Rp15.000 dikembalikan").first.is_visible()

    session.rollback()
    assert [
        found.line for found in check_all(session, app.extensions["storage"]) if found.faults
    ] == []
