"""Pages of standing orders: the form, the secret link, the seller's and the staff's."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.catalog.models import Variant
from shop.core import clock
from shop.orders.models import Order
from shop.standing.models import StandingOrder
from shop.standing.run import run_due
from shop.standing.states import StandingState
from tests.catalog.offered import offer
from tests.factories.orders import placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.factories.standing import day, standing_order
from tests.orders.pages import fields

pytestmark = pytest.mark.both
TYPED = {
    "weekday": "3", "starts_on": "2026-11-25", "way": "pickup", "method": "cash",
    "buyer_name": "Kedai Kopi", "buyer_phone": "0812-3456-7890",
}  # fmt: skip


def form_of(variant: Variant, pieces: object = 2, **typed: object) -> dict[str, object]:
    """The form as typed, with the sum it showed."""
    sums = {"agreed": 15_000 * pieces} if isinstance(pieces, int) else {}
    return {"key": "form", f"pieces_{variant.id.hex}": pieces, **TYPED, **sums, **typed}


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StandingOrder)) or 0


def test_from_an_order_that_went_well(client: FlaskClient, session: Session, noon: datetime):
    variant = offer(session, on_hand=9)
    order = placed_order(session, (variant, 3), note="Yang renyah")
    session.commit()
    track = client.get(f"/o/{order.token}").text
    address = unescape(track.split('href="/langganan/baru')[1].split('"')[0])
    page = client.get("/langganan/baru" + address)
    assert page.status_code == 200
    for text in ("Dewi Anggraini", "0812-3456-7890", "Yang renyah", "Rp45.000", "noindex"):
        assert text in page.text
    action = f"/langganan/baru?penjual={variant.product.seller.slug}"
    sent = fields(page, action)
    sent["weekday"], sent["way"], sent["method"] = "3", "pickup", "cash"
    first = client.post(action, data=sent)
    again = client.post(action, data=sent)
    assert first.status_code == 303
    assert first.location == again.location
    assert count(session) == 1
    own = client.get(first.location)
    assert own.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert own.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in own.headers["Cache-Control"]
    for text in ("Tiap Kamis dari Rohana", "Kam 3 Des 2026", "Kam 24 Des 2026", "Rp45.000"):
        assert text in own.text


def test_from_the_page_of_a_thing_or_of_a_seller(client: FlaskClient, session: Session):
    product = offer(session, on_hand=9).product
    slug, seller = product.slug, product.seller.slug
    session.commit()
    assert f"/langganan/baru?barang={slug}" in client.get(f"/p/{slug}").text
    assert "Setuju, Rp15.000 tiap minggu" in client.get(f"/langganan/baru?barang={slug}").text
    assert "Hitung dulu" in client.get(f"/langganan/baru?penjual={seller}").text
    for wrong in (
        "",
        "?barang=x",
        "?penjual=x",
        "?dari=x&bagian=y",
        f"?dari=x&bagian={uuid.uuid4()}",
    ):
        assert client.get(f"/langganan/baru{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"buyer_name": ""}, "Bagian ini perlu diisi."),
        ({"buyer_phone": "12"}, "Nomor HP belum benar."),
        ({"starts_on": "besok"}, "Pilih tanggal, misalnya 24-11-2026."),
        ({"starts_on": "2026-11-24"}, "Hari itu sudah lewat."),
        ({"ends_on": "2026-11-30"}, "Pesanan pertama untuk"),
        ({"weekday": "7"}, "Pilih salah satu dari daftar."),
        ({"way": "arranged"}, "Pilih salah satu dari daftar."),
        ({"way": "delivery"}, "Pilih kelurahan tujuan antar."),
        ({"method": "card"}, "Pilih salah satu dari daftar."),
        ({"pieces": "1.5"}, "Tulis angka saja"),
        ({"pieces": "0"}, "Isi paling sedikit satu barang."),
        ({"pieces": "-1"}, "Isi angka dari 0 sampai 1000."),
        ({"pieces": "1000000000"}, "Isi angka dari 0 sampai 1000."),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(
    client: FlaskClient, session: Session, noon: datetime, typed: dict[str, object], said: str
):
    variant = offer(session, on_hand=None)
    session.commit()
    action = f"/langganan/baru?penjual={variant.product.seller.slug}"
    sent = form_of(variant, note="Jangan pedas") | typed
    if "pieces" in sent:
        sent[f"pieces_{variant.id.hex}"] = sent.pop("pieces")
    answer = client.post(action, data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Jangan pedas" in answer.text
    assert count(session) == 0


def test_another_sum_is_shown_and_asked_again(
    client: FlaskClient, session: Session, noon: datetime
):
    variant = offer(session, on_hand=None)
    session.commit()
    action = f"/langganan/baru?penjual={variant.product.seller.slug}"
    counted = client.post(action, data=form_of(variant, 4, agreed="", refresh="1"))
    assert (counted.status_code, "Rp60.000" in counted.text) == (200, True)
    answer = client.post(action, data=form_of(variant, 4, agreed="15000"))
    assert answer.status_code == 409
    assert 'name="agreed" value="60000"' in answer.text
    assert client.post(action, data=form_of(variant, 4, agreed="60000")).status_code == 303
    too_many = client.post(action, data=form_of(variant, 51, key="other"))
    assert too_many.status_code == 409
    assert count(session) == 1


def test_everything_on_its_own_page(client: FlaskClient, session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 2))
    variant = standing.lines[0].variant
    session.commit()
    address = f"/l/{standing.token}"

    def press(verb: str, **data: object) -> str:
        answer = client.post(f"{address}/{verb}", data=data)
        assert answer.status_code == 303
        session.rollback()
        return client.get(address).text

    assert "Dilewati" in press("skip", day="2026-12-03")
    assert "Itu tidak bisa lagi" in press("skip", day="2026-12-03")
    assert "Itu tidak bisa lagi" in press("skip", day="kapan-kapan")
    assert "Pesan juga" in client.get(address).text
    taken_in = press("take-in", day="2026-12-03")
    assert "Minggu itu dipesan lagi." in taken_in
    assert "Pesan juga" not in taken_in
    assert "Itu tidak bisa lagi" in press("take-in", day="2026-12-03")
    assert "Itu tidak bisa lagi" in press("take-in", day="kapan-kapan")
    assert "Dilewati" in press("skip", day="2026-12-03")
    assert "Sedang dijeda" in press("pause")
    assert "Itu tidak bisa lagi" in press("pause")
    assert "Kam 10 Des 2026" in press("resume")
    form = client.get(f"{address}/change")
    sent = fields(form, f"{address}/change")
    sent["weekday"], sent["way"], sent["method"] = "0", "pickup", "cash"
    sent[f"pieces_{variant.id.hex}"] = "5"
    assert client.post(f"{address}/change", data=sent).status_code == 409
    sent["agreed"] = "75000"
    assert client.post(f"{address}/change", data=sent).status_code == 303
    page = client.get(address).text
    assert "Tiap Senin dari Rohana" in page
    assert "5 × Rp15.000" in page
    assert "Sudah berakhir" in press("end")
    assert "Itu tidak bisa lagi" in press("resume")
    assert client.post(f"{address}/change", data=sent).location == address
    session.refresh(standing)
    assert standing.state == StandingState.ENDED


def test_a_dearer_week_waits_for_her_yes(client: FlaskClient, session: Session, noon: datetime):
    standing = standing_order(session, (variant := offer(session, on_hand=None), 2))
    variant.price = 16_000
    session.flush()
    with clock.at(datetime(2026, 12, 1, 12, tzinfo=clock.WIB)):
        run_due(session)
        session.commit()
        address = f"/l/{standing.token}"
        page = client.get(address).text
        assert "Harganya naik: sekarang Rp32.000 seminggu, dulu Rp30.000." in page
        assert "Harganya naik dari Rp30.000 menjadi Rp32.000." in page
        for wrong in ("", "31000", "x", "-1", "9" * 20):
            client.post(f"{address}/agree", data={"total": wrong})
        assert session.scalar(select(func.count()).select_from(Order)) == 0
        assert client.post(f"{address}/agree", data={"total": "32000"}).status_code == 303
        page = client.get(address).text
    assert "Harganya naik" not in page
    assert session.scalars(select(Order)).one().number in page


def test_a_wrong_link_opens_nothing(client: FlaskClient, session: Session):
    order = placed_order(session, (offer(session, on_hand=9), 1))
    session.commit()
    for token in ("x", order.token):
        for act in ("", "/change"):
            assert client.get(f"/l/{token}{act}").status_code == 404
        for act in ("change", "pause", "resume", "end", "skip", "take-in", "agree"):
            assert client.post(f"/l/{token}/{act}").status_code == 404


def test_the_seller_sees_pauses_and_ends_hers(app: Flask, session: Session, noon: datetime):
    owner = make_person(session, name="Rohana")
    variant = offer(session, make_seller(session, owner=owner), on_hand=None)
    standing = standing_order(session, (variant, 2))
    browser = signed_in(app, owner)
    assert "Pesanan tetap" in browser.get("/sell/more").text
    assert "Kedai Kopi Pelangi" in browser.get("/sell/standing").text
    address = f"/sell/standing/{standing.id}"
    page = browser.get(address).text
    assert "Tiap Kamis untuk Kedai Kopi Pelangi" in page
    assert standing.token not in page  # the buyer's key is hers alone
    answer = browser.post(f"{address}/pause", data={"reason": ""})
    assert (answer.status_code, "Bagian ini perlu diisi." in answer.text) == (422, True)
    assert browser.post(f"{address}/pause", data={"reason": "Sedang sakit"}).status_code == 303
    browser.post(f"{address}/pause", data={"reason": "lagi"})
    assert "Itu sudah dilakukan" in browser.get(address).text
    assert "Sedang sakit" in app.test_client().get(f"/l/{standing.token}").text
    assert browser.post(f"{address}/end", data={"reason": "Tutup"}).status_code == 303
    session.refresh(standing)
    assert standing.state == StandingState.ENDED
    make_seller(session, "Lain", owner=(other := make_person(session)))
    stranger = signed_in(app, other)
    assert stranger.get(address).status_code == 404
    for verb in ("pause", "end"):
        assert stranger.post(f"{address}/{verb}", data={"reason": "x"}).status_code == 404


def test_staff_look_and_some_of_them_end(app: Flask, session: Session, noon: datetime):
    standing = standing_order(session, (offer(session, on_hand=None), 2))
    auditor = signed_in(app, make_person(session, Role.AUDITOR))
    manager = signed_in(app, make_person(session, Role.MANAGER))
    assert "Kedai Kopi Pelangi" in auditor.get("/staff/standing").text
    address = f"/staff/standing/{standing.id}"
    assert "Ya, akhiri" not in auditor.get(address).text
    assert auditor.post(f"{address}/end", data={"reason": "x"}).status_code == 403
    assert manager.post(f"{address}/end", data={}).status_code == 422
    assert manager.post(f"{address}/end", data={"reason": "Diminta pembeli"}).status_code == 303
    assert "Diminta pembeli" in auditor.get(address).text
    assert manager.get(f"/staff/standing/{uuid.uuid4()}").status_code == 404
    assert day(12, 3) == standing.next_on


def test_an_ended_one_cannot_be_opened_for_a_change(
    client: FlaskClient, session: Session, noon: datetime
):
    standing = standing_order(session, (offer(session, on_hand=9), 2))
    standing.state = StandingState.ENDED.value
    session.commit()
    answer = client.get(f"/l/{standing.token}/change")
    assert (answer.status_code, answer.location) == (303, f"/l/{standing.token}")


def test_the_form_says_what_the_number_is_for(client: FlaskClient, session: Session):
    variant = offer(session, on_hand=9)
    session.commit()
    page = client.get(f"/langganan/baru?barang={variant.product.slug}").text
    assert "Dipakai penjual untuk menghubungi Anda." in page
    assert "Kirim kabar pesanan ini lewat WhatsApp" in page


def test_a_guest_agrees_to_news_and_changes_her_mind(
    client: FlaskClient, session: Session, noon: datetime
):
    variant = offer(session, on_hand=9)
    slug = variant.product.seller.slug
    session.commit()
    begin = f"/langganan/baru?penjual={slug}"
    answer = client.post(begin, data=form_of(variant, buyer_email="ani", whatsapp_ok="y"))
    assert answer.status_code == 422
    assert "Alamat email ini belum benar." in answer.text
    assert 'value="ani"' in answer.text
    sent = form_of(variant, buyer_email="ani@example.org", whatsapp_ok="y")
    page = client.post(begin, data=sent).location
    session.rollback()
    standing = session.scalars(select(StandingOrder)).one()
    assert standing.buyer_email == "ani@example.org"
    agreed_at = standing.whatsapp_ok_at
    assert agreed_at is not None
    typed = fields(client.get(f"{page}/change"), f"{page}/change")
    typed["weekday"] = "3"
    assert (typed["buyer_email"], typed["whatsapp_ok"]) == ("ani@example.org", "y")
    with clock.at(clock.now() + timedelta(hours=1)):
        assert client.post(f"{page}/change", data=typed).status_code == 303
    session.refresh(standing)
    assert standing.whatsapp_ok_at == agreed_at
    typed["buyer_email"] = ""
    del typed["whatsapp_ok"]
    assert client.post(f"{page}/change", data=typed).status_code == 303
    session.refresh(standing)
    assert (standing.buyer_email, standing.whatsapp_ok_at) == (None, None)


@pytest.mark.parametrize("forged", ["9", "-1", "x", ""])
@pytest.mark.parametrize(
    ("door", "said"),
    [("", "Pilih salah satu dari daftar."), ("/en", "Choose one from the list.")],
)
def test_a_forged_weekday_is_told_in_the_page_s_language(
    client: FlaskClient, session: Session, noon: datetime, forged: str, door: str, said: str
):
    variant = offer(session, on_hand=9)
    begin = f"{door}/langganan/baru?penjual={variant.product.seller.slug}"
    session.commit()
    answer = client.post(begin, data=form_of(variant, weekday=forged))
    assert answer.status_code == 422
    assert answer.text.count(said) == 1
    assert "Invalid" not in answer.text
    assert "Not a valid" not in answer.text
    assert count(session) == 0
