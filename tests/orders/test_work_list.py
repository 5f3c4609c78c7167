"""What to make by day, several orders accepted at once, seen-markers, and texts to send."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.catalog.models import Variant
from shop.core import clock
from shop.orders.accept_many import Answered, accept_many
from shop.orders.models import Order, OrderLine, SellerOrder, SellerOrderEvent
from shop.orders.queries_making import making
from shop.orders.ready import ready
from shop.orders.states import DeliveryKind
from shop.orders.words_whatsapp import messages
from shop.sellers.models import SellerMember
from tests.catalog.offered import offer
from tests.factories.orders import accepted_part, paid_order, placed_order, ready_part
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


@pytest.fixture
def variant(session: Session) -> Variant:
    """A thing that Rohana sells."""
    return offer(session, make_seller(session, "Rohana"), on_hand=99)


@pytest.fixture
def rohana(app: Flask, session: Session, variant: Variant) -> FlaskClient:
    """Rohana's phone."""
    person = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == variant.seller_id)
    ).one()
    return signed_in(app, person)


def due_in(session: Session, part: SellerOrder, days: int) -> None:
    session.execute(
        update(SellerOrder)
        .where(SellerOrder.id == part.id)
        .values(due_on=clock.today() + timedelta(days=days))
    )


def states(session: Session, *parts: SellerOrder) -> list[str]:
    session.rollback()
    return [
        session.scalars(select(SellerOrder.state).where(SellerOrder.id == part.id)).one()
        for part in parts
    ]


def page_words(client: FlaskClient) -> str:
    """What the orders page says, its flashed words included."""
    return client.get("/sell/orders").text


# What to make


def test_the_sheet_adds_up_to_the_lines_of_open_orders(session: Session, variant: Variant, noon):
    second = offer(session, variant.product.seller, on_hand=99)
    parts = [
        accepted_part(session, (variant, 3)),
        accepted_part(session, (variant, 2), (second, 5)),
        paid_order(session, (second, 4)).parts[0],
    ]
    due_in(session, parts[0], -2)
    due_in(session, parts[1], 0)
    due_in(session, parts[2], 1)
    ready_part(session, (variant, 7))  # is made already
    placed_order(session, (variant, 8))  # is not paid
    accepted_part(session)  # somebody else's
    line = parts[1].lines[0]
    session.execute(update(OrderLine).where(OrderLine.id == line.id).values(cancelled=1))
    session.commit()

    days = making(session, variant.seller_id)

    assert [found.day - clock.today() for found in days] == [timedelta(0), timedelta(1)]
    total = sum(thing.pieces + thing.waiting for found in days for thing in found.things)
    left = session.scalar(
        select(func.sum(OrderLine.quantity - OrderLine.cancelled)).where(
            OrderLine.seller_order_id.in_([part.id for part in parts])
        )
    )
    assert total == left == 3 + 2 + 5 - 1 + 4
    assert sorted(thing.pieces for thing in days[0].things) == [4, 5]  # late counts as today
    assert [(thing.pieces, thing.waiting) for thing in days[1].things] == [(0, 4)]


def test_the_page_names_orders_and_notes_and_prints(
    app: Flask, rohana: FlaskClient, session: Session, variant: Variant
):
    part = accepted_part(session, (variant, 3))
    session.execute(
        update(SellerOrder).where(SellerOrder.id == part.id).values(note="Jangan <pedas>")
    )
    session.commit()
    page = rohana.get("/sell/orders/making")
    file = rohana.get("/sell/orders/making.pdf")
    said = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(file.data)).pages)
    assert "Jangan &lt;pedas&gt;" in page.text
    for words in (page.text, said):
        assert part.order.number in words
        assert part.order.buyer_name in words
    assert "Jangan <pedas>" in " ".join(said.split())
    ready(session, part.id, None)
    session.commit()
    assert part.order.number not in rohana.get("/sell/orders/making").text


def test_nothing_to_make_says_so_and_prints_too(rohana: FlaskClient, session: Session):
    session.commit()
    assert "Belum ada yang harus dibuat" in rohana.get("/sell/orders/making").text
    assert rohana.get("/sell/orders/making.pdf").status_code == 200


def test_a_stranger_sees_nothing_of_it(app: Flask, session: Session, variant: Variant):
    part = accepted_part(session, (variant, 3))
    stranger = make_person(session, name="Lain")
    make_seller(session, "Lain", owner=stranger)
    session.commit()
    other = signed_in(app, stranger)
    assert part.order.number not in other.get("/sell/orders/making").text
    answer = other.post("/sell/orders/accept", data={"part": str(part.id)})
    assert answer.status_code == 303


# Several at once


def test_all_chosen_are_accepted_once(rohana: FlaskClient, session: Session, variant: Variant):
    parts = [paid_order(session, (variant, 1)).parts[0] for _ in range(3)]
    session.commit()
    assert page_words(rohana).count('name="part"') >= 3
    form = {"part": [str(part.id) for part in parts[:2]]}
    answer = rohana.post("/sell/orders/accept", data=form)
    assert answer.status_code == 303
    assert "2 pesanan diterima." in page_words(rohana)
    rohana.post("/sell/orders/accept", data=form)
    said = page_words(rohana)
    assert "2 pesanan sudah diterima sebelumnya." in said
    assert states(session, *parts) == ["accepted", "accepted", "waiting"]
    moves = select(func.count()).where(SellerOrderEvent.target == "accepted")
    assert session.scalar(moves) == 2


def test_what_cannot_be_accepted_is_told_and_the_rest_is_done(
    rohana: FlaskClient, session: Session, variant: Variant
):
    good = paid_order(session, (variant, 1)).parts[0]
    unpaid = placed_order(session, (variant, 1)).parts[0]
    foreign = paid_order(session).parts[0]
    session.commit()
    ids = [str(part.id) for part in (good, unpaid, foreign)]
    rohana.post("/sell/orders/accept", data={"part": [*ids, str(uuid.uuid4()), "x'; --", ""]})
    said = page_words(rohana)
    assert "1 pesanan diterima." in said
    assert "3 pesanan tidak bisa diterima lagi" in said
    assert states(session, good, unpaid, foreign) == ["accepted", "unpaid", "waiting"]


def test_nothing_chosen_changes_nothing(rohana: FlaskClient, session: Session, variant: Variant):
    part = paid_order(session, (variant, 1)).parts[0]
    session.commit()
    rohana.post("/sell/orders/accept")
    assert "Pilih dulu pesanan" in page_words(rohana)
    assert states(session, part) == ["waiting"]


def test_another_sellers_parts_are_out_of_reach(session: Session, variant: Variant):
    part = paid_order(session, (variant, 1)).parts[0]
    other = make_seller(session, "Lain")
    assert accept_many(session, other.id, [part.id, part.id], None) == Answered(0, 0, 1)
    assert accept_many(session, part.seller_id, [part.id, part.id], None) == Answered(1, 0, 0)


# Seen


def test_opening_the_list_marks_what_is_on_it_and_staff_see_when(
    app: Flask, rohana: FlaskClient, session: Session, variant: Variant
):
    mine, foreign = paid_order(session, (variant, 1)).parts[0], paid_order(session).parts[0]
    staff = signed_in(app, make_person(session, Role.MANAGER))
    session.commit()
    page = f"/staff/orders/{mine.order_id}"
    assert "Belum dilihat penjual" in staff.get(page).text
    form = re.search(r'<form id="seen".*?</form>', page_words(rohana), re.DOTALL)
    assert form is not None
    assert str(mine.id) in form[0]
    data = {"part": [str(mine.id), str(foreign.id)]}
    assert rohana.post("/sell/orders/seen", data=data).status_code == 204
    session.rollback()
    seen = select(SellerOrder.seen_at).order_by(SellerOrder.placed_at)
    first = session.scalars(seen.where(SellerOrder.id == mine.id)).one()
    assert first is not None
    assert session.scalars(seen.where(SellerOrder.id == foreign.id)).one() is None
    assert "Dilihat penjual" in staff.get(page).text
    rohana.post("/sell/orders/seen", data=data)
    session.rollback()
    assert session.scalars(seen.where(SellerOrder.id == mine.id)).one() == first


# Texts to send


@pytest.mark.parametrize(("language", "word"), [("id", "Halo"), ("en", "Hello")])
def test_the_texts_speak_the_buyers_language(
    app: Flask, session: Session, variant: Variant, language: str, word: str
):
    part = accepted_part(session, (variant, 1))
    session.execute(update(Order).where(Order.id == part.order_id).values(language=language))
    session.commit()
    session.expire_all()
    with app.test_request_context("/sell"):
        found = messages(part)
    assert [str(message.name) for message in found] == [
        "Pesanan diterima", "Siap diambil", "Terima kasih",
    ]  # fmt: skip
    for message in found:
        assert message.text.startswith(f"{word} {part.order.buyer_name}")
        address = urlsplit(message.url)
        assert address.netloc == "wa.me"
        assert address.path == f"/{part.order.buyer_phone.removeprefix('+')}"
        assert parse_qs(address.query)["text"] == [message.text]
        assert part.order.token not in message.url


def test_the_text_of_the_present_stage_comes_first(app: Flask, session: Session, variant: Variant):
    part = ready_part(session, (variant, 1), delivery=DeliveryKind.DELIVERY)
    session.commit()
    with app.test_request_context("/sell"):
        assert str(messages(part)[0].name) == "Sedang diantar"


def test_the_phone_is_only_for_the_seller_of_a_paid_order(
    app: Flask, rohana: FlaskClient, session: Session, variant: Variant
):
    paid, unpaid = paid_order(session, (variant, 1)), placed_order(session, (variant, 1))
    session.commit()
    assert "wa.me" in rohana.get(f"/sell/orders/{paid.parts[0].id}").text
    hidden = rohana.get(f"/sell/orders/{unpaid.parts[0].id}").text
    assert "wa.me" not in hidden
    assert unpaid.buyer_phone.removeprefix("+") not in hidden
