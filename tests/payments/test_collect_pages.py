"""A seller who collects by herself: what buyer, seller and staff see and press."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.accounts.models import AuditLine, Notification, Role
from shop.core.settings import default_settings, load_settings
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.settle import claim
from shop.payments.states import Method, PaymentState
from shop.sellers.models import MemberRole, Seller, SellerMember
from tests.catalog.offered import offer
from tests.factories.orders import placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.payments.qris.codes import DYNAMIC, STATIC
from tests.payments.qris.photos import sticker
from tests.payments.test_scan import drawn
from tests.photos import lively, saved

pytestmark = pytest.mark.both
PAGE = "/sell/more/collect"


@pytest.fixture
def rohana(session: Session) -> Seller:
    session.add(default_settings())
    load_settings(session).sellers_collect = True
    seller = make_seller(session, "Rohana")
    seller.bank_name, seller.bank_account, seller.bank_holder = "BRI", "55501234", "Rohana"
    session.flush()
    return seller


def studio(
    app: Flask, session: Session, seller: Seller, role: MemberRole = MemberRole.OWNER
) -> FlaskClient:
    person = make_person(session, name="Ibu")
    session.add(SellerMember(seller_id=seller.id, person_id=person.id, name="Ibu", role=role.value))
    session.commit()
    return signed_in(app, person)


def hers(session: Session, seller: Seller, method: Method = Method.TRANSFER) -> Order:
    """An order of hers and of Salmah, whom the programme collects for."""
    seller.collects = True
    salmah = make_seller(session, "Salmah")
    things = [(offer(session, one, on_hand=9), 2) for one in (seller, salmah)]
    order = placed_order(session, *things, method=method)
    session.commit()
    return order


def payments(session: Session, order: Order) -> tuple[Payment, Payment]:
    """Hers, and the programme's."""
    session.expire_all()
    found = session.scalars(select(Payment).where(Payment.order_id == order.id)).all()
    return (
        next(p for p in found if p.collector_id),
        next(p for p in found if not p.collector_id),
    )


class TestTheBuyer:
    def test_sees_a_list_of_steps_each_with_its_state_and_account(
        self, session: Session, client: FlaskClient, rohana: Seller
    ):
        order = hers(session, rohana)
        page = client.get(f"/o/{order.token}").text
        assert "Dibayar dalam 2 langkah" in page
        first, second = page.split('<li id="p-')[1:3]
        assert "Ke program, untuk Salmah" in first
        assert "000001000777309" in first
        assert "Langsung ke Rohana" in second
        assert "55501234" in second
        assert "000001000777309" not in second

    def test_says_of_one_step_that_it_is_paid(
        self, session: Session, client: FlaskClient, rohana: Seller
    ):
        order = hers(session, rohana)
        own, _ = payments(session, order)
        client.post(f"/o/{order.token}/claim", data={"payment": str(own.id)})
        own, shared = payments(session, order)
        assert (own.state, shared.state) == (PaymentState.CLAIMED, PaymentState.PENDING)
        page = client.get(f"/o/{order.token}").text
        assert "Rohana mencocokkannya dengan rekeningnya" in page
        assert "Tinggal dibayar" in page

    def test_scans_her_own_code(self, session: Session, client: FlaskClient, rohana: Seller):
        rohana.qris_text = STATIC
        order = hers(session, rohana, Method.QRIS)
        page = client.get(f"/o/{order.token}").text
        assert drawn(STATIC) in page.split('<li id="p-')[2]
        assert "DAPUR CONTOH PENYENGAT" in page

    def test_sees_the_plain_page_where_all_goes_to_the_programme(
        self, session: Session, client: FlaskClient, rohana: Seller
    ):
        order = placed_order(session, (offer(session, rohana, on_hand=9), 1))
        session.commit()
        assert "paysteps" not in client.get(f"/o/{order.token}").text


class TestTheSeller:
    def test_is_told_and_confirms_what_came(self, app: Flask, session: Session, rohana: Seller):
        client = studio(app, session, rohana)
        order = hers(session, rohana)
        own, _ = payments(session, order)
        claim(session, own.id)
        session.commit()
        told = session.scalars(select(Notification.kind).where(Notification.person_id.is_not(None)))
        assert "direct_claimed" in list(told)
        assert "1 pembayaran langsung menunggu Anda cek" in client.get("/sell/money").text
        page = client.get("/sell/money/direct").text
        assert order.number in page
        answer = client.post(f"/sell/money/direct/{own.id}/arrived", follow_redirects=True)
        assert "sudah diterima. Pesanannya bisa dikerjakan." in answer.text
        assert payments(session, order)[0].state == PaymentState.SETTLED
        again = client.post(f"/sell/money/direct/{own.id}/arrived", follow_redirects=True)
        assert "sudah dicatat sebelumnya" in again.text

    def test_says_that_nothing_came(self, app: Flask, session: Session, rohana: Seller):
        client = studio(app, session, rohana)
        order = hers(session, rohana)
        own, _ = payments(session, order)
        url = f"/sell/money/direct/{own.id}/not-arrived"
        assert "sudah dicatat sebelumnya" in client.post(url, follow_redirects=True).text
        claim(session, payments(session, order)[0].id)
        session.commit()
        assert "belum masuk" in client.post(url, follow_redirects=True).text
        assert payments(session, order)[0].state == PaymentState.PENDING

    def test_reaches_only_her_own(self, app: Flask, session: Session, rohana: Seller):
        other = studio(app, session, make_seller(session, "Melur"))
        order = hers(session, rohana)
        own, shared = payments(session, order)
        assert other.post(f"/sell/money/direct/{own.id}/arrived").status_code == 404
        assert order.number not in other.get("/sell/money/direct").text
        mine = studio(app, session, rohana)
        assert mine.post(f"/sell/money/direct/{shared.id}/arrived").status_code == 404

    def test_a_member_only_looks(self, app: Flask, session: Session, rohana: Seller):
        client = studio(app, session, rohana, MemberRole.MEMBER)
        order = hers(session, rohana)
        own, _ = payments(session, order)
        assert "Sudah masuk" not in client.get("/sell/money/direct").text
        assert client.post(f"/sell/money/direct/{own.id}/arrived").status_code == 403

    def test_switches_it_on_and_off(self, app: Flask, session: Session, rohana: Seller):
        client = studio(app, session, rohana)
        assert "Dibayar langsung oleh pembeli" in client.get("/sell/more").text
        for _ in range(2):
            assert client.post(PAGE, data={"on": "1"}).status_code == 303
        session.expire_all()
        assert rohana.collects
        assert "Pembeli membayar Anda langsung" in client.get(PAGE).text
        assert client.post(PAGE, data={"on": "0"}).status_code == 303
        session.expire_all()
        assert not rohana.collects
        lines = session.scalars(select(AuditLine).where(AuditLine.action == "seller.collects"))
        assert [line.detail["now"] for line in lines] == [True, False]

    def test_needs_something_to_be_paid_into(self, app: Flask, session: Session, rohana: Seller):
        rohana.bank_account = ""
        client = studio(app, session, rohana)
        answer = client.post(PAGE, data={"on": "1"})
        assert answer.status_code == 422
        assert "Isi dulu rekening Anda atau simpan foto QRIS Anda." in answer.text

    def test_has_no_such_page_where_the_shop_has_it_off(
        self, app: Flask, session: Session, rohana: Seller
    ):
        load_settings(session).sellers_collect = False
        client = studio(app, session, rohana)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, data={"on": "1"}).status_code == 404
        assert "Dibayar langsung oleh pembeli" not in client.get("/sell/more").text

    def test_keeps_her_own_qris(self, app: Flask, session: Session, rohana: Seller):
        client = studio(app, session, rohana)
        assert self.upload(client, saved(sticker(STATIC), "JPEG")).status_code == 303
        session.expire_all()
        assert rohana.qris_text == STATIC
        assert "<dd>ID1000000000001</dd>" in client.get(PAGE).text

    @pytest.mark.parametrize(
        ("photo", "words"),
        [
            (saved(lively(400, 400), "JPEG"), "Tidak ada kode QR yang terbaca"),
            (saved(sticker(DYNAMIC), "JPEG"), "sudah berisi jumlah"),
            (b"halo", "bukan foto"),
        ],
    )
    def test_a_wrong_photo_is_refused_with_its_fault(
        self, app: Flask, session: Session, rohana: Seller, photo: bytes, words: str
    ):
        client = studio(app, session, rohana)
        answer = self.upload(client, photo)
        assert answer.status_code == 422
        assert words in answer.text
        session.expire_all()
        assert rohana.qris_text == ""

    def upload(self, client: FlaskClient, photo: bytes) -> TestResponse:
        return client.post(f"{PAGE}/qris", data={"picture": (io.BytesIO(photo), "q.jpg")})


class TestStaff:
    def test_confirm_for_her_but_not_in_their_own_queue(
        self, app: Flask, session: Session, rohana: Seller
    ):
        order = hers(session, rohana)
        own, shared = payments(session, order)
        staff = signed_in(app, make_person(session, Role.FINANCE))
        queue = staff.get("/staff/payments").text
        assert f"p-{shared.id.hex}" in queue
        assert f"p-{own.id.hex}" not in queue
        assert "Langsung ke Rohana" in staff.get("/staff/payments/direct").text
        assert staff.post(f"/staff/payments/direct/{shared.id}/arrived").status_code == 404
        assert staff.post(f"/staff/payments/direct/{own.id}/arrived").status_code == 303
        assert payments(session, order)[0].state == PaymentState.SETTLED

    def test_switch_it_on_once_they_read_the_warning(self, app: Flask, session: Session):
        admin = signed_in(app, make_person(session, Role.ADMIN, name="Bu Lurah"))
        url = "/staff/settings/sellers-collect"
        assert "Baca dulu, lalu centang." in admin.post(url, data={"on": "1"}).text
        assert admin.post(url, data={"on": "1", "collect-warning_read": "1"}).status_code == 303
        assert "oleh Bu Lurah." in admin.get("/staff/settings").text
        assert admin.post(url, data={"on": "0"}).status_code == 303
        session.expire_all()
        assert not load_settings(session).sellers_collect
