"""Whoever holds the order's link reports a problem on a page; what is wrong stands beside it."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.complaints.decide import Bearer, Cost, grant_all, refuse
from shop.complaints.models import Complaint
from shop.complaints.report import withdraw
from shop.core.settings import default_settings
from shop.orders.models import SellerOrder
from tests.factories.complaints import ANSWERED, SAID, answered_complaint, open_complaint
from tests.factories.orders import completed_part, handed_over_part, paid_order
from tests.photos import quarters, saved

PHOTO = saved(quarters(360, 240), "JPEG")
WHY = "Fotonya jelas, dan penjual mengakuinya"


@pytest.fixture
def part(session: Session) -> SellerOrder:
    session.add(default_settings())
    part = handed_over_part(session)
    session.commit()
    return part


def address(part: SellerOrder, more: str = "") -> str:
    return f"/o/{part.order.token}/{part.id}/problem{more}"


def typed(*photos: tuple[str, bytes], **fields: object) -> dict[str, object]:
    """A filled-in report, as a phone without scripts sends it."""
    filled = {"key": uuid4().hex, "kind": "spoiled", "text": SAID}
    return filled | fields | {"photos": [(BytesIO(data), name) for name, data in photos]}


def tokens(html: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', html)


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Complaint)) or 0


def test_from_the_orders_page_to_a_report(client: FlaskClient, part: SellerOrder, session: Session):
    page = client.get(f"/o/{part.order.token}")
    assert f'href="{address(part)}"' in page.text
    form = client.get(address(part))
    assert "Ada masalah dengan barangnya?" in form.text
    assert form.headers["Cache-Control"] == "private, no-store"
    assert form.headers["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex' in form.text
    answer = client.post(address(part), data=typed(("rusak.jpg", PHOTO)))
    assert (answer.status_code, answer.location) == (303, address(part))
    complaint = session.scalars(select(Complaint)).one()
    assert (complaint.text, len(complaint.photos)) == (SAID, 1)
    page = client.get(address(part))
    assert "Laporan Anda diterima, uangnya ditahan" in page.text
    assert SAID in page.text
    assert "Kirim laporan" not in page.text
    order = client.get(f"/o/{part.order.token}").text
    assert "Lihat laporan Anda" in order
    assert "Sudah saya terima" not in order


def test_a_double_tap_is_one_complaint(client: FlaskClient, part: SellerOrder, session: Session):
    again = typed()
    answers = [client.post(address(part), data=again) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert count(session) == 1
    other = client.post(address(part), data=typed(), follow_redirects=True)
    assert "Itu tidak bisa lagi" in other.text
    assert count(session) == 1


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("text", "", "Bagian ini perlu diisi."),
        ("text", "rusak sekali", "paling sedikit tiga kata"),
        ("text", "rusak sekali " * 100, "Terlalu panjang"),
        ("kind", "", "Pilih salah satu dari daftar."),
        ("kind", "fire", "Pilih salah satu dari daftar."),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, part: SellerOrder, session: Session, field: str, value: str, fault: str
):
    given = typed(("rusak.jpg", PHOTO), **{field: value})
    page = client.post(address(part), data=given)
    assert page.status_code == 422
    assert fault in page.text
    assert (SAID if field == "kind" else str(value).strip()) in page.text
    (kept,) = tokens(page.text)
    assert count(session) == 0
    answer = client.post(address(part), data=typed(kept=kept))
    assert answer.status_code == 303
    assert len(session.scalars(select(Complaint)).one().photos) == 1


def test_without_a_kind_at_all(client: FlaskClient, part: SellerOrder):
    page = client.post(address(part), data={"key": "k", "text": SAID})
    assert page.status_code == 422
    assert "Pilih salah satu dari daftar." in page.text


@pytest.mark.parametrize(
    "path", ["", "/photos", "/withdraw", "/photos/x"], ids=["page", "send", "withdraw", "see"]
)
def test_strangers_find_nothing(
    client: FlaskClient, part: SellerOrder, session: Session, path: str
):
    other = paid_order(session)
    session.commit()
    ask = client.get if path == "/photos/x" else client.post
    for token, part_id in (
        ("wrong", part.id), (part.order.token, uuid4()), (other.token, part.id),
    ):  # fmt: skip
        assert ask(f"/o/{token}/{part_id}/problem{path}").status_code == 404
        if not path:
            assert client.get(f"/o/{token}/{part_id}/problem").status_code == 404
    assert count(session) == 0


def test_solved_it_is_as_before(client: FlaskClient, part: SellerOrder, session: Session):
    client.post(address(part), data=typed())
    answer = client.post(address(part, "/withdraw"))
    assert (answer.status_code, answer.location) == (303, f"/o/{part.order.token}")
    assert session.scalars(select(Complaint.state)).one() == "withdrawn"
    page = client.get(f"/o/{part.order.token}").text
    assert "Syukurlah" in page
    assert "Sudah saya terima" in page
    late = client.post(address(part, "/withdraw"), follow_redirects=True)
    assert "Itu tidak bisa lagi" in late.text


def test_the_answer_and_the_decision_are_read_in_words(client: FlaskClient, session: Session):
    session.add(default_settings())
    refused, granted = answered_complaint(session), answered_complaint(session)
    parts = refused.part, granted.part
    session.commit()
    page = client.get(address(parts[0])).text
    assert ANSWERED in page
    assert "Mengganti dengan barang baru" in page
    refuse(session, refused.id, reason=WHY, person_id=None)
    grant_all(session, granted.id, cost=Cost(Bearer.SELLER), reason=WHY, person_id=None)
    session.commit()
    for part, said in zip(parts, ("tidak dikabulkan", "dikabulkan"), strict=True):
        page = client.get(address(part)).text
        assert f"Laporan Anda {said}" in page
        assert WHY in page
        assert "Sudah beres" not in page
        assert WHY in client.get(f"/o/{part.order.token}").text


def test_after_completion_it_says_whom_to_call(client: FlaskClient, session: Session):
    settings = default_settings()
    session.add(settings)
    part = completed_part(session)
    waiting = paid_order(session).parts[0]
    session.commit()
    page = client.get(address(part)).text
    assert "Pesanan ini sudah selesai" in page
    assert f'href="tel:{settings.contact_phone}"' in page
    assert "wa.me" in page
    assert "Kirim laporan" not in page
    assert "setelah barangnya diserahkan" in client.get(address(waiting)).text
    for each in (part, waiting):
        late = client.post(address(each), data=typed(), follow_redirects=True)
        assert "Itu tidak bisa lagi" in late.text
    assert count(session) == 0


def test_what_was_withdrawn_stays_readable_beside_a_new_form(client: FlaskClient, session: Session):
    session.add(default_settings())
    complaint = open_complaint(session)
    withdraw(session, complaint.id)
    part = complaint.part
    session.commit()
    page = client.get(address(part)).text
    assert "Kirim laporan" in page
    assert "Dicabut pembeli" in page


def test_in_english_too(client: FlaskClient, part: SellerOrder):
    page = client.get(f"/en{address(part)}").text
    assert "Is something wrong with it?" in page
    assert "Broken, gone off or unfit" in page


def test_forms_carry_a_token(app: Flask, client: FlaskClient, part: SellerOrder):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post(address(part), data=typed()).status_code == 400
        assert client.post(address(part, "/withdraw")).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
