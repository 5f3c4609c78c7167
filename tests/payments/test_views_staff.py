"""Staff confirm what arrived, send back what must go back, and change the settings."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.catalog.reserve import SoldOut
from shop.core import clock, events, ids
from shop.core.db import db
from shop.core.i18n import day_time
from shop.core.models import ShopSettings
from shop.ledger.fees import current_basis_points
from shop.payments.cancel import cancel
from shop.payments.events import PaymentCameLate
from shop.payments.expire import expire_due
from shop.payments.models import Payment, Refund
from shop.payments.refund import grant
from shop.payments.settle import claim
from shop.payments.states import Method
from tests.factories.payments import make_paid, make_payment
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def finance(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.FINANCE, name="Hendri"))


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.ADMIN, name="Bu Lurah"))


def fresh(session: Session, payment: Payment) -> Payment:
    db.session.rollback()
    return session.get_one(Payment, payment.id, populate_existing=True)


def sums_in(page: str) -> list[str]:
    """The sums of the queue, in order, their code put back where it belongs."""
    found = re.findall(r'<span class="money big">Rp([0-9.]+)<span class="code">([0-9]+)', page)
    return ["".join(parts) for parts in found]


def test_what_buyers_say_was_sent_comes_first(session: Session, finance: FlaskClient):
    seller = make_seller(session)
    now = clock.now()
    for minutes, amount, said in ((90, 10_000, False), (60, 20_000, True), (30, 30_000, True)):
        with clock.at(now - timedelta(minutes=minutes)):
            payment = make_payment(session, (seller, amount), code=247)
            if said:
                claim(session, payment.id)
    make_payment(session, (seller, 40_000), method=Method.CASH)
    session.commit()
    page = finance.get("/staff/payments").text
    assert sums_in(page) == ["20.247", "30.247", "10.247"]
    assert "3 pembayaran menunggu dicek, Rp60.741" in page
    assert "Dewi" in page
    assert "1 jam" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [("30247", 1), ("Rp30.247", 1), ("247", 1), ("7", 0), ("811", 1), ("99", 0), ("", 2)],
)
def test_a_payment_is_found_by_its_sum(
    session: Session, finance: FlaskClient, words: str, found: int
):
    seller = make_seller(session)
    for amount, code in ((30_000, 247), (50_000, 811)):
        payment = make_payment(session, (seller, amount), code=code)
        payment.order_number = "ABCDEFGH"
    session.commit()
    assert len(sums_in(finance.get("/staff/payments", query_string={"q": words}).text)) == found


def test_a_payment_is_found_by_its_order(session: Session, finance: FlaskClient):
    payment = make_payment(session, (make_seller(session), 30_000), code=1)
    make_payment(session, (make_seller(session), 40_000), code=1)
    session.commit()
    page = finance.get("/staff/payments", query_string={"q": payment.order_number[:5].lower()})
    assert sums_in(page.text) == ["30.001"]


def test_confirming_books_it_and_says_who(session: Session, finance: FlaskClient):
    payment = make_payment(session, (make_seller(session), 30_000), code=247)
    session.commit()
    url = f"/staff/payments/{payment.id}/confirm"
    answer = finance.post(url, data={"evidence": "masuk 09.12", "q": "247"})
    assert (answer.status_code, answer.location) == (303, "/staff/payments?q=247")
    after = fresh(session, payment)
    assert (after.state, after.evidence) == ("settled", "masuk 09.12")
    line = session.scalars(select(AuditLine).where(AuditLine.action == "payment.confirm")).one()
    assert line.person_id == after.settled_by
    again = finance.post(url, data={}, follow_redirects=True)
    assert "sudah dicatat sebelumnya" in again.text


def test_a_note_too_long_is_kept_and_nothing_booked(session: Session, finance: FlaskClient):
    payment = make_payment(session, (make_seller(session), 30_000), code=247)
    session.commit()
    note = "x" * 201
    answer = finance.post(f"/staff/payments/{payment.id}/confirm", data={"evidence": note})
    assert answer.status_code == 422
    assert note in answer.text
    assert fresh(session, payment).state == "pending"


def test_what_did_not_arrive_waits_on(session: Session, finance: FlaskClient):
    payment = make_payment(session, (make_seller(session), 30_000), code=247)
    claim(session, payment.id)
    session.commit()
    url = f"/staff/payments/{payment.id}/not-arrived"
    assert finance.post(url).status_code == 303
    assert fresh(session, payment).state == "pending"
    page = finance.post(url, follow_redirects=True).text
    until = day_time(fresh(session, payment).expires_at)
    assert f"Pesanan menunggu sampai {until}." in page
    assert f"Ditunggu sampai {until}." in page
    assert "sudah dicatat" in page


def expired(session: Session, days: int) -> Payment:
    payment = make_payment(
        session,
        (make_seller(session), 30_000),
        code=days,
        expires_at=clock.now() - timedelta(days=days),
    )
    expire_due(session)
    session.commit()
    return payment


def test_expired_ones_can_be_looked_up_for_a_week(session: Session, finance: FlaskClient):
    expired(session, 6)
    expired(session, 8)
    assert sums_in(finance.get("/staff/payments/expired").text) == ["30.006"]


def cancelled(session: Session, code: int) -> Payment:
    payment = make_payment(session, (make_seller(session), 30_000), code=code)
    cancel(session, payment.id, "buyer", None)
    session.commit()
    return payment


def test_a_search_finds_what_ended_whenever_it_was(session: Session, finance: FlaskClient):
    old = expired(session, 400)
    cancelled(session, 247)
    make_payment(session, (make_seller(session), 30_000), code=248)
    session.commit()
    for words in (old.order_number, "30.400", "400"):
        page = finance.get("/staff/payments/expired", query_string={"q": words}).text
        assert sums_in(page) == ["30.400"], words
    page = finance.get("/staff/payments/expired?q=247").text
    assert sums_in(page) == ["30.247"]
    assert "Dibatalkan" in page
    assert "pesanan tidak dibuka lagi" in page
    found = finance.get("/staff/payments?q=247").text
    assert "1 yang cocok sudah lewat waktu atau dibatalkan" in found
    assert sums_in(finance.get("/staff/payments/expired").text) == []


def test_what_will_happen_stands_beside_the_button(session: Session, finance: FlaskClient):
    expired(session, 6)
    expired(session, 7)
    find = "/staff/payments/expired?q="
    assert "pesanan dibuka lagi. Kalau barangnya habis" in finance.get(find + "006").text
    assert "pesanan tidak dibuka lagi" in finance.get(find + "007").text


def test_a_long_search_goes_on_over_pages(session: Session, finance: FlaskClient):
    seller = make_seller(session)
    for minutes in range(31):
        with clock.at(clock.now() - timedelta(minutes=minutes)):
            payment = make_payment(session, (seller, 30_000 + minutes * 1_000), code=247)
        cancel(session, payment.id, "buyer", None)
    session.commit()
    first = finance.get("/staff/payments/expired?q=247").text
    assert (len(sums_in(first)), sums_in(first)[0]) == (30, "30.247")
    assert "page=2" in first
    assert sums_in(finance.get("/staff/payments/expired?q=247&page=2").text) == ["60.247"]


def test_money_for_a_cancelled_order_is_recorded_by_clicking(
    session: Session, finance: FlaskClient
):
    payment = cancelled(session, 247)
    data = {"from": "expired", "q": "247"}
    answer = finance.post(f"/staff/payments/{payment.id}/confirm", data=data)
    assert answer.location == "/staff/payments/expired?q=247"
    assert fresh(session, payment).state == "late"
    assert session.scalars(select(Refund.amount)).one() == 30_247
    assert "Kembalikan ke pembeli" in finance.get(answer.location).text


def test_money_that_comes_after_all_reopens_the_order(session: Session, finance: FlaskClient):
    payment = expired(session, 1)
    answer = finance.post(f"/staff/payments/{payment.id}/confirm", data={"from": "expired"})
    assert answer.location == "/staff/payments/expired"
    assert fresh(session, payment).state == "settled"


def test_money_for_what_is_gone_is_sent_back(
    session: Session, finance: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def sold_out(_session: Session, _event: object) -> None:
        raise SoldOut(ids.new_id(), 0)

    monkeypatch.setitem(events._handlers, PaymentCameLate, [sold_out])
    payment = expired(session, 1)
    answer = finance.post(f"/staff/payments/{payment.id}/confirm", follow_redirects=True)
    assert "Kembalikan ke pembeli" in answer.text
    refund = session.scalars(select(Refund)).one()
    page = finance.get("/staff/payments/refunds").text
    assert "Uang datang setelah pesanan gugur" in page
    url = f"/staff/refunds/{refund.id}/paid"
    empty = finance.post(url, data={"reference": " "})
    assert empty.status_code == 422
    assert finance.post(url, data={"reference": "BRI 99"}).status_code == 303
    session.refresh(refund)
    assert (refund.state, refund.reference) == ("paid", "BRI 99")
    assert "BRI 99" in finance.get("/staff/payments/refunds").text
    assert (
        "sudah dicatat" in finance.post(url, data={"reference": "lagi"}, follow_redirects=True).text
    )


def test_a_refund_shows_its_reason(session: Session, finance: FlaskClient):
    payment = make_paid(session, (make_seller(session), 30_000))
    part = payment.parts[0]
    grant(
        session,
        payment_id=payment.id,
        seller_order_id=part.seller_order_id,
        seller_id=part.seller_id,
        amount=30_000,
        reason="Oven rusak",
        person_id=None,
        key="k",
    )
    session.commit()
    assert "Oven rusak" in finance.get("/staff/payments/refunds").text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_who_only_looks_confirms_nothing(app: Flask, session: Session, role: Role):
    payment = make_payment(session, (make_seller(session), 30_000), code=247)
    person = signed_in(app, make_person(session, role))
    page = person.get("/staff/payments")
    assert page.status_code == 200
    assert "Uang masuk" not in page.text
    assert person.post(f"/staff/payments/{payment.id}/confirm").status_code == 403
    assert fresh(session, payment).state == "pending"


def test_a_payment_nobody_knows_is_not_found(finance: FlaskClient):
    assert finance.post(f"/staff/payments/{ids.new_id()}/confirm").status_code == 404
    assert finance.post(f"/staff/refunds/{ids.new_id()}/paid").status_code == 404


SETTINGS = {
    "name": "Toko Penyengat",
    "tagline": "Dari pulau",
    "tagline_en": "From the island",
    "contact_phone": "0812 3456 7890",
    "contact_email": "",
    "bank_name": "BNI",
    "bank_account": "0123 456 789",
    "bank_holder": "Program",
    "unpaid_hours": "12",
    "unaccepted_hours": "20",
    "unseen_hours": "5",
    "completed_after_days": "5",
    "payout_minimum": "50.000",
}


def test_settings_are_changed_and_remembered(session: Session, admin: FlaskClient):
    assert admin.post("/staff/settings", data=SETTINGS).status_code == 303
    kept = session.scalars(select(ShopSettings)).one()
    assert (kept.name, kept.bank_account, kept.contact_phone) == (
        "Toko Penyengat",
        "0123456789",
        "+6281234567890",
    )
    assert (kept.unaccepted_hours, kept.unseen_hours) == (20, 5)
    assert (kept.unpaid_hours, kept.payout_minimum, kept.contact_email) == (12, 50_000, None)
    assert "Toko Penyengat" in admin.get("/staff/settings").text
    line = session.scalars(select(AuditLine)).one()
    assert "bank_account" in line.detail["changed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("contact_phone", "12"),
        ("contact_email", "x"),
        ("bank_account", "abc"),
        ("unpaid_hours", "0"),
        ("unpaid_hours", "241"),
        ("unaccepted_hours", "0"),
        ("unseen_hours", "1,5"),
        ("completed_after_days", "31"),
        ("payout_minimum", "-1"),
        ("bank_name", "Bank Khayalan"),
    ],
)
def test_a_faulty_setting_changes_nothing(
    session: Session, admin: FlaskClient, field: str, value: str
):
    answer = admin.post("/staff/settings", data=SETTINGS | {field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Dari pulau" in answer.text
    assert session.scalar(select(ShopSettings.id)) is None


@pytest.mark.parametrize(("typed", "kept"), [("3", 300), ("2,5", 250), ("2.25 %", 225), ("0", 0)])
def test_a_fee_holds_from_now_on(session: Session, admin: FlaskClient, typed: str, kept: int):
    assert admin.post("/staff/settings/fee", data={"percent": typed}).status_code == 303
    assert current_basis_points(session) == kept


@pytest.mark.parametrize("typed", ["", "tiga", "50,01", "-1", "1,005", "NaN", "1e9999", "inf"])
def test_a_senseless_fee_is_refused(session: Session, admin: FlaskClient, typed: str):
    answer = admin.post("/staff/settings/fee", data={"percent": typed})
    assert answer.status_code == 422
    assert "Isi angka dari 0 sampai 50" in answer.text
    assert current_basis_points(session) == 0


def test_settings_are_the_administrators(session: Session, finance: FlaskClient):
    assert finance.get("/staff/settings").status_code == 403


def test_how_to_pay_stands_in_both_languages(client: FlaskClient, noon: datetime):
    assert "Transfer bank" in client.get("/cara-pesan").text
    assert "Bank transfer" in client.get("/en/cara-pesan").text
