"""What a buyer scans: the code to type a sum for, or with it in where somebody answers for that."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import AuditLine, Role
from shop.core.images import normalise
from shop.core.models import ShopSettings
from shop.core.settings import load_settings
from shop.orders.models import Order
from shop.payments.allow import NoCode, NotRead, Risk, allow, forbid
from shop.payments.edit_settings import edit_settings, set_qris
from shop.payments.qris import picture_png, picture_svg, read, with_amount
from shop.payments.settle import claim
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import payment_of, placed_order
from tests.factories.people import make_person, signed_in
from tests.payments.qris.codes import STATIC, changed

pytestmark = pytest.mark.both

TYPE_IT = "Ketik sendiri jumlahnya"


def use(app: Flask, session: Session, text: str = STATIC) -> None:
    image = normalise(picture_png(text))
    set_qris(session, app.extensions["storage"], image, read(text), person_id=None)


def drawn(text: str) -> str:
    """The lines that draw this code; nothing else has the same."""
    return str(picture_svg(text)).split(' d="')[1].split('"')[0]


def exact_of(session: Session, order: Order) -> str:
    return with_amount(read(STATIC), payment_of(session, order).amount)


def page(session: Session, client: FlaskClient, order: Order) -> str:
    session.commit()
    return client.get(f"/o/{order.token}").text


def audited(session: Session) -> list[tuple[object, object]]:
    rows = session.scalars(select(AuditLine).where(AuditLine.action == "qris_amount.on"))
    return [(row.person_id, row.detail) for row in rows]


@pytest.mark.parametrize("method", [Method.QRIS, Method.TRANSFER])
def test_by_default_the_buyer_scans_the_fixed_code_and_types_the_sum(
    app: Flask, session: Session, client: FlaskClient, method: Method
):
    use(app, session)
    order = placed_order(session, method=method)
    seen = page(session, client, order)
    amount = payment_of(session, order).amount
    assert drawn(STATIC) in seen
    assert drawn(exact_of(session, order)) not in seen
    assert f"lalu ketik Rp{amount:,}.".replace(",", ".") in seen
    assert "<dd>DAPUR CONTOH PENYENGAT</dd>" in seen
    assert "<dd>ID1000000000001</dd>" in seen
    assert "CONTOH</text>" in seen
    assert TYPE_IT not in seen


def test_allowed_the_sum_is_in_the_code_and_the_photo_stays_within_reach(
    app: Flask, session: Session, client: FlaskClient
):
    use(app, session)
    allow(session, Risk.QRIS_AMOUNT, warning_read=True, person_id=None)
    order = placed_order(session, method=Method.QRIS)
    seen = page(session, client, order)
    before, _, after = seen.partition(TYPE_IT)
    assert drawn(exact_of(session, order)) in before
    assert "<dd>DAPUR CONTOH PENYENGAT</dd>" in before
    assert "<dd>ID1000000000001</dd>" in before
    assert '<p class="qr"><img' in after
    assert "Jumlahnya sudah ada di dalam kode." in client.get("/cara-pesan").text


def test_a_photo_whose_text_nobody_kept_is_shown_as_it_is(
    app: Flask, session: Session, client: FlaskClient
):
    use(app, session)
    edit_settings(session, None, qris_text="", qris_amount=True)
    seen = page(session, client, placed_order(session, method=Method.QRIS))
    assert '<p class="qr"><img' in seen
    assert "<dd>DAPUR CONTOH PENYENGAT</dd>" in seen
    assert "NMID" not in seen
    assert TYPE_IT not in seen


def test_a_sum_above_what_qris_takes_has_no_code(app: Flask, session: Session, client: FlaskClient):
    use(app, session)
    allow(session, Risk.QRIS_AMOUNT, warning_read=True, person_id=None)
    dear = offer(session, on_hand=20)
    dear.price = 1_000_000
    session.flush()
    order = placed_order(session, (dear, 11))
    assert 'class="qr"' not in page(session, client, order)


def test_nothing_is_scanned_once_it_was_paid_or_where_there_is_no_code(
    app: Flask, session: Session, client: FlaskClient
):
    assert 'class="qr"' not in page(session, client, placed_order(session))
    use(app, session)
    order = placed_order(session, method=Method.QRIS)
    claim(session, payment_of(session, order).id)
    assert 'class="qr"' not in page(session, client, order)
    assert 'class="qr"' not in page(session, client, placed_order(session, method=Method.CASH))


def test_only_who_read_the_warning_switches_it_on_and_the_audit_says_so(
    app: Flask, session: Session
):
    use(app, session)
    who = make_person(session, Role.ADMIN, name="Bu Lurah")
    with pytest.raises(NotRead):
        allow(session, Risk.QRIS_AMOUNT, warning_read=False, person_id=who.id)
    assert not load_settings(session).qris_amount
    for _ in range(2):
        allow(session, Risk.QRIS_AMOUNT, warning_read=True, person_id=who.id)
    assert load_settings(session).qris_amount
    assert audited(session) == [(who.id, {"warning_read": True})]
    for _ in range(2):
        forbid(session, Risk.QRIS_AMOUNT, person_id=who.id)
    assert not load_settings(session).qris_amount


def test_without_a_code_there_is_nothing_to_put_a_sum_into(session: Session):
    with pytest.raises(NoCode):
        allow(session, Risk.QRIS_AMOUNT, warning_read=True, person_id=None)
    assert not load_settings(session).qris_amount


def test_another_code_must_be_answered_for_anew_and_the_same_one_not(app: Flask, session: Session):
    use(app, session)
    allow(session, Risk.QRIS_AMOUNT, warning_read=True, person_id=None)
    use(app, session)
    assert load_settings(session).qris_amount
    use(app, session, changed(t59="PROGRAM BARU"))
    assert not load_settings(session).qris_amount


def test_the_switch_on_the_settings_page(app: Flask, session: Session):
    who = make_person(session, Role.ADMIN, name="Bu Lurah")
    use(app, session)
    admin, url = signed_in(app, who), "/staff/settings/qris-amount"
    first = admin.get("/staff/settings").text
    assert "tergantung perjanjian program dengan penerbit" in first
    unread = admin.post(url, data={"on": "1"})
    assert unread.status_code == 422
    assert "Baca dulu, lalu centang." in unread.text
    assert admin.post(url, data={"on": "1", "warning_read": "1"}).status_code == 303
    assert "oleh Bu Lurah." in admin.get("/staff/settings").text
    assert admin.post(url, data={"on": "0"}).status_code == 303
    again = admin.get("/staff/settings").text
    assert "Dimatikan: pembeli mengetik sendiri jumlahnya." in again
    assert "oleh Bu Lurah." not in again


def test_the_page_says_so_where_no_code_is_kept(app: Flask, session: Session):
    admin = signed_in(app, make_person(session, Role.ADMIN))
    page = admin.get("/staff/settings").text
    assert "Jumlah di dalam kode" not in page
    sent = {"on": "1", "warning_read": "1"}
    assert admin.post("/staff/settings/qris-amount", data=sent).status_code == 422
    assert session.scalar(select(ShopSettings.qris_amount)) is not True


@pytest.mark.parametrize("role", [Role.FINANCE, Role.FACILITATOR, None])
def test_only_the_administrator_switches_it(
    app: Flask, session: Session, client: FlaskClient, role: Role | None
):
    use(app, session)
    session.commit()
    who = signed_in(app, make_person(session, role, name="Hendri")) if role else client
    sent = {"on": "1", "warning_read": "1"}
    answer = who.post("/staff/settings/qris-amount", data=sent)
    assert answer.status_code in (302, 303, 403)
    session.expire_all()
    assert not load_settings(session).qris_amount
