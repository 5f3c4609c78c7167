"""A stand-in for Midtrans on this machine: QRIS codes, their states, refunds, signed messages.

It keeps what it was asked to make and answers as its documentation says: what counts is
`status_code` in the body. Its moods show how a gateway can go wrong. It proves our side of the
talk, not Midtrans's.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.core import clock
from shop.payments.qris import read, with_amount
from tests.stand_ins.http import served

SERVER_KEY = "SB-Mid-server-stand-in"
_STATIC = (
    "00020101021126680016ID.CO.CONTOH.WWW011893600000000000001202150000000000000120303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10000000000010303UMI5204549953033605802ID"
    "5916PROGRAM PELANTAR6013TANJUNGPINANG61052911462070703A01630491E0"
)
_CODES = {"pending": "201", "expire": "407", "deny": "202"}
MOODS = ("idle", "slow", "500", "html", "array", "redirect", "401", "endless")
"""Ways in which it answers nothing that could be understood."""


class StandInMidtrans:
    """What Midtrans would remember, by `order_id`.

    `mood` is one of `MOODS` or empty. `lies` are put over every answer about a status. `refuses`
    is the code with which refunds are refused, `forgets` lets a refund happen without an answer.
    """

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Any]] = {}
        self.requests: list[str] = []
        self.bodies: list[Any] = []
        self.mood = ""
        self.moods: dict[str, str] = {}
        self.lies: dict[str, Any] = {}
        self.code: str | None = None
        self.refuses = ""
        self.forgets = False
        self.url = ""
        self.lock = threading.Lock()
        self._numbers = itertools.count(1)

    def new(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A code for one payment."""
        details = wanted["transaction_details"]
        items = sum(item["price"] * item["quantity"] for item in wanted["item_details"])
        if items != details["gross_amount"] or not isinstance(items, int):
            return {"status_code": "400", "status_message": "gross_amount is not the sum"}
        with self.lock:
            if details["order_id"] in self.things:
                return {"status_code": "406", "status_message": "order_id has been used"}
            made = self.things[details["order_id"]] = {
                "transaction_id": str(uuid.UUID(int=next(self._numbers))),
                "order_id": details["order_id"],
                "merchant_id": "G000000000",
                "gross_amount": f"{details['gross_amount']}.00",
                "currency": "IDR",
                "payment_type": "qris",
                "transaction_status": "pending",
                "fraud_status": "accept",
                "acquirer": wanted["qris"]["acquirer"],
                "expiry_time": _wib(minutes=wanted["custom_expiry"]["expiry_duration"]),
                "refunds": [],
            }
        text = self.code or with_amount(read(_STATIC), details["gross_amount"])
        return self.told(made) | {"qr_string": text}

    def told(self, thing: dict[str, Any]) -> dict[str, Any]:
        """What it says of a code when it is asked."""
        status = thing["transaction_status"]
        return {**thing, "status_code": _CODES.get(status, "200"), "status_message": "told"}

    def pay(self, reference: str) -> dict[str, Any]:
        """The buyer pays; returns the message Midtrans would send."""
        return self.becomes(reference, "settlement")

    def becomes(self, reference: str, status: str) -> dict[str, Any]:
        """The code stands so from now on; returns the message Midtrans would send."""
        thing = self.things[reference]
        thing["transaction_status"] = status
        return self.message(reference)

    def message(self, reference: str, **other: Any) -> dict[str, Any]:
        """A signed message about a code as it stands, or with `other` words under its signature."""
        said = self.told(self.things[reference])
        if said["status_code"] == "407":
            said["status_code"] = "202"  # as its messages say it
        said["signature_key"] = signature(said)
        return said | {"transaction_type": "on-us", "issuer": "gopay"} | other

    def end(self, reference: str, status: str) -> dict[str, Any]:
        """Cancel or expire, where it can be."""
        thing = self.things.get(reference)
        if thing is None:
            return {"status_code": "404", "status_message": "Transaction doesn't exist."}
        if thing["transaction_status"] != "pending":
            return {"status_code": "412", "status_message": "cannot be changed"}
        thing["transaction_status"] = status
        return self.told(thing)

    def refund(self, reference: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Money back, once for each key, never more than came."""
        thing = self.things[reference]
        if self.refuses:
            return {"status_code": self.refuses, "status_message": "not supported by the app"}
        back = {row["refund_key"]: row["refund_amount"] for row in thing["refunds"]}
        gross = int(thing["gross_amount"].partition(".")[0])
        paid = thing["transaction_status"] in ("settlement", "partial_refund")
        total = sum(back.values()) + wanted["amount"]
        if wanted["refund_key"] in back or not paid or total > gross:
            return {"status_code": "412", "status_message": "cannot be refunded"}
        row = {"refund_key": wanted["refund_key"], "refund_amount": wanted["amount"]}
        thing["refunds"].append(row)
        thing["transaction_status"] = "refund" if total == gross else "partial_refund"
        return self.told(thing)


def _wib(minutes: int) -> str:
    return f"{(clock.now() + timedelta(minutes=minutes)).astimezone(clock.WIB):%Y-%m-%d %H:%M:%S}"


def signature(said: dict[str, Any], key: str = SERVER_KEY) -> str:
    """By which Midtrans signs three words of a message."""
    content = f"{said['order_id']}{said['status_code']}{said['gross_amount']}{key}"
    return hashlib.sha512(content.encode()).hexdigest()


def _in_a_mood(mood: str) -> Any:
    if mood == "slow":
        time.sleep(1.2)
    answers: dict[str, Callable[[], Any]] = {
        "500": lambda: (jsonify(status_code="500"), 500),
        "html": lambda: ("<html>Bad gateway</html>", 200),
        "array": lambda: (jsonify(["200"]), 200),
        "redirect": lambda: redirect("http://127.0.0.1:9/elsewhere", 302),
        "401": lambda: (jsonify(status_code="401", status_message="Unknown key"), 401),
        "idle": lambda: Response((b"" for _ in iter(lambda: time.sleep(1.2), 0)), 200),
        "slow": lambda: (jsonify(status_code="200"), 200),
        "endless": lambda: Response(itertools.repeat(b'{"a": ' * 1000), 200),
    }
    return answers[mood]()


def make_app(midtrans: StandInMidtrans) -> Flask:
    """The stand-in's addresses."""
    app = Flask("stand_in_midtrans")

    @app.before_request
    def refuse() -> Any:
        midtrans.requests.append(f"{request.method} {request.path}")
        midtrans.bodies.append(request.get_json(silent=True))
        right = base64.b64encode(f"{SERVER_KEY}:".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {right}":
            return jsonify(status_code="401", status_message="Unknown key"), 401
        act = request.path.rpartition("/")[2]
        mood = midtrans.moods.get(act, midtrans.mood)
        return _in_a_mood(mood) if mood else None

    @app.post("/v2/charge")
    def charge() -> Any:
        return jsonify(midtrans.new(request.get_json()))

    @app.get("/v2/<reference>/status")
    def status(reference: str) -> Any:
        thing = midtrans.things.get(reference)
        if thing is None:
            return jsonify(status_code="404", status_message="Transaction doesn't exist."), 404
        return jsonify({**midtrans.told(thing), **midtrans.lies})

    @app.post("/v2/<reference>/<any(cancel, expire):act>")
    def end(reference: str, act: str) -> Any:
        return jsonify(midtrans.end(reference, act))

    @app.post("/v2/<reference>/refund")
    def refund(reference: str) -> Any:
        said = midtrans.refund(reference, request.get_json())
        return (jsonify(status_code="500"), 500) if midtrans.forgets else jsonify(said)

    return app


@contextmanager
def running() -> Iterator[StandInMidtrans]:
    """The stand-in, served on a free port of this machine."""
    midtrans = StandInMidtrans()
    with served(make_app(midtrans)) as url:
        midtrans.url = url
        yield midtrans


def send(client: FlaskClient, said: dict[str, Any]) -> TestResponse:
    """Deliver a message as Midtrans does."""
    return client.post(
        "/webhooks/midtrans", data=json.dumps(said).encode(), content_type="application/json"
    )
