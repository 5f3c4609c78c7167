"""In a real browser on a phone: ordering the same every week, and leaving goods at a point."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.consignment.models import Consignment
from shop.standing.models import StandingOrder
from tests.catalog.offered import offer
from tests.factories.consignment import make_point
from tests.factories.people import PASSWORD, make_person
from tests.factories.sellers import make_seller
from tests.journeys.conftest import AxeFaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def fits(page: Page) -> bool:
    """Whether nothing sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stall_orders_every_week_from_the_page_of_a_thing(
    app: Flask, session: Session, phone: Page, axe: AxeFaults
):
    slug = offer(session, on_hand=None).product.slug
    session.commit()
    phone.goto(f"/p/{slug}")
    phone.get_by_role("link", name="Pesan tiap minggu").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Pesan tiap minggu dari Rohana")
    assert axe(phone) == []
    assert fits(phone)
    phone.get_by_label("Jumlah Kerupuk Tenggiri").fill("4")
    phone.get_by_label("Jumlah Kerupuk Tenggiri").blur()
    expect(phone.get_by_role("button", name="Setuju, Rp60.000 tiap minggu")).to_be_visible()
    phone.get_by_label("Nama", exact=True).fill("Kedai Kopi Pelangi")
    phone.get_by_label("Nomor HP (WhatsApp)").fill("0812-3456-7890")
    phone.get_by_label("Tunai saat terima").check()
    phone.get_by_role("button", name="Setuju, Rp60.000 tiap minggu").click()
    expect(phone.get_by_text("Pesanan tetap sudah jalan.")).to_be_visible()
    assert axe(phone) == []
    assert fits(phone)
    phone.get_by_role("button", name="Lewati").first.click()
    expect(phone.get_by_text("Dilewati", exact=True)).to_be_visible()
    phone.get_by_role("button", name="Jeda dulu").click()
    expect(phone.get_by_role("heading", name="Sedang dijeda")).to_be_visible()
    standing = session.scalars(select(StandingOrder)).one()
    assert (standing.state, standing.agreed) == ("paused", 60_000)


def test_a_maker_leaves_goods_at_a_point_and_counts_them(
    app: Flask, session: Session, phone: Page, axe: AxeFaults
):
    owner = make_person(session, name="Rohana")
    offer(session, make_seller(session, owner=owner), on_hand=20)
    point, number = make_point(session), owner.phone
    name = point.name
    session.commit()
    phone.goto("/sign-in")
    phone.get_by_label("Nomor HP").fill(number)
    phone.get_by_label("Kata sandi").fill(PASSWORD)
    phone.get_by_role("button", name="Masuk").click()
    phone.goto("/sell/more")
    phone.get_by_role("link", name="Titip jual").click()
    phone.get_by_role("link", name="Titip barang").click()
    assert axe(phone) == []
    assert fits(phone)
    phone.get_by_label("Di mana").select_option(label=name)
    phone.get_by_label("Berapa").fill("10")
    phone.get_by_label("Bagian tempat per buah").fill("1000")
    phone.get_by_role("button", name="Simpan titipan").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("10 masih di")
    phone.get_by_label("Laku").fill("4")
    phone.get_by_label("Kembali").fill("1")
    phone.get_by_role("button", name="Simpan hasil").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("5 masih di")
    assert axe(phone) == []
    assert fits(phone)
    phone.get_by_role("button", name="Sudah saya terima tunai").click()
    expect(phone.get_by_text("Rp56.000 diterima penjual dari tempat titip")).to_be_visible()
    phone.get_by_role("link", name="Surat titip untuk dicetak").click()
    expect(phone.get_by_text("Yang menerima")).to_be_visible()
    assert axe(phone) == []
    assert fits(phone)
    line = session.scalars(select(Consignment)).one().lines[0]
    assert (line.sold, line.returned) == (4, 1)
