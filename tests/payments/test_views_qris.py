"""Staff upload the programme's QRIS: the code in it says whose it is, a wrong one is refused."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.accounts.models import AuditLine, Role
from shop.core.images import normalise
from shop.core.models import Picture, ShopSettings
from shop.payments.edit_settings import set_qris
from shop.payments.qris import BadQris, picture_png, read
from tests.factories.people import make_person, signed_in
from tests.payments.qris.codes import DYNAMIC, STATIC, VECTORS, changed
from tests.payments.qris.photos import sticker
from tests.photos import lively, saved

pytestmark = pytest.mark.both

FOREIGN = VECTORS["emvco-spec-sample"]["payload"]
DAMAGED = VECTORS["neg-crc-zeros"]["payload"]


@pytest.fixture
def admin(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, make_person(session, Role.ADMIN, name="Bu Lurah"))


def upload(client: FlaskClient, photo: bytes, name: str = "qris.jpg") -> TestResponse:
    return client.post("/staff/settings/qris", data={"picture": (io.BytesIO(photo), name)})


def photo_of(text: str) -> bytes:
    return saved(sticker(text), "JPEG")


def kept(session: Session) -> ShopSettings | None:
    return session.scalars(
        select(ShopSettings), execution_options={"populate_existing": True}
    ).one_or_none()


def test_the_code_is_offered_under_its_own_name_once_it_is_there(
    session: Session, admin: FlaskClient, client: FlaskClient
):
    assert "QRIS" not in client.get("/cara-pesan").text
    assert upload(admin, photo_of(STATIC)).status_code == 303
    said = admin.get("/staff/settings").text
    assert "QRIS disimpan: DAPUR CONTOH PENYENGAT, TANJUNGPINANG, NMID ID1000000000001." in said
    assert "<dd>DAPUR CONTOH PENYENGAT</dd>" in said
    assert "harus DAPUR CONTOH PENYENGAT." in client.get("/cara-pesan").text
    assert "<dd>TANJUNGPINANG</dd>" in said
    assert "<dd>ID1000000000001</dd>" in said
    assert kept(session).qris_sha256
    assert kept(session).qris_text == STATIC


def test_a_picture_of_before_codes_were_read_still_shows(session: Session, admin: FlaskClient):
    upload(admin, photo_of(STATIC))
    kept(session).qris_text = ""
    session.commit()
    page = admin.get("/staff/settings").text
    assert "<dd>DAPUR CONTOH PENYENGAT</dd>" in page
    assert "NMID</dt>" not in page


def test_another_code_takes_the_place_of_the_first_and_again_changes_nothing(
    session: Session, admin: FlaskClient
):
    upload(admin, photo_of(STATIC))
    second = photo_of(changed(t59="PROGRAM BARU"))
    upload(admin, second)
    assert kept(session).qris_holder == "PROGRAM BARU"
    upload(admin, second)
    lines = session.scalars(select(AuditLine).where(AuditLine.action == "settings.edit")).all()
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (saved(lively(400, 400), "JPEG"), "Tidak ada kode QR yang terbaca"),
        (photo_of("https://pelantar.example/"), "bukan QRIS"),
        (photo_of(FOREIGN), "dari negara lain"),
        (photo_of(DAMAGED), "rusak atau pernah diubah"),
        (photo_of(DYNAMIC), "sudah berisi jumlah"),
        (photo_of(changed(t54="5000")), "sudah berisi jumlah"),
        (photo_of(changed(t55="01")), "menambah biaya atau tip"),
        (b"halo", "bukan foto"),
        (b"", "bukan foto"),
    ],
)
def test_a_wrong_photo_is_refused_beside_its_field(
    session: Session, admin: FlaskClient, photo: bytes, words: str
):
    answer = upload(admin, photo)
    assert answer.status_code == 422
    field = answer.text.split('id="picture-fault"')[1].split("</span></span>")[0]
    assert words in field
    assert kept(session) is None
    assert session.scalar(select(Picture.sha256)) is None


def test_a_wrong_photo_leaves_the_code_that_stands(session: Session, admin: FlaskClient):
    upload(admin, photo_of(STATIC))
    before = kept(session).qris_sha256
    assert upload(admin, photo_of(DYNAMIC)).status_code == 422
    assert kept(session).qris_sha256 == before


def test_without_a_photo_the_field_says_so(admin: FlaskClient):
    answer = admin.post("/staff/settings/qris", data={})
    assert answer.status_code == 422
    assert "Pilih atau ambil fotonya dulu." in answer.text


@pytest.mark.parametrize("role", [Role.FINANCE, Role.FACILITATOR, None])
def test_only_the_administrator_changes_it(
    app: Flask, session: Session, client: FlaskClient, role: Role | None
):
    who = signed_in(app, make_person(session, role, name="Hendri")) if role else client
    assert upload(who, photo_of(STATIC)).status_code in (302, 303, 403)
    assert kept(session) is None


def test_no_door_keeps_a_code_that_makes_buyers_pay_more(app: Flask, session: Session):
    code = read(changed(t55="02", t56="1000"))
    image = normalise(picture_png(STATIC))
    with pytest.raises(BadQris):
        set_qris(session, app.extensions["storage"], image, code, person_id=None)
    assert kept(session) is None
