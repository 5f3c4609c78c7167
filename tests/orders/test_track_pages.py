"""Whoever holds the link follows, pays, cancels and confirms; nobody else sees anything."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.core.i18n import day_time
from shop.core.money import rupiah
from shop.core.settings import default_settings
from shop.orders import find
from shop.orders.decline import decline
from shop.orders.models import Order, OrderLookup, SellerOrder
from shop.orders.states import DeliveryKind
from shop.payments.models import Payment
from shop.payments.settle import claim, not_arrived
from shop.payments.start import NoFreeCode
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import (
    accepted_part,
    completed_part,
    handed_over_part,
    paid_order,
    payment_of,
    placed_order,
    ready_part,
)
from tests.lines import logged


def state(session: Session, table: type) -> list[str]:
    session.rollback()
    return list(session.scalars(select(table.state).order_by(table.id)))


def test_a_transfer_shows_the_exact_sum_and_where_to(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.add(default_settings())
    session.commit()
    page = client.get(f"/o/{order.token}")
    assert "Tinggal dibayar, lalu mulai disiapkan" in page.text
    assert f'Rp30.<span class="code">{order.unique_code:03}</span>' in page.text
    assert "000001000777309" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert order.token not in page.text.partition("</head>")[0]


def test_each_sellers_part_tells_its_prices_and_where_it_is_brought(
    session: Session, client: FlaskClient
):
    things = (offer(session, on_hand=5), 2), (offer(session, on_hand=5), 1)
    brought = placed_order(session, *things, delivery=DeliveryKind.DELIVERY)
    fetched = placed_order(session, *things)
    session.commit()
    parts = client.get(f"/o/{brought.token}").text.split('class="part"')[1:]
    for part, (goods, total) in zip(parts, [(30, 40), (15, 25)], strict=True):
        figures = re.findall(r"Rp([0-9.]+)", part)
        assert figures == ["15.000", f"{goods}.000", f"{goods}.000", "10.000", f"{total}.000"]
        assert "Jl. Pramuka 12, samping musala, Tanjungpinang Barat" in part
    page = client.get(f"/o/{fetched.token}").text
    parts = page.split('class="part"')[1:]
    assert [re.findall(r"Rp([0-9.]+)", part) for part in parts] == [
        ["15.000", "30.000", "30.000"],
        ["15.000", "15.000", "15.000"],
    ]
    assert "Jl. Pramuka" not in page


@pytest.mark.parametrize("path", ["", "/cancel"])
def test_a_wrong_link_leads_nowhere(session: Session, client: FlaskClient, path: str):
    placed_order(session)
    session.commit()
    assert client.get(f"/o/{ids.new_token()}{path}").status_code == 404


def test_a_wrong_link_does_nothing(session: Session, client: FlaskClient):
    order, part = paid_order(session), handed_over_part(session)
    session.commit()
    wrong = ids.new_token()
    of_another = [f"{order.token}/{part.id}/received", f"{order.token}/{part.id}/cancel"]
    for path in (f"{wrong}/claim", f"{wrong}/cancel", f"{wrong}/{part.id}/received", *of_another):
        assert client.post(f"/o/{path}").status_code == 404
    assert sorted(state(session, SellerOrder)) == ["handed_over", "waiting"]


def test_anothers_part_and_a_forged_move_are_refused_and_kept_in_the_log(
    session: Session, client: FlaskClient
):
    order, part = paid_order(session), handed_over_part(session)
    session.commit()
    with logged() as lines:
        client.post(f"/o/{order.token}/{part.id}/received")
        client.post(f"/o/{order.token}/{order.parts[0].id}/received")
    told = [(line["event"], line.get("status"), line.get("to")) for line in lines]
    assert ("act refused", 404, None) in told
    assert ("move refused", None, "completed") in told
    assert sorted(state(session, SellerOrder)) == ["handed_over", "waiting"]


def test_saying_it_is_sent(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.commit()
    for _ in range(2):
        assert client.post(f"/o/{order.token}/claim").status_code == 303
    assert state(session, Payment) == ["claimed"]
    page = client.get(f"/o/{order.token}").text
    assert "Pembayaran Anda sedang diperiksa" in page
    assert "Batalkan pesanan" not in page


def test_cancelling_asks_once_and_is_done_once(session: Session, client: FlaskClient):
    variant = offer(session, on_hand=5)
    order = placed_order(session, (variant, 2))
    session.commit()
    assert "Ya, batalkan" in client.get(f"/o/{order.token}/cancel").text
    assert state(session, SellerOrder) == ["unpaid"]
    for _ in range(2):
        assert client.post(f"/o/{order.token}/cancel").status_code == 303
    page = client.get(f"/o/{order.token}").text
    assert "Pesanan ini dibatalkan" in page
    assert "Itu tidak bisa lagi" in page
    session.refresh(variant)
    assert variant.available == 5


def test_cancelling_too_late_changes_nothing(session: Session, client: FlaskClient):
    part = accepted_part(session)
    session.commit()
    token = part.order.token
    assert client.get(f"/o/{token}/cancel").status_code == 303
    assert client.post(f"/o/{token}/cancel").status_code == 303
    assert client.post(f"/o/{token}/{part.id}/cancel").status_code == 303
    assert state(session, SellerOrder) == ["accepted"]


def test_one_sellers_part_is_cancelled_and_the_money_is_told(session: Session, client: FlaskClient):
    order = paid_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2))
    gone = order.parts[1]
    session.commit()
    client.post(f"/o/{order.token}/{gone.id}/cancel")
    assert sorted(state(session, SellerOrder)) == ["cancelled", "waiting"]
    assert "Rp30.000 dikembalikan" in client.get(f"/o/{order.token}").text


def test_calling_a_part_off_asks_once(session: Session, client: FlaskClient):
    order = paid_order(session, (offer(session, on_hand=5), 1), (offer(session, on_hand=5), 2))
    gone = order.parts[1]
    session.commit()
    page = f"/o/{order.token}/{gone.id}/cancel"
    shown = client.get(f"/o/{order.token}").text
    assert f'href="{page}"' in shown
    assert f'action="{page}"' not in shown
    asked = client.get(page)
    assert f"Batalkan bagian {gone.seller.name} dari pesanan {order.number}?" in asked.text
    assert "dikembalikan ke Anda" in asked.text
    assert f'action="{page}"' in asked.text
    assert state(session, SellerOrder) == ["waiting", "waiting"]
    client.post(page)
    assert client.get(page).location == f"/o/{order.token}"
    assert client.get(f"/o/{order.token}/{uuid.uuid4()}/cancel").status_code == 404


def test_who_waits_at_the_door_reads_where_and_how_much(session: Session, client: FlaskClient):
    part = handed_over_part(
        session, method=Method.CASH, delivery=DeliveryKind.DELIVERY, cash_received=False
    )
    session.commit()
    page = client.get(f"/o/{part.order.token}").text
    assert "Sedang diantar. Sudah Anda terima?" in page
    assert f"Siapkan tunai {rupiah(part.total)}." in page
    assert "Alamat:" in page


def test_confirming_receipt_twice_completes_once(session: Session, client: FlaskClient):
    part = handed_over_part(session)
    session.commit()
    assert "Sudah saya terima" in client.get(f"/o/{part.order.token}").text
    for _ in range(2):
        assert client.post(f"/o/{part.order.token}/{part.id}/received").status_code == 303
    assert state(session, SellerOrder) == ["completed"]
    assert "Terima kasih!" in client.get(f"/o/{part.order.token}").text


def test_cash_that_is_not_written_down_keeps_it_open(session: Session, client: FlaskClient):
    part = handed_over_part(session, method=Method.CASH, cash_received=False)
    session.commit()
    client.post(f"/o/{part.order.token}/{part.id}/received")
    assert state(session, SellerOrder) == ["handed_over"]
    assert "Penjual belum mencatat uang tunainya" in client.get(f"/o/{part.order.token}").text


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (paid_order, "Penjual sudah diberi tahu"), (accepted_part, "Sedang disiapkan penjual"),
        (ready_part, "Sudah siap diambil"), (handed_over_part, "Sudah Anda terima?"),
        (completed_part, "Sudah diterima"),
    ],
)  # fmt: skip
def test_the_heading_is_the_answer(session: Session, client: FlaskClient, stage, words: str):
    made = stage(session)
    token = made.token if isinstance(made, Order) else made.order.token
    session.commit()
    assert words in client.get(f"/o/{token}").text


def test_a_declined_part_says_why(session: Session, client: FlaskClient):
    part = paid_order(session).parts[0]
    decline(session, part.id, None, "Ikan tidak ada")
    session.commit()
    page = client.get(f"/o/{part.order.token}").text
    assert "penjual tidak bisa membuatnya" in page
    assert "Alasan: Ikan tidak ada" in page


def test_where_to_fetch_it_stands_there_once_it_is_paid(session: Session, client: FlaskClient):
    order = placed_order(session)
    order.parts[0].seller.address = "Jl. Rahasia 7"
    session.commit()
    assert "Jl. Rahasia 7" not in client.get(f"/o/{order.token}").text
    part = paid_order(session).parts[0]
    part.seller.address = "Jl. Rahasia 7"
    session.commit()
    assert "Jl. Rahasia 7" in client.get(f"/o/{part.order.token}").text


def test_a_card_is_paid_on_the_card_page(session: Session, app: Flask, client: FlaskClient):
    order = placed_order(session, method=Method.CARD)
    session.commit()
    payment_id = payment_of(session, order).id
    assert f"/o/{order.token}/card/{payment_id}" in client.get(f"/o/{order.token}").text


def test_a_card_is_offered_where_stripe_is_set_up(
    session: Session, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    variant = offer(session, on_hand=5)
    session.commit()
    client.post("/cart/add", data={"variant_id": variant.id, "quantity": 1})
    assert 'value="card"' not in client.get("/checkout").text
    set_up = replace(
        app.extensions["config"], stripe_secret_key="sk_test", stripe_webhook_secret="whsec"
    )
    monkeypatch.setitem(app.extensions, "config", set_up)
    assert 'value="card"' in client.get("/checkout").text


def test_an_order_is_found_by_number_and_phone(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.commit()
    spoken = f" {order.number[:4].lower()}-{order.number[4:].lower()} "
    answer = client.post("/lacak", data={"number": spoken, "phone": "0812 3456 7890"})
    assert answer.location == f"/o/{order.token}"


def test_a_wrong_number_and_a_wrong_phone_get_the_same_words(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.commit()
    wrong = [
        {"number": order.number, "phone": "0812-9999-9999"},
        {"number": ids.new_number(), "phone": "0812-3456-7890"},
    ]
    for data in wrong:
        page = client.post("/lacak", data=data)
        assert page.status_code == 422
        assert "Nomor pesanan dan nomor HP ini tidak cocok." in page.text
    session.rollback()
    assert len(session.scalars(select(OrderLookup)).all()) == 2


def test_guessing_is_slowed_down(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.commit()
    guess = {"number": order.number, "phone": "0812-9999-9999"}
    for _ in range(find.MOST_PER_NUMBER):
        client.post("/lacak", data=guess)
    right = client.post("/lacak", data={"number": order.number, "phone": "0812-3456-7890"})
    assert right.status_code == 429
    assert right.headers["Retry-After"] == "900"
    assert "Terlalu banyak percobaan. Coba lagi 15 menit lagi." in right.text
    assert order.number in right.text
    with clock.at(clock.now() + find.WINDOW + timedelta(seconds=1)):
        later = client.post("/lacak", data={"number": order.number, "phone": "0812-3456-7890"})
    assert later.location == f"/o/{order.token}"


def test_one_address_tries_few_numbers_and_shuts_out_nobody_else(
    session: Session, client: FlaskClient
):
    order = placed_order(session)
    session.commit()
    for _ in range(find.MOST_PER_ADDRESS):
        client.post("/lacak", data={"number": ids.new_number(), "phone": "0812-9999-9999"})
    right = {"number": order.number, "phone": "0812-3456-7890"}
    assert client.post("/lacak", data=right).status_code == 429
    elsewhere = client.post("/lacak", data=right, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.location == f"/o/{order.token}"


def mistyped(number: str) -> str:
    """The number with one sign wrong."""
    return ("3" if number[0] == "2" else "2") + number[1:]


@pytest.mark.parametrize(
    ("type_it", "words"),
    [
        (lambda number: number[:7], "belum lengkap: baru 7 dari 8"),
        (lambda number: number + "2", "terlalu panjang: ada 9, seharusnya 8"),
        (lambda number: number[:2] + "0" + number[3:], "Periksa lagi huruf ke-3: “0”"),
        (lambda number: number[:7] + "u", "Periksa lagi huruf ke-8: “U”"),
        (mistyped, "Ada yang salah ketik di nomor ini"),
        (lambda number: "----", "belum lengkap: baru 0 dari 8"),
    ],
)
def test_a_mistyped_number_is_told_as_such_without_a_look(
    session: Session, client: FlaskClient, type_it: Callable[[str], str], words: str
):
    order = placed_order(session)
    session.commit()
    typed = {"number": type_it(order.number), "phone": "0812-3456-7890"}
    page = client.post("/lacak", data=typed)
    assert page.status_code == 422
    assert words in page.text
    assert "Nomor pesanan dan nomor HP ini tidak cocok." not in page.text
    session.rollback()
    assert session.scalars(select(OrderLookup)).all() == []


def test_the_number_alone_tells_nothing(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.commit()
    unknown = ids.new_number()
    pages = [
        client.post("/lacak", data={"number": number}).text.replace(number, "")
        for number in (order.number, unknown)
    ]
    assert pages[0] == pages[1]
    for path in (f"/o/{order.number}", f"/lacak?number={order.number}", f"/cari?q={order.number}"):
        page = client.get(path).text
        for secret in ("Dewi", "81234567890", "Pramuka", order.token):
            assert secret not in page


@pytest.mark.parametrize("method", [Method.CASH, Method.CARD])
def test_only_what_a_person_looks_for_is_said_to_be_sent(
    session: Session, client: FlaskClient, method: Method
):
    order = placed_order(session, method=method)
    session.commit()
    assert client.post(f"/o/{order.token}/claim").status_code == 303
    assert state(session, Payment) == ["pending"]


def test_who_cannot_pay_by_card_pays_another_way(session: Session, client: FlaskClient):
    order = placed_order(session, method=Method.CARD)
    session.add(default_settings())
    session.commit()
    page = client.get(f"/o/{order.token}").text
    assert "Bayar dengan cara lain" in page
    assert 'value="transfer"' in page
    assert 'value="qris"' not in page
    for _ in range(2):
        answer = client.post(f"/o/{order.token}/method", data={"method": "transfer"})
        assert (answer.status_code, answer.location) == (303, f"/o/{order.token}")
    assert sorted(state(session, Payment)) == ["cancelled", "pending"]
    session.refresh(order)
    page = client.get(f"/o/{order.token}").text
    assert f'Rp30.<span class="code">{order.unique_code:03}</span>' in page
    assert "Saya sudah transfer" in page
    assert "Itu tidak bisa lagi" not in page


def test_who_cannot_pay_by_card_pays_in_cash(session: Session, client: FlaskClient):
    order = placed_order(session, method=Method.CARD)
    session.add(default_settings())
    session.commit()
    assert "Tunai tidak bertambah." in client.get(f"/o/{order.token}").text
    for _ in range(2):
        answer = client.post(f"/o/{order.token}/method", data={"method": "cash"})
        assert (answer.status_code, answer.location) == (303, f"/o/{order.token}")
    assert sorted(state(session, Payment)) == ["cancelled", "pending"]
    session.refresh(order)
    assert order.method == "cash"
    assert client.get(f"/o/{order.token}").status_code == 200


@pytest.mark.parametrize("method", ["qris", "card", "", "gold"])
def test_only_offered_ways_are_taken(session: Session, client: FlaskClient, method: str):
    order = placed_order(session, method=Method.CARD)
    session.add(default_settings())
    session.commit()
    assert client.post(f"/o/{order.token}/method", data={"method": method}).status_code == 303
    assert state(session, Payment) == ["pending"]
    session.refresh(order)
    assert order.method == "card"


@pytest.mark.parametrize("method", [Method.TRANSFER, Method.CASH])
def test_only_a_card_is_exchanged(session: Session, client: FlaskClient, method: Method):
    order = placed_order(session, method=method)
    session.add(default_settings())
    session.commit()
    assert "Bayar dengan cara lain" not in client.get(f"/o/{order.token}").text
    client.post(f"/o/{order.token}/method", data={"method": "qris"})
    assert state(session, Payment) == ["pending"]
    assert "Itu tidak bisa lagi" in client.get(f"/o/{order.token}").text


def test_without_a_free_code_nothing_is_exchanged(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def none_left(_session: Session, total: int, *_about: object) -> int:
        raise NoFreeCode(total)

    order = placed_order(session, method=Method.CARD)
    session.add(default_settings())
    session.commit()
    monkeypatch.setattr("shop.payments.start.free_code", none_left)
    client.post(f"/o/{order.token}/method", data={"method": "transfer"})
    assert state(session, Payment) == ["pending"]
    assert "Coba lagi nanti" in client.get(f"/o/{order.token}").text


def test_who_was_looked_for_in_vain_is_told_until_when(session: Session, client: FlaskClient):
    order = placed_order(session)
    session.commit()
    assert "belum kami temukan" not in client.get(f"/o/{order.token}").text
    payment = payment_of(session, order)
    claim(session, payment.id)
    until = not_arrived(session, payment.id, person_id=None)
    session.commit()
    page = client.get(f"/o/{order.token}").text
    assert "Uangnya belum kami temukan" in page
    assert f"beri tahu kami lagi sebelum {day_time(until)}" in page
    client.post(f"/o/{order.token}/claim")
    assert "belum kami temukan" not in client.get(f"/o/{order.token}").text
