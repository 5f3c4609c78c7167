"""Links from phone to phone: a cart's to take its things over, an order's to be replaced."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core.settings import default_settings
from shop.orders.models import Order
from shop.orders.models_cart import CartLine
from tests.catalog.offered import offer
from tests.factories.orders import placed_order
from tests.factories.sellers import make_seller
from tests.journeys.conftest import AxeFaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_cart_goes_from_one_phone_to_another(
    phone: Page, browser: Browser, shop_url: str, session: Session, axe: AxeFaults
):
    session.add(default_settings())
    offer(session, make_seller(session, "Rohana"), on_hand=5, name="Kerupuk")
    session.commit()
    phone.goto("/")
    phone.locator("a[href^='/p/']").first.click()
    phone.get_by_role("button", name="Tambah ke keranjang").click()
    phone.get_by_text("Tulis pesan untuk Rohana").click()
    phone.get_by_label("Pesan untuk Rohana").fill("Titip di satpam")
    phone.get_by_role("button", name="Simpan pesan").click()
    assert axe(phone) == []
    phone.get_by_role("button", name="Bagikan keranjang").click()
    link = phone.get_by_label("Tautan keranjang").input_value()
    assert link.startswith(f"{shop_url}/cart/")
    sent = phone.get_by_role("link", name="Kirim lewat WhatsApp").get_attribute("href")
    assert sent is not None
    assert sent.startswith("https://wa.me/?text=")
    assert axe(phone) == []

    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    other = context.new_page()
    other.goto(link)
    assert axe(other) == []
    expect(other.get_by_text("Titip di satpam")).to_have_count(0)
    other.get_by_role("button", name="Masukkan ke keranjang saya").click()
    other.wait_for_url(re.compile("/cart$"))
    other.get_by_text("Tulis pesan untuk Rohana").click()
    other.get_by_label("Pesan untuk Rohana").fill("Agak asin")
    other.get_by_role("button", name="Lanjut pesan").click()
    other.wait_for_url(re.compile("/checkout"))
    other.get_by_label("Nama", exact=True).fill("Siti")
    other.get_by_label("Nomor HP").fill("0812-3456-7890")
    other.locator("input[value=pickup]").check()
    other.get_by_label("Tunai saat terima").check()
    other.get_by_role("button", name="Buat pesanan").click()
    other.wait_for_url(re.compile("/o/"))
    context.close()

    order = session.scalars(select(Order)).one()
    assert (order.buyer_name, order.parts[0].note) == ("Siti", "Agak asin")
    assert session.scalars(select(CartLine.quantity)).all() == [1]
    phone.goto("/cart")
    expect(phone.get_by_label("Pesan untuk Rohana")).to_have_value("Titip di satpam")


def test_a_buyer_takes_a_new_link_and_the_old_one_is_dead(
    phone: Page, session: Session, axe: AxeFaults
):
    session.add(default_settings())
    old = placed_order(session).token
    session.commit()
    phone.goto(f"/o/{old}")
    phone.get_by_text("Riwayat").click()
    expect(phone.get_by_text("Pesanan dibuat oleh Anda")).to_be_visible()
    assert axe(phone) == []
    phone.get_by_role("link", name="Tautan dan kode QR").click()
    expect(phone.get_by_role("img", name="Kode QR ke halaman pesanan ini")).to_be_visible()
    assert axe(phone) == []
    phone.get_by_role("button", name="Ya, buat tautan baru").click()
    expect(phone.get_by_text("Tautan baru dibuat.")).to_be_visible()
    assert old not in phone.url
    answer = phone.goto(f"/o/{old}")
    assert answer is not None
    assert answer.status == 404
