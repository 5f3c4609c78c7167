"""Midtrans's words: what counts as paid, what as an answer, and what as a message of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shop.core import clock
from shop.payments.providers import midtrans as module
from shop.payments.providers.acquirer import (
    BadNotification,
    GatewayRefused,
    GatewayUnreachable,
    Standing,
)
from shop.payments.providers.midtrans import Midtrans
from shop.payments.qris import read
from tests.stand_ins.midtrans import MOODS, SERVER_KEY, StandInMidtrans, running, signature

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)


@pytest.fixture
def stand_in() -> Iterator[StandInMidtrans]:
    with running() as made:
        yield made


@pytest.fixture
def ours(stand_in: StandInMidtrans) -> Midtrans:
    return Midtrans(SERVER_KEY, stand_in.url)


def test_a_code_is_made_for_whole_rupiah(ours: Midtrans, stand_in: StandInMidtrans, noon: datetime):
    code = ours.make("7KQ2M-1", 47_123, 60, "Pesanan 7KQ2M")
    assert read(code.text).amount == 47_123
    asked = stand_in.bodies[0]
    assert asked["transaction_details"] == {"order_id": "7KQ2M-1", "gross_amount": 47_123}
    assert asked["custom_expiry"] == {"expiry_duration": 60, "unit": "minute"}
    assert code.expires_at is not None
    assert code.expires_at.tzinfo is not None


def test_times_are_read_as_jakarta_times(ours: Midtrans, stand_in: StandInMidtrans):
    code = ours.make("7KQ2M-1", 47_123, 30, "Pesanan 7KQ2M")
    assert code.expires_at is not None
    left = code.expires_at - clock.now()
    assert 28 <= left.total_seconds() / 60 <= 31


def test_a_reference_is_used_once(ours: Midtrans):
    ours.make("7KQ2M-1", 47_123, 60, "x")
    with pytest.raises(GatewayRefused, match="406"):
        ours.make("7KQ2M-1", 47_123, 60, "x")


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, Standing.PENDING),
        ({"transaction_status": "settlement"}, Standing.PENDING),
        ({"transaction_status": "settlement", "status_code": "200"}, Standing.PAID),
        ({"transaction_status": "settlement", "status_code": "201"}, Standing.PENDING),
        ({"transaction_status": "settlement", "status_code": "202"}, Standing.PENDING),
        ({"transaction_status": "capture", "status_code": "200"}, Standing.PAID),
        (
            {"transaction_status": "capture", "status_code": "200", "fraud_status": "challenge"},
            Standing.PENDING,
        ),
        ({"transaction_status": "cancel", "status_code": "200"}, Standing.ENDED),
        ({"transaction_status": "expire", "status_code": "407"}, Standing.ENDED),
        ({"transaction_status": "deny", "status_code": "202"}, Standing.ENDED),
        ({"transaction_status": "partial_refund", "status_code": "200"}, Standing.RETURNED),
        ({"transaction_status": "chargeback", "status_code": "200"}, Standing.RETURNED),
        ({"transaction_status": "something new", "status_code": "200"}, Standing.PENDING),
    ],
)
def test_only_settled_or_accepted_money_is_paid(
    ours: Midtrans, stand_in: StandInMidtrans, said: dict[str, str], standing: Standing
):
    ours.make("7KQ2M-1", 47_123, 60, "x")
    stand_in.lies = {"status_code": "201"} | said
    assert ours.status("7KQ2M-1").standing is standing


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ({}, 47_123),
        ({"gross_amount": "47123"}, 47_123),
        ({"gross_amount": "47123.50"}, None),
        ({"gross_amount": 47_123}, None),
        ({"gross_amount": "-47123.00"}, None),
        ({"gross_amount": "٤٧١٢٣"}, None),
        ({"currency": "USD"}, None),
        ({"currency": None}, None),
    ],
)
def test_only_whole_rupiah_are_a_sum(
    ours: Midtrans, stand_in: StandInMidtrans, said: dict[str, Any], amount: int | None
):
    ours.make("7KQ2M-1", 47_123, 60, "x")
    stand_in.lies = said
    assert ours.status("7KQ2M-1").amount == amount


def test_an_unknown_code_is_unknown(ours: Midtrans):
    assert ours.status("7KQ2M-9").standing is Standing.UNKNOWN


@pytest.mark.parametrize("mood", MOODS)
def test_what_is_no_answer_is_no_answer(
    ours: Midtrans, stand_in: StandInMidtrans, monkeypatch: pytest.MonkeyPatch, mood: str
):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.5)
    stand_in.mood = mood
    for ask in (
        lambda: ours.status("7KQ2M-1"),
        lambda: ours.make("7KQ2M-1", 47_123, 60, "x"),
        lambda: ours.refund("7KQ2M-1", "key", 1, "x"),
    ):
        with pytest.raises((GatewayUnreachable, GatewayRefused)):
            ask()
    assert all("elsewhere" not in asked for asked in stand_in.requests)


def test_the_key_is_never_printed(ours: Midtrans, stand_in: StandInMidtrans):
    assert SERVER_KEY not in repr(ours)
    stand_in.mood = "500"
    with pytest.raises(GatewayUnreachable) as fault:
        ours.status("7KQ2M-1")
    assert SERVER_KEY not in repr(fault.value)


def notified(**other: Any) -> dict[str, Any]:
    said = {
        "order_id": "7KQ2M-1", "status_code": "200", "gross_amount": "47123.00",
        "transaction_status": "settlement", "currency": "IDR",
    }  # fmt: skip
    return {"signature_key": signature(said)} | said | other


def test_a_signed_message_is_read(ours: Midtrans):
    note = ours.read(json.dumps(notified()).encode(), {})
    assert (note.reference, note.kind) == ("7KQ2M-1", "settlement")
    assert "signature_key" not in note.payload


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        *(
            json.dumps(notified(**other)).encode()
            for other in (
                {"order_id": "7KQ2M-2"},
                {"gross_amount": "47123"},
                {"gross_amount": 47123.0},
                {"status_code": 200},
                {"signature_key": None},
                {"signature_key": "\ud800"},
                {"signature_key": ["x"]},
                {"signature_key": signature(notified(), key="another")},
                {"signature_key": signature(notified()).upper()},
            )
        ),
        json.dumps({k: v for k, v in notified().items() if k != "signature_key"}).encode(),
    ],
)
def test_what_is_not_signed_is_refused(ours: Midtrans, body: bytes):
    with pytest.raises(BadNotification):
        ours.read(body, {})
