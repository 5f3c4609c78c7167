"""Ways to pay are switched off and on, for the programme or by one seller; checkout obeys."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.orders.checkout import Changed, place
from shop.orders.place_order import ChangeKind
from shop.payments.models_stray import WayOff
from shop.payments.queries_ways import closed, switches
from shop.payments.states import Method
from shop.payments.switch_ways import LastWay, switch_off, switch_on
from shop.sellers.models import Seller
from tests.catalog.offered import offer
from tests.factories.orders import filled_in
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.orders.pages import filled, put_in, ready_to_place

pytestmark = pytest.mark.both
CAN = (Method.TRANSFER, Method.CASH)


def off(session: Session, method: Method, seller: Seller | None = None) -> None:
    seller_id = seller.id if seller else None
    switch_off(session, method, seller_id=seller_id, offered=CAN, person_id=None)


class TestSwitch:
    def test_off_and_on_again_with_who_and_when(self, session: Session):
        person, seller = make_person(session, name="Hendri"), make_seller(session)
        for _ in range(2):
            switch_off(
                session, Method.CASH, seller_id=seller.id, offered=CAN, person_id=person.id
            )  # fmt: skip
        transfer, cash = switches(session, CAN, seller.id)
        assert (transfer.since, cash.off_by) == (None, "Hendri")
        assert closed(session, [seller.id]) == {Method.CASH: [seller.id]}
        for _ in range(2):
            switch_on(session, Method.CASH, seller_id=seller.id, person_id=person.id)
        assert closed(session, [seller.id]) == {}
        kept = session.scalars(select(WayOff)).one()
        assert (kept.off_by, kept.on_by) == (person.id, person.id)
        lines = session.scalars(select(AuditLine.action).order_by(AuditLine.id)).all()
        assert lines == ["way.off", "way.on"]

    def test_the_last_way_stays(self, session: Session):
        seller = make_seller(session)
        off(session, Method.CASH, seller)
        with pytest.raises(LastWay):
            off(session, Method.TRANSFER, seller)

    def test_what_the_programme_switched_off_does_not_count_for_a_seller(self, session: Session):
        off(session, Method.CASH)
        with pytest.raises(LastWay):
            off(session, Method.TRANSFER, make_seller(session))

    def test_another_seller_is_not_touched(self, session: Session):
        off(session, Method.CASH, make_seller(session))
        assert closed(session, [make_seller(session).id]) == {}


class TestPlace:
    def test_what_one_seller_does_not_take_is_refused(self, session: Session):
        strict, easy = make_seller(session), make_seller(session)
        off(session, Method.CASH, strict)
        things = [(offer(session, seller, on_hand=5), 1) for seller in (strict, easy)]
        with pytest.raises(Changed) as told:
            place(session, filled_in(*things, method=Method.CASH))
        assert [(c.kind, c.seller_id, c.name) for c in told.value.changes] == [
            (ChangeKind.WAY, strict.id, "cash")
        ]
        assert place(session, filled_in(*things, method=Method.TRANSFER)).parts
        assert place(session, filled_in(things[1], method=Method.CASH)).parts

    def test_what_the_programme_does_not_take_is_refused(self, session: Session):
        thing = offer(session, on_hand=5)
        off(session, Method.CASH)
        with pytest.raises(Changed) as told:
            place(session, filled_in((thing, 1), method=Method.CASH))
        assert told.value.changes[0].seller_id is None


class TestCheckout:
    def test_it_offers_what_all_take_and_says_why(self, session: Session, client: FlaskClient):
        strict, easy = make_seller(session, "Mak Ijah"), make_seller(session)
        off(session, Method.CASH, strict)
        things = [(offer(session, seller, on_hand=5), 1) for seller in (strict, easy)]
        session.commit()
        put_in(client, *things)
        page = client.get("/checkout").text
        assert 'value="transfer"' in page
        assert 'value="cash"' not in page
        assert "Tunai saat terima tidak diterima Mak Ijah." in page

    def test_without_a_way_that_all_take(self, session: Session, client: FlaskClient):
        one, two = make_seller(session), make_seller(session)
        off(session, Method.CASH, one)
        off(session, Method.TRANSFER, two)
        things = [(offer(session, seller, on_hand=5), 1) for seller in (one, two)]
        session.commit()
        put_in(client, *things)
        page = client.get("/checkout")
        assert "Tidak ada cara bayar yang diterima semua penjual ini" in page.text
        assert client.post("/checkout", data=filled(page, method="cash")).status_code == 422

    def test_switched_off_while_the_form_was_open(self, session: Session, client: FlaskClient):
        seller = make_seller(session, "Mak Ijah")
        thing = offer(session, seller, on_hand=5)
        session.commit()
        put_in(client, (thing, 1))
        form = ready_to_place(client)
        form["method"] = "cash"
        off(session, Method.CASH, seller)
        session.commit()
        answer = client.post("/checkout", data=form)
        assert answer.status_code == 422
        assert "Tunai saat terima tidak diterima Mak Ijah." in answer.text
        assert form["address"] in answer.text

    def test_how_to_pay_tells_what_is_taken(self, session: Session, client: FlaskClient):
        off(session, Method.CASH)
        session.commit()
        page = client.get("/cara-pesan").text
        assert "Tunai saat barang diserahkan" not in page
        assert "Transfer bank" in page


class TestPages:
    def test_staff_switch_for_the_programme(self, app: Flask, session: Session):
        admin = signed_in(app, make_person(session, Role.ADMIN, name="Bu Lurah"))
        answer = admin.post("/staff/settings/ways", data={"method": "cash", "on": "0"})
        assert answer.status_code == 303
        assert "oleh Bu Lurah" in admin.get("/staff/settings").text
        assert list(closed(session, [])) == [Method.CASH]
        answer = admin.post(
            "/staff/settings/ways", data={"method": "transfer", "on": "0"}, follow_redirects=True
        )
        assert "cara bayar terakhir" in answer.text
        admin.post("/staff/settings/ways", data={"method": "cash", "on": "1"})
        session.rollback()
        assert closed(session, []) == {}

    def test_a_seller_switches_her_own(self, app: Flask, session: Session):
        person = make_person(session)
        seller = make_seller(session, owner=person)
        hers = signed_in(app, person)
        hers.post("/sell/more/ways", data={"method": "cash", "on": "0"})
        session.rollback()
        assert closed(session, [seller.id]) == {Method.CASH: [seller.id]}
        assert "Mati" in hers.get("/sell/more/ways").text
        assert hers.post("/sell/more/ways", data={"method": "card"}).status_code == 404
        assert hers.post("/sell/more/ways", data={"method": "x"}).status_code == 404
