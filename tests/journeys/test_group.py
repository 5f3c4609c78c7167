"""In a real browser on a phone: a treasurer hands out a group's money, a member says she got it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.sellers.models import MemberRole, SellerMember
from shop.sharing.models import MemberPayment
from tests.factories.people import PASSWORD
from tests.factories.sharing import decided, make_group, sold, thing_of
from tests.journeys.conftest import AxeFaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def number_of(session: Session, member: SellerMember) -> str:
    return session.get_one(Person, member.person_id).phone or ""


def enter(phone: Page, number: str) -> None:
    phone.goto("/sign-in")
    phone.get_by_label("Nomor HP").fill(number)
    phone.get_by_label("Kata sandi").fill(PASSWORD)
    phone.get_by_role("button", name="Masuk").click()
    expect(phone.get_by_role("link", name="Uang").first).to_be_visible()


def test_money_goes_from_the_pool_to_a_member_who_says_that_she_has_it(
    app: Flask, session: Session, phone: Page, axe: AxeFaults
):
    seller, members = make_group(session, "Siti Aminah")
    members[0].role = MemberRole.TREASURER.value
    decided(session, seller, members)
    sold(session, thing_of(session, seller, 50_000), 2)
    numbers = [number_of(session, member) for member in members]
    session.commit()

    def sound() -> None:
        assert axe(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    enter(phone, numbers[0])
    phone.goto("/sell/money")
    phone.get_by_role("link", name="Bagi hasil kelompok").click()
    expect(phone.get_by_text("Rp100.000", exact=True).first).to_be_visible()
    sound()
    phone.get_by_role("link", name="Siti Aminah").click()
    phone.get_by_role("textbox", name="Uang yang diberikan").fill("99.000")
    phone.get_by_role("button", name="Simpan").first.click()
    expect(phone.get_by_text("Haknya sekarang Rp45.000.")).to_be_visible()
    sound()
    phone.get_by_role("textbox", name="Uang yang diberikan").fill("45.000")
    phone.get_by_role("button", name="Simpan").first.click()
    expect(phone.get_by_text("diminta menjawab sudah terima atau belum")).to_be_visible()
    sound()
    phone.context.clear_cookies()
    enter(phone, numbers[1])
    phone.goto("/sell/group")
    expect(phone.get_by_text("Sudah terima Rp45.000?")).to_be_visible()
    sound()
    phone.get_by_role("button", name="Sudah saya terima").click()
    expect(phone.get_by_text("Sudah diterima", exact=True)).to_be_visible()
    sound()
    session.expire_all()
    assert session.scalars(select(MemberPayment.state)).one() == "confirmed"
