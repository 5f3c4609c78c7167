"""A member's statement: from its opening to its closing balance, hers and her keeper's only."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.core import clock
from shop.sellers.models import MemberRole, Seller, SellerMember
from shop.sharing.member_statement import statement_of
from shop.sharing.pay_member import Handed, pay_member
from shop.sharing.purse import owed
from tests.factories.people import make_person, signed_in
from tests.factories.sharing import decided, join, make_group, sold, thing_of
from tests.papers import text_of

Group = tuple[Seller, list[SellerMember]]
_ENDS = ("", "/file.csv", "/file.pdf")


@pytest.fixture
def group(session: Session) -> Group:
    """Siti earned Rp45.000 two months ago, and got Rp20.000 of it this month."""
    with clock.at(clock.now() - timedelta(days=62)):
        seller, members = make_group(session, "Siti Aminah")
        decided(session, seller, members)
        sold(session, thing_of(session, seller, 50_000), 2)
    cash = Handed(20_000, 0, clock.today())
    pay_member(session, seller.id, members[1].id, cash, key="k", person_id=None)
    session.commit()
    return seller, members


def test_its_lines_lead_from_the_opening_to_what_she_is_owed(session: Session, group: Group):
    seller, members = group
    whole = statement_of(session, members[1].id)
    assert [line.told.kind for line in whole.lines] == ["sale", "handed"]
    assert (whole.opening, whole.closing) == (0, owed(session, seller.id, members[1].id))
    assert "Rp90.000" in whole.lines[0].told.how
    now = statement_of(session, members[1].id, clock.month_of(clock.now()))
    assert (now.opening, [line.told.change for line in now.lines], now.closing) == (
        45_000, [-20_000], 25_000,
    )  # fmt: skip


def test_page_table_and_paper_say_the_same(app: Flask, session: Session, group: Group):
    siti = signed_in(app, session.get_one(Person, group[1][1].person_id))
    address = f"/sell/group/members/{group[1][1].id}/statement"
    page = siti.get(address).get_data(as_text=True)
    assert "45.000" in page
    assert "−20.000" in page
    rows = list(csv.reader(io.StringIO(siti.get(f"{address}/file.csv").text.lstrip("\ufeff"))))
    assert [row[-1] for row in rows[1:]] == ["0", "45000", "25000", "25000"]
    paper = text_of(siti.get(f"{address}/file.pdf").data)
    assert "Siti Aminah" in paper
    assert "25.000" in paper
    assert siti.get(f"{address}?month=2026-13").status_code == 404


def test_only_she_her_keepers_and_staff_take_it(app: Flask, session: Session, group: Group):
    seller, (owner, siti) = group
    rina = join(session, seller, "Rina", role=MemberRole.MEMBER)
    other, strangers = make_group(session, "Ani")
    staff = make_person(session, Role.FINANCE)
    session.commit()
    address = f"/sell/group/members/{siti.id}/statement"
    codes = {}
    for member in (owner, siti, rina, strangers[1]):
        browser = signed_in(app, session.get_one(Person, member.person_id))
        codes[member.name] = [browser.get(f"{address}{end}").status_code for end in _ENDS]
    assert codes == {
        owner.name: [200] * 3, siti.name: [200] * 3, "Rina": [403] * 3, "Ani": [404] * 3,
    }  # fmt: skip
    for end in _ENDS:
        their = f"/staff/sellers/{seller.id}/group/members/{siti.id}/statement{end}"
        assert signed_in(app, staff).get(their).status_code == 200
        wrong = f"/staff/sellers/{other.id}/group/members/{siti.id}/statement{end}"
        assert signed_in(app, staff).get(wrong).status_code == 404
