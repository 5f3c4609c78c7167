"""A stand-in for the WhatsApp Business Cloud API: takes templates, sends signed statuses.

It can be idle, slow, lying, and refuse with the numbers Meta's documentation names; what it says of
a message can be sent again and in any order. It proves our side of the talk, not Meta's.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.config import WhatsAppConfig
from tests.stand_ins.http import served

TOKEN = "EAA-stand-in"
APP_SECRET = "app-secret-stand-in"
VERIFY_TOKEN = "verify-stand-in"
PHONE_ID = "10600000000"


class StandInWhatsApp:
    """What was asked to be sent. `faults` are the next answers: (status, code) or a word.

    "idle" takes the message and never answers; "lie" answers 200 with nonsense.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.faults: list[tuple[int, int] | str] = []
        self.url = ""
        self.let_go = threading.Event()
        self._numbers = itertools.count(1)

    @property
    def config(self) -> WhatsAppConfig:
        """How the shop is set up to use it."""
        return WhatsAppConfig(TOKEN, PHONE_ID, APP_SECRET, VERIFY_TOKEN, self.url)

    def take(self, message: dict[str, Any]) -> Any:
        """One message that was asked for."""
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, tuple):
            return jsonify({"error": {"message": "no", "code": fault[1]}}), fault[0]
        self.messages.append(message)
        name = f"wamid.stand-in-{next(self._numbers)}"
        if fault == "idle":
            self.let_go.wait(10)
        if fault == "lie":
            return "<html>all is well</html>"
        return jsonify(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": message["to"], "wa_id": message["to"]}],
                "messages": [{"id": name, "message_status": "accepted"}],
            }
        )


def status(carrier_id: str, state: str, code: int | None = None, data: str = "") -> dict[str, Any]:
    """What the webhook brings of one message."""
    said: dict[str, Any] = {"id": carrier_id, "status": state, "recipient_id": "628"}
    if code is not None:
        said["errors"] = [{"code": code, "title": "no"}]
    if data:
        said["biz_opaque_callback_data"] = data
    return said


def body_of(*statuses: dict[str, Any]) -> bytes:
    """A webhook's body with these statuses."""
    value = {"messaging_product": "whatsapp", "statuses": list(statuses)}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def sign(body: bytes, secret: str = APP_SECRET) -> str:
    """The header with which Meta signs `body`."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def send(client: FlaskClient, *statuses: dict[str, Any]) -> TestResponse:
    """Deliver statuses, signed."""
    body = body_of(*statuses)
    return client.post(
        "/webhooks/whatsapp",
        data=body,
        content_type="application/json",
        headers={"X-Hub-Signature-256": sign(body)},
    )


@contextmanager
def running() -> Iterator[StandInWhatsApp]:
    """The stand-in, served on a free port of this machine."""
    whatsapp, app = StandInWhatsApp(), Flask("stand_in_whatsapp")

    @app.post(f"/{PHONE_ID}/messages")
    def take() -> Any:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return jsonify({"error": {"message": "no", "code": 190}}), 401
        return whatsapp.take(request.get_json())

    with served(app) as whatsapp.url:
        try:
            yield whatsapp
        finally:
            whatsapp.let_go.set()
