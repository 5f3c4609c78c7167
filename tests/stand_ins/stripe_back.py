"""The stand-in's refunds and disputes.

It refuses as Stripe does: more than was paid, an unknown payment, one that is disputed.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, jsonify, request

Answer = tuple[dict[str, Any], int]


@dataclass
class Back:
    """Refunds and disputes by id, what was paid by payment intent, all in Stripe's unit.

    `answers` is the status of the next refunds, `forget_keys` is Stripe a day later.
    """

    paid: dict[str, int] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: str = "succeeded"
    forget_keys: bool = False
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def refund(self, form: dict[str, str]) -> Answer:
        """Send money of a payment back."""
        intent, amount = form["payment_intent"], int(form["amount"])
        if intent not in self.paid:
            return _fault("No such payment_intent", "resource_missing"), 400
        if any(one["payment_intent"] == intent for one in self.disputes.values()):
            return _fault("This charge has been charged back", "charge_disputed"), 400
        gone = sum(
            one["amount"]
            for one in self.refunds.values()
            if one["payment_intent"] == intent and one["status"] in ("succeeded", "pending")
        )
        if gone + amount > self.paid[intent]:
            return _fault("Refund amount is greater than charge", "charge_already_refunded"), 400
        made = {
            "id": f"re_{next(self._numbers)}", "object": "refund", "amount": amount,
            "currency": "idr", "payment_intent": intent, "status": self.answers,
            "metadata": {"refund_id": form.get("metadata[refund_id]")}, "created": int(time.time()),
        }  # fmt: skip
        self.refunds[made["id"]] = made
        return made, 200

    def fail(self, refund_id: str) -> dict[str, Any]:
        """The card's bank did not take it."""
        self.refunds[refund_id] |= {
            "status": "failed", "failure_reason": "expired_or_canceled_card"
        }  # fmt: skip
        return self.refunds[refund_id]

    def dispute(self, intent: str, amount: int, *, fee: int = 0) -> dict[str, Any]:
        """The buyer's bank takes the payment back, for a fee."""
        made = {
            "id": f"dp_{next(self._numbers)}", "object": "dispute", "amount": amount,
            "currency": "idr", "payment_intent": intent, "reason": "product_not_received",
            "status": "needs_response", "balance_transactions": [],
            "evidence_details": {"due_by": int(time.time()) + 7 * 86_400},
        }  # fmt: skip
        made["balance_transactions"] = [_moved(-amount, fee)]
        self.disputes[made["id"]] = made
        return made

    def decide(self, dispute_id: str, status: str) -> dict[str, Any]:
        """The bank has decided; won, the money comes back and the fee does not."""
        found = self.disputes[dispute_id] = dict(self.disputes[dispute_id], status=status)
        if status == "won":
            moves = [*found["balance_transactions"], _moved(found["amount"], 0)]
            found["balance_transactions"] = moves
        return found


def _moved(amount: int, fee: int) -> dict[str, Any]:
    return {"object": "balance_transaction", "amount": amount, "fee": fee, "currency": "idr"}


def _fault(message: str, code: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "message": message, "code": code}}


def add_back(app: Flask, stripe: Any) -> None:
    """The pages of refunds and disputes; `stripe` keeps answers by their key."""
    back: Back = stripe.back

    @app.post("/v1/refunds")
    def make_refund() -> Any:
        key, body = request.headers.get("Idempotency-Key"), request.get_data(as_text=True)
        known = None if back.forget_keys else stripe.remembered(key, body)
        if known is not None:
            return known
        return stripe.reply_once(key, body, back.refund(request.form.to_dict()))

    @app.get("/v1/refunds")
    def list_refunds() -> Any:
        intent = request.args.get("payment_intent")
        found = [one for one in back.refunds.values() if intent in (None, one["payment_intent"])]
        return jsonify(object="list", url="/v1/refunds", has_more=False, data=found)

    @app.get("/v1/disputes")
    def list_disputes() -> Any:
        found = list(back.disputes.values())
        return jsonify(object="list", url="/v1/disputes", has_more=False, data=found)

    @app.get("/v1/disputes/<dispute_id>")
    def one_dispute(dispute_id: str) -> Any:
        if dispute_id not in back.disputes:
            return jsonify(_fault("No such dispute", "resource_missing")), 404
        return jsonify(back.disputes[dispute_id])
