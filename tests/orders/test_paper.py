"""Receipt and slip: read back from the file they say what the order says, whatever is in it."""

from __future__ import annotations

import io
import time
import uuid
from dataclasses import replace

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.core.letters import picture_face, printable
from shop.core.money import rupiah
from shop.core.paper import SHEETS
from shop.core.settings import load_settings
from shop.orders import queries, queries_studio
from shop.orders.cancel import cancel_part
from shop.orders.models import Order, SellerOrder
from shop.orders.paper.content import PaperLine, PaperPart, Receipt, Row, Slip, receipt_of, slip_of
from shop.orders.paper.label import HEIGHT, WIDTH, label_png
from shop.orders.paper.receipt import receipt_pdf
from shop.orders.paper.slip import slip_pdf
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import accepted_part, paid_order, placed_order
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

MOST_SECONDS = 0.15
LINK = "https://pelantar.example/o/3uXh0ZkqYc-1_aZ93kd03jdjw8s1aA0k"
NASTY = "Bu <b>Ani</b> & <font color='red'>Rp0</font> &amp; ]]> %s {0}"


def text_of(file: bytes) -> str:
    """All words of a PDF, white space as single spaces."""
    pages = PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def long_receipt(lines: int) -> Receipt:
    found = [
        PaperLine(n + 1, f"Barang {n} {NASTY} nama yang panjang", 15_000, 15_000 * (n + 1))
        for n in range(lines)
    ]
    parts = [PaperPart("KUBE Melur", "ambil sendiri", found)]
    rows = [Row("Barang", sum(line.total for line in found)), Row("Semua", 27_450_123, strong=True)]
    return Receipt(
        "Pelantar", "0812-0000-0000", "4F2K7MQ9", "Sel 24 Nov 2026", NASTY, "Lunas", parts, rows,
        LINK,
    )  # fmt: skip


def slip(lines: int = 2, **other: object) -> Slip:
    found = Slip(
        "Pelantar", "KUBE Melur", "4F2K7MQ9", "Ratna", "ambil sendiri", ["Sei Jang"],
        "Untuk Kam 26 Nov 2026", [PaperLine(n + 1, f"Barang {n} {NASTY}") for n in range(lines)],
        NASTY, "Tunai Rp45.000", LINK,
    )  # fmt: skip
    return replace(found, **other)  # type: ignore[arg-type]


@pytest.mark.both
def test_the_receipt_tells_the_whole_order(app: Flask, session: Session):
    keeper, other = make_seller(session, "Rohana"), make_seller(session, "KUBE Melur")
    order = paid_order(
        session,
        (offer(session, keeper, on_hand=9), 3),
        (offer(session, other, on_hand=9), 2),
        delivery=DeliveryKind.DELIVERY,
    )
    session.commit()
    view = queries.order_by_token(session, order.token)
    assert view is not None
    with app.test_request_context("/"):
        said = text_of(receipt_pdf(receipt_of(view, load_settings(session), LINK), "A4"))

    assert order.unique_code > 0
    assert order.total == order.goods + order.delivery + order.unique_code
    for part in view.parts:
        assert part.seller.name in said
        for line in part.lines:
            assert f"{line.quantity} × {rupiah(line.unit_price)}" in said
            assert rupiah(line.total) in said
    for amount in (order.goods, order.delivery, order.unique_code, order.total):
        assert rupiah(amount) in said
    settings = load_settings(session)
    for words in (settings.name, "0812-0000-0000", order.number, order.buyer_name, "Lunas"):
        assert words in said
    assert "Dibayar (Transfer bank)" in said
    assert "Jadi dibayar" not in said  # nothing went back


@pytest.mark.both
def test_what_went_back_stands_on_it_and_adds_up(app: Flask, session: Session):
    first, second = (offer(session, make_seller(session), on_hand=9) for _ in range(2))
    order = paid_order(session, (first, 3), (second, 1))
    gone = order.parts[0]
    cancel_part(session, gone.id, actor="buyer", person_id=None)
    session.commit()
    view = queries.order_by_token(session, order.token)
    assert view is not None
    (refund,) = view.refunds
    with app.test_request_context("/en/"):
        receipt = receipt_of(view, load_settings(session), LINK)
        in_the_end = receipt.rows[-1]
        assert in_the_end.strong
        assert in_the_end.amount == order.total - refund.amount
    assert refund.amount == gone.total
    assert Row(receipt.rows[-2].name, -refund.amount) in receipt.rows


@pytest.mark.both
@pytest.mark.parametrize(("method", "word"), [(Method.CASH, "Tunai"), (Method.QRIS, "Belum")])
def test_an_unpaid_order_is_not_called_paid(
    app: Flask, session: Session, method: Method, word: str
):
    order = placed_order(session, method=method)
    session.commit()
    view = queries.order_by_token(session, order.token)
    assert view is not None
    with app.test_request_context("/"):
        receipt = receipt_of(view, load_settings(session), LINK)
    assert receipt.status.startswith(word)
    assert any(row.name.startswith("Masih harus") for row in receipt.rows)


def test_an_order_cancelled_before_paying_comes_to_nothing(app: Flask, session: Session):
    order = placed_order(session, method=Method.CASH)
    cancel_part(session, order.parts[0].id, actor="buyer", person_id=None)
    session.commit()
    view = queries.order_by_token(session, order.token)
    assert view is not None
    with app.test_request_context("/"):
        receipt = receipt_of(view, load_settings(session), LINK)
    assert receipt.status == "Dibatalkan"
    assert receipt.rows[-1] == Row("Jadi dibayar", 0, strong=True)


@pytest.mark.parametrize("size", SHEETS)
def test_sixty_long_lines_go_on_over_pages_and_none_is_lost(app: Flask, size: str):
    with app.test_request_context("/"):
        file = receipt_pdf(long_receipt(60), size)  # type: ignore[arg-type]
    pages = PdfReader(io.BytesIO(file)).pages
    assert len(pages) > 2
    width, height = SHEETS[size].size
    assert (float(pages[0].mediabox.width), float(pages[0].mediabox.height)) == pytest.approx(
        (width, height), abs=0.01
    )
    said = text_of(file)
    for n in range(60):
        assert f"Barang {n} Bu <b>Ani</b>" in said
        assert rupiah(15_000 * (n + 1)) in said
    assert "Rp27.450.123" in said
    assert f"Nota 4F2K7MQ9 · {len(pages)}" in said


def test_markup_is_only_text(app: Flask):
    with app.test_request_context("/"):
        for file in (receipt_pdf(long_receipt(1), "A6"), slip_pdf(slip(), "A6")):
            assert "<font color='red'>Rp0</font> &amp; ]]> %s {0}" in text_of(file)


@pytest.mark.parametrize(
    "name", ["海鲜店", "Люба", "ราตรี", "😀🍜", "ā́ő", "نور", "a\x00\ud800b", "Wi" * 400]
)
def test_a_name_in_any_letters_breaks_nothing(app: Flask, name: str):
    receipt = replace(long_receipt(1), buyer=name)
    with app.test_request_context("/"):
        for file in (receipt_pdf(receipt, "A6"), slip_pdf(slip(buyer=name, note=name), "A4")):
            assert "4F2K7MQ9" in text_of(file)
        assert Image.open(io.BytesIO(label_png(slip(buyer=name)))).width == WIDTH


def test_letters_that_are_missing_become_plain_ones():
    assert printable("Rāma  Ștefan\n😀 −5 × “ya”") == "Rama Stefan −5 × “ya”"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("海鲜店 Ratna", "HaiXianDian Ratna"),
        ("陈美玲", "ChenMeiLing"),
        ("نور", "nwr"),
        ("راتنا", "ratna"),
        ("Люба", "Lyuba"),
        ("ராதா", "rata"),
        ("김민지", "GimMinJi"),
    ],
)
def test_names_in_other_letters_are_spelt_so_that_they_can_be_read_out(name: str, read: str):
    assert printable(name).lower() == read.lower()


def test_what_has_no_spelling_is_a_question_mark():
    assert printable("\u0787 Ratna") == "? Ratna"
    assert picture_face(20).getlength("Ratna") > 0


def test_the_same_content_gives_the_same_file_at_once(app: Flask):
    with app.test_request_context("/"):
        makers = {
            "receipt of 60 lines": lambda: receipt_pdf(long_receipt(60), "A6"),
            "slip": lambda: slip_pdf(slip(), "A6"),
            "label": lambda: label_png(slip()),
        }
        for name, make in makers.items():
            files, took = [], []
            for _ in range(4):
                begun = time.thread_time()
                files.append(make())
                took.append(time.thread_time() - begun)
            assert len(set(files)) == 1, name
            assert min(took) < MOST_SECONDS, name


def test_the_label_reads_back_and_grows_with_its_lines():
    short = Image.open(io.BytesIO(label_png(slip())))
    assert short.size == (WIDTH, HEIGHT)
    assert [found.text for found in zxingcpp.read_barcodes(short)] == [LINK]
    assert Image.open(io.BytesIO(label_png(slip(lines=60)))).height > 2 * HEIGHT


@pytest.mark.both
def test_the_slip_says_what_to_pack_and_what_to_collect(app: Flask, session: Session):
    variant = offer(session, make_seller(session, "Rohana"), on_hand=9)
    part = accepted_part(session, (variant, 3), method=Method.CASH, delivery=DeliveryKind.DELIVERY)
    session.execute(
        update(Order).where(Order.id == part.order_id).values(landmark="Samping musala Al-Hikmah")
    )
    session.commit()
    session.expire_all()
    view = queries_studio.part_of(session, part.seller_id, part.id)
    assert view is not None
    with app.test_request_context("/"):
        found = slip_of(view, load_settings(session), LINK)
    assert found.money == f"Tunai {rupiah(part.total)}"
    assert found.together == "3 barang semuanya"
    said = text_of(slip_pdf(found, "A6"))
    assert "Samping musala Al-Hikmah" in said
    assert part.order.address not in said  # a label is read by many
    assert part.order.buyer_phone[3:] not in said.replace("-", "")


# The pages and files


@pytest.fixture
def variant(session: Session) -> Variant:
    """A thing that Rohana sells."""
    owner = make_person(session, name="Rohana")
    return offer(session, make_seller(session, "Rohana", owner=owner), on_hand=20)


def owner_of(app: Flask, session: Session, seller_id: uuid.UUID) -> FlaskClient:
    from shop.accounts.models import Person
    from shop.sellers.models import SellerMember

    person = session.scalars(
        select(Person).join(SellerMember).where(SellerMember.seller_id == seller_id)
    ).one()
    return signed_in(app, person)


@pytest.mark.both
@pytest.mark.parametrize("door", ["", "/en"])
def test_the_buyer_opens_and_downloads_the_receipt(
    client: FlaskClient, session: Session, variant: Variant, door: str
):
    order = paid_order(session, (variant, 2))
    session.commit()
    page = client.get(f"{door}/o/{order.token}/receipt")
    assert page.status_code == 200
    assert ("Receipt" if door else "Nota") in page.text
    assert rupiah(order.total) in page.text
    assert "<svg" in page.text
    for size in ("A6", "A4"):
        file = client.get(f"{door}/o/{order.token}/receipt.pdf?size={size}")
        assert file.content_type == "application/pdf"
        assert "noindex" in file.headers["X-Robots-Tag"]
        assert file.headers["Cache-Control"] == "private, no-store"
        assert file.headers["Referrer-Policy"] == "no-referrer"
        assert order.number in text_of(file.data)
        assert ("Paid" if door else "Lunas") in text_of(file.data)


def test_a_strange_size_or_token_is_not_there(
    client: FlaskClient, session: Session, variant: Variant
):
    order = paid_order(session, (variant, 2))
    session.commit()
    assert client.get(f"/o/{order.token}/receipt.pdf?size=A5").status_code == 404
    assert client.get("/o/no-such-order/receipt.pdf").status_code == 404
    assert client.get("/o/no-such-order/receipt").status_code == 404


@pytest.mark.both
def test_the_seller_opens_slip_and_label_and_nobody_else_does(
    app: Flask, client: FlaskClient, session: Session, variant: Variant
):
    part = accepted_part(session, (variant, 2))
    stranger = make_person(session, name="Lain")
    make_seller(session, "Lain", owner=stranger)
    session.commit()
    rohana, other = owner_of(app, session, variant.seller_id), signed_in(app, stranger)
    for page in ("slip", "slip.pdf", "slip.pdf?size=A4", "label.png"):
        address = f"/sell/orders/{part.id}/{page}"
        assert rohana.get(address).status_code == 200
        assert other.get(address).status_code == 404
        assert client.get(address).status_code == 303  # to sign in
    picture = Image.open(io.BytesIO(rohana.get(f"/sell/orders/{part.id}/label.png").data))
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.text == f"http://localhost/sell/orders/{part.id}"
    assert part.order.token not in code.text


@pytest.mark.both
def test_before_it_is_paid_there_is_no_slip(app: Flask, session: Session, variant: Variant):
    order = placed_order(session, (variant, 2))
    session.commit()
    part_id = session.scalars(select(SellerOrder.id).where(SellerOrder.order_id == order.id)).one()
    rohana = owner_of(app, session, variant.seller_id)
    assert rohana.get(f"/sell/orders/{part_id}/slip").status_code == 404
