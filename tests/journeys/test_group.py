"""In a real browser on a phone: a treasurer hands out a group's money, a member says she got it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.sellers.models import MemberRole, SellerMember
from shop.sharing.models import MemberPayment
from tests.factories.people import PASSWORD, make_person
from tests.factories.sharing import decided, group_things, make_group, sold, thing_of
from tests.journeys.conftest import AxeFaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def number_of(session: Session, member: SellerMember) -> str:
    return session.get_one(Person, member.person_id).phone or ""


def enter(phone: Page, number: str) -> None:
    phone.goto("/sign-in")
    phone.get_by_label("Nomor HP").fill(number)
    phone.get_by_label("Kata sandi").fill(PASSWORD)
    phone.get_by_role("button", name="Masuk").click()
    expect(phone.get_by_role("navigation").first).to_be_visible()


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


def test_every_page_of_a_group_is_usable_by_everybody(
    app: Flask, session: Session, phone: Page, axe: AxeFaults
):
    seller, members = make_group(session)
    ids = group_things(session, seller)
    number, staff = number_of(session, members[0]), make_person(session, Role.ADMIN).phone
    session.commit()
    pages = {
        number: (
            "", "/fund", "/rules", "/rules/new", "/surplus",
            f"/members/{ids['group_studio.member:member_id']}",
            f"/made/{ids['group_rules.made:sale_id']}",
        ),
        staff or "": ("/group",),
    }  # fmt: skip
    faults = []
    for who, addresses in pages.items():
        phone.context.clear_cookies()
        enter(phone, who)
        door = "/sell/group" if who == number else f"/staff/sellers/{seller.id}"
        for address in (f"{door}{one}" for one in addresses):
            answer = phone.goto(address)
            assert answer
            assert answer.ok, address
            phone.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            wider = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
            phone.emulate_media(color_scheme="light")
            found = axe(phone) + (["wider than the phone"] if wider else [])
            phone.emulate_media(color_scheme="dark")
            found += axe(phone, "color-contrast")
            faults += [f"{address}: {fault}" for fault in found]
    assert faults == []
