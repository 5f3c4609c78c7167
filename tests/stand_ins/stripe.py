"""A stand-in for Stripe on this machine: Checkout pages, idempotency keys, signed messages.

It keeps what it was asked to make, answers a repeated key with the first answer (faults too) and a
repeated key with other parameters with an error, as https://docs.stripe.com/api/idempotent_requests
says. It proves our side of the talk, not Stripe's.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.stand_ins.stripe_back import Back, add_back
from tests.stand_ins.stripe_connect import Connected, add_connect

SECRET_KEY = "sk_test_stand_in"
WEBHOOK_SECRET = "whsec_stand_in"


class StandInStripe:
    """What Stripe would remember; `fail_next` requests are answered with a 500 first."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.connected = Connected()
        self.back = Back()
        self.requests: list[str] = []
        self.fail_next = 0
        self.url = ""
        self._replies: dict[str, tuple[str, dict[str, Any], int]] = {}
        self._numbers = itertools.count(1)

    def pay(self, session_id: str) -> dict[str, Any]:
        """The buyer pays on the page; returns the event Stripe would send."""
        page = self.sessions[session_id]
        page.update(
            status="complete", payment_status="paid", payment_intent=f"pi_{session_id}", url=None
        )
        self.back.paid[page["payment_intent"]] = page["amount_total"]
        return self.event("checkout.session.completed", page)

    def expire(self, session_id: str) -> dict[str, Any]:
        """The page's time is over; returns the event Stripe would send."""
        self.sessions[session_id].update(status="expired", url=None)
        return self.event("checkout.session.expired", self.sessions[session_id])

    def event(self, kind: str, thing: dict[str, Any]) -> dict[str, Any]:
        """An event of this kind about a copy of `thing`."""
        return {
            "id": f"evt_{next(self._numbers)}",
            "object": "event",
            "type": kind,
            "created": int(time.time()),
            "data": {"object": dict(thing)},
        }

    def reply_once(self, key: str | None, body: str, answer: tuple[dict[str, Any], int]) -> Any:
        """Remember the first answer to a key."""
        if key:
            self._replies[key] = (body, *answer)
        return jsonify(answer[0]), answer[1]

    def remembered(self, key: str | None, body: str) -> Any:
        """The first answer to this key, an error for another body, or None."""
        if key not in self._replies:
            return None
        first, answer, status = self._replies[key]
        if first != body:
            return _fault("idempotency_error", "Keys are for one request only.", 400)
        return jsonify(answer), status

    def new_session(self, form: dict[str, str]) -> dict[str, Any]:
        """A Checkout page for one line."""
        number = next(self._numbers)
        amount = int(form["line_items[0][price_data][unit_amount]"])
        page = {
            "id": f"cs_test_{number}",
            "object": "checkout.session",
            "mode": form["mode"],
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "url": f"https://checkout.stripe.com/c/pay/cs_test_{number}",
            "amount_total": amount * int(form["line_items[0][quantity]"]),
            "currency": form["line_items[0][price_data][currency]"],
            "client_reference_id": form.get("client_reference_id"),
            "metadata": {"payment_id": form.get("metadata[payment_id]")},
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "expires_at": int(form.get("expires_at", time.time() + 86_400)),
        }
        self.sessions[page["id"]] = page
        return page


def _fault(kind: str, message: str, status: int, code: str | None = None) -> Any:
    error = {"type": kind, "message": message} | ({"code": code} if code else {})
    return jsonify({"error": error}), status


def make_app(stripe: StandInStripe) -> Flask:
    """The stand-in's pages."""
    app = Flask("stand_in_stripe")

    @app.before_request
    def refuse() -> Any:
        request.get_data(cache=True)  # before the form is read, else the body is gone
        stripe.requests.append(f"{request.method} {request.path}")
        if request.headers.get("Authorization") != f"Bearer {SECRET_KEY}":
            return _fault("invalid_request_error", "Invalid API Key provided", 401)
        if stripe.fail_next:
            stripe.fail_next -= 1
            return _fault("api_error", "An unknown error occurred", 500)
        return None

    @app.post("/v1/checkout/sessions")
    def create() -> Any:
        key, body = request.headers.get("Idempotency-Key"), request.get_data(as_text=True)
        known = stripe.remembered(key, body)
        if known is not None:
            return known
        return stripe.reply_once(key, body, (stripe.new_session(request.form.to_dict()), 200))

    @app.get("/v1/checkout/sessions")
    def all_pages() -> Any:
        found = list(stripe.sessions.values())
        return jsonify(object="list", url="/v1/checkout/sessions", has_more=False, data=found)

    @app.get("/v1/checkout/sessions/<session_id>")
    def retrieve(session_id: str) -> Any:
        page = stripe.sessions.get(session_id)
        if page is None:
            return _fault("invalid_request_error", "No such session", 404, "resource_missing")
        return jsonify(page)

    add_connect(app, stripe)
    add_back(app, stripe)

    @app.post("/v1/checkout/sessions/<session_id>/expire")
    def expire(session_id: str) -> Any:
        page = stripe.sessions.get(session_id)
        if page is None or page["status"] != "open":
            return _fault("invalid_request_error", "Only open sessions can expire", 400)
        stripe.expire(session_id)
        return jsonify(page)

    return app


@contextmanager
def running() -> Iterator[StandInStripe]:
    """The stand-in, served on a free port of this machine."""
    stripe = StandInStripe()
    server = make_server("127.0.0.1", 0, make_app(stripe), threaded=True)
    stripe.url = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stripe
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign(body: bytes, *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> str:
    """The header with which Stripe signs `body` (https://docs.stripe.com/webhooks/signature)."""
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def send(client: FlaskClient, event: dict[str, Any], **how: Any) -> TestResponse:
    """Deliver an event, signed, as Stripe does."""
    body = json.dumps(event).encode()
    return client.post(
        "/webhooks/stripe",
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": sign(body, **how)},
    )
