"""Statements of a lot and of a member's part of it, on paper and as tables."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.lots import queries
from shop.lots.lot_statement import lot_statement, member_statement
from shop.lots.models import Lot, LotPart
from shop.lots.states import RecordKind
from shop.sellers.models import SellerMember
from tests.factories.lots import brought, make_cooperative, pooled_thing, settled, written
from tests.factories.orders import completed_part
from tests.factories.people import make_person, signed_in
from tests.papers import text_of

Made = tuple[Lot, list[SellerMember]]


@pytest.fixture
def made(session: Session) -> Made:
    """A settled lot: two notes of Siti, one of the owner, a sale, and a cost."""
    seller, members = make_cooperative(session, "Siti Aminah", "Rina")
    variant = pooled_thing(session, seller)
    brought(session, members[0], variant, 7)
    brought(session, members[1], variant, 2)
    lot = session.get_one(Lot, brought(session, members[1], variant, 1).lot_id)
    completed_part(session, (variant, 7))
    written(session, lot, RecordKind.TRANSPORT, amount=7_001)
    settled(session, lot)
    session.commit()
    return lot, members


def test_a_lot_leads_from_nothing_to_nothing(session: Session, made: Made):
    lot, _ = made
    found = lot_statement(session, lot, queries.names(session, lot.seller_id))
    assert {line.told.kind for line in found.lines} == {"sale", "transport", "coop_fee", "member"}
    assert (found.opening, found.closing) == (0, 0)
    assert found.lines[0].told.number


def test_her_notes_together_are_her_part_to_the_rupiah(session: Session, made: Made):
    lot, members = made
    part = session.get_one(LotPart, (lot.id, members[1].id))
    found = member_statement(session, lot, members[1].id)
    assert found
    assert [line.told.kind for line in found.lines] == ["delivery", "delivery"]
    assert sum(line.told.change for line in found.lines) == part.amount
    assert found.closing == part.amount - part.deducted
    assert len({line.told.number for line in found.lines}) == 2
    assert member_statement(session, lot, members[2].id) is None


def test_only_she_her_keepers_and_staff_take_her_part(app: Flask, session: Session, made: Made):
    lot, (owner, siti, rina) = made
    staff = signed_in(app, make_person(session, Role.FINANCE))
    _, (_, stranger) = make_cooperative(session, "Ani")
    session.commit()
    for ending in ("csv", "pdf"):
        hers = f"/sell/lots/{lot.id}/members/{siti.id}/file.{ending}"
        whole = f"/sell/lots/{lot.id}/file.{ending}"
        codes = [
            tuple(signed_in(app, session.get_one(Person, one.person_id)).get(address).status_code
                  for address in (hers, whole))
            for one in (owner, siti, rina, stranger)
        ]  # fmt: skip
        assert codes == [(200, 200), (200, 200), (403, 200), (404, 404)]
        at_staff = f"/staff/sellers/{lot.seller_id}/lots/{lot.id}"
        for address in (f"/members/{siti.id}/file.{ending}", f"/file.{ending}"):
            assert staff.get(f"{at_staff}{address}").status_code == 200
        nothing = f"{at_staff}/members/{rina.id}/file.{ending}"
        assert staff.get(nothing).status_code == 404


def test_table_and_paper_say_the_same(app: Flask, session: Session, made: Made):
    lot, members = made
    siti = signed_in(app, session.get_one(Person, members[1].person_id))
    part = session.scalars(select(LotPart).where(LotPart.member_id == members[1].id)).one()
    address = f"/sell/lots/{lot.id}/members/{members[1].id}/file"
    rows = list(csv.reader(io.StringIO(siti.get(f"{address}.csv").text.lstrip("\ufeff"))))
    assert rows[-1][-1] == str(part.amount)
    assert [row[1] for row in rows[1:]] == ["opening", "delivery", "delivery", "closing"]
    paper = text_of(siti.get(f"{address}.pdf").data)
    for words in ("Siti Aminah", "Cabai Rawit, lot 1", "Setoran 2 kg"):
        assert words in paper
    assert "Cetak (PDF)" in siti.get(f"/sell/lots/{lot.id}/members/{members[1].id}").text
