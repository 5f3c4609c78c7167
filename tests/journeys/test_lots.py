"""In a real browser on a phone: a harvest is weighed, confirmed, looked through and settled."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.lots.models import DeliveryNote, Lot
from shop.lots.states import LotState
from tests.factories.lots import make_cooperative, pooled_thing
from tests.factories.orders import completed_part
from tests.journeys.conftest import AxeFaults
from tests.journeys.test_group import enter, number_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_harvest_goes_from_the_scale_to_each_members_account(
    app: Flask, session: Session, phone: Page, axe: AxeFaults
):
    seller, members = make_cooperative(session, "Siti Aminah")
    variant = pooled_thing(session, seller)
    numbers = [number_of(session, member) for member in members]
    session.commit()

    def sound() -> None:
        phone.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert axe(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    enter(phone, numbers[0])
    phone.goto("/sell/money")
    phone.get_by_role("link", name="Lot dan setoran anggota").click()
    sound()
    phone.get_by_role("link", name="Barang yang dijual per lot").click()
    sound()
    phone.goto("/sell/lots/notes/new")
    phone.get_by_label("Siapa yang menyetor").select_option("Siti Aminah")
    phone.get_by_label("Berat, kg").fill("dua")
    phone.get_by_role("textbox", name="Harga sementara per kg").fill("25.000")
    phone.get_by_role("textbox", name="Harga tengkulak").fill("12.000")
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_text("Tulis beratnya, misalnya 12,5.")).to_be_visible()
    sound()
    phone.get_by_label("Berat, kg").fill("12,5")
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.get_by_role("heading", name="12,5 kg")).to_be_visible()
    sound()
    session.expire_all()
    assert session.scalars(select(DeliveryNote.grams)).one() == 12_500
    completed_part(session, (variant, 10))
    session.commit()
    phone.goto("/sell/lots")
    phone.get_by_role("link", name="Cabai Rawit, lot 1").click()
    expect(phone.get_by_text("Kalau dihitung sekarang")).to_be_visible()
    sound()
    phone.get_by_label("Kenapa kurang dari harga sementara?").fill("Ada yang belum laku")
    phone.get_by_role("button", name="Hitung dan bagikan").click()
    expect(phone.get_by_text("Begini dihitung")).to_be_visible()
    sound()
    phone.get_by_role("link", name="Siti Aminah").first.click()
    expect(phone.get_by_text("Ada yang belum laku").first).to_be_visible()
    expect(phone.get_by_text("+Rp3.200 per kg").first).to_be_visible()
    sound()
    session.expire_all()
    assert session.scalars(select(Lot.state)).one() == LotState.SETTLED
