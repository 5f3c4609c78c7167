"""Midtrans: QRIS codes through its Core API. Only this module knows its words, units and times.

Source: https://docs.midtrans.com/reference (charge, get status, cancel, expire, refund) and
https://docs.midtrans.com/docs/https-notification-webhooks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shop.core import calls, clock
from shop.payments.providers.acquirer import (
    BadNotification,
    Code,
    GatewayRefused,
    GatewayUnreachable,
    Notification,
    Standing,
    Status,
)

PATIENCE_SECONDS = 4.0
"""For each wait: Midtrans wants its own messages answered within 5 to 15 seconds."""
_STANDINGS = {
    "authorize": Standing.PENDING,
    "pending": Standing.PENDING,
    "capture": Standing.PENDING,
    "settlement": Standing.PENDING,
    "deny": Standing.ENDED,
    "cancel": Standing.ENDED,
    "expire": Standing.ENDED,
    "failure": Standing.ENDED,
    "refund": Standing.RETURNED,
    "partial_refund": Standing.RETURNED,
    "chargeback": Standing.RETURNED,
    "partial_chargeback": Standing.RETURNED,
}
"""Words that mean *paid* do so only together with others, see `_standing`."""
_SIGNED = ("order_id", "status_code", "gross_amount")


@dataclass(frozen=True)
class Midtrans:
    """Midtrans at `base`; the key is never part of what is printed or logged."""

    server_key: str = field(repr=False)
    base: str
    name: str = "midtrans"

    def make(self, reference: str, amount: int, minutes: int, words: str) -> Code:
        """Charge: a code for `amount` rupiah."""
        wanted = {
            "payment_type": "qris",
            "transaction_details": {"order_id": reference, "gross_amount": amount},
            "item_details": [{"id": reference, "price": amount, "quantity": 1, "name": words[:50]}],
            "qris": {"acquirer": "gopay"},
            "custom_expiry": {"expiry_duration": minutes, "unit": "minute"},
        }
        said = self._done("/v2/charge", wanted, "201")
        text, sums = said.get("qr_string"), said.get("order_id") == reference
        if not isinstance(text, str) or not text or not sums or _rupiah(said) != amount:
            raise GatewayUnreachable("not the code that was asked for")
        return Code(text, _word(said, "transaction_id"), _moment(said.get("expiry_time")))

    def status(self, reference: str) -> Status:
        """Get status. A code Midtrans never made is `unknown`."""
        said = self._ask("GET", f"/v2/{quote(reference, safe='')}/status")
        if "transaction_status" not in said:
            if _word(said, "status_code") == "404":
                return Status(Standing.UNKNOWN, said="404")
            raise GatewayRefused(_word(said, "status_code"))
        rows = said.get("refunds")
        return Status(
            standing=_standing(said),
            reference=_word(said, "order_id"),
            transaction_id=_word(said, "transaction_id"),
            amount=_rupiah(said),
            said=_word(said, "transaction_status"),
            refunds=frozenset(
                _word(row, "refund_key")
                for row in (rows if isinstance(rows, list) else ())
                if isinstance(row, dict)
            ),
        )

    def end(self, reference: str, *, ran_out: bool) -> None:
        """Expire what ran out, cancel what is not wanted any more."""
        act, done = ("expire", ("407", "200")) if ran_out else ("cancel", ("200",))
        self._done(f"/v2/{quote(reference, safe='')}/{act}", {}, *done)

    def refund(self, reference: str, key: str, amount: int, reason: str) -> None:
        """Refund, whole or in part; `refund_key` keeps it from happening twice."""
        wanted = {"refund_key": key, "amount": amount, "reason": reason[:255]}
        self._done(f"/v2/{quote(reference, safe='')}/refund", wanted, "200")

    def read(self, body: bytes, headers: Mapping[str, str]) -> Notification:  # noqa: ARG002
        """The message, if its signature fits the three strings it covers, exactly as sent.

        It covers neither `transaction_status` nor `fraud_status`, so nothing in it is believed.
        """
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as fault:
            raise BadNotification(type(fault).__name__) from None
        signed = [said.get(name) for name in _SIGNED] if isinstance(said, dict) else [None]
        stated = said.get("signature_key") if isinstance(said, dict) else None
        if not isinstance(stated, str) or not all(isinstance(part, str) for part in signed):
            raise BadNotification("not signed")
        content = "".join([*map(str, signed), self.server_key]).encode("utf-8", "replace")
        right = hashlib.sha512(content).hexdigest()
        if not hmac.compare_digest(stated.encode("utf-8", "replace"), right.encode()):
            raise BadNotification("signature")
        return Notification(
            identity=hashlib.sha256(body).hexdigest(),
            kind=_word(said, "transaction_status"),
            reference=said["order_id"],
            payload={name: value for name, value in said.items() if name != "signature_key"},
        )

    def _done(self, path: str, wanted: dict[str, Any], *right: str) -> dict[str, Any]:
        said = self._ask("POST", path, wanted)
        if _word(said, "status_code") not in right:
            raise GatewayRefused(_word(said, "status_code"))
        return said

    def _ask(self, method: str, path: str, wanted: Any = None) -> dict[str, Any]:
        """What Midtrans says; what counts is `status_code` in the body, not that of HTTP."""
        secret = base64.b64encode(f"{self.server_key}:".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Accept": "application/json"}
        body = None
        if wanted is not None:
            body, headers["Content-Type"] = json.dumps(wanted).encode(), "application/json"
        try:
            answer = calls.call(
                method, self.base.rstrip("/") + path, body, headers, patience=PATIENCE_SECONDS
            )
            said = json.loads(answer.body)
        except (calls.Unreachable, ValueError, RecursionError) as fault:
            raise GatewayUnreachable(type(fault).__name__) from None
        told = isinstance(said, dict) and re.fullmatch(r"[1-4]\d\d", _word(said, "status_code"))
        if not told or not (200 <= answer.status < 300 or 400 <= answer.status < 500):
            raise GatewayUnreachable(f"HTTP {answer.status}")
        return dict(said)


def _standing(said: Mapping[str, Any]) -> Standing:
    """Paid: *settlement*, or *capture* that is not suspected, and in both `status_code` 200."""
    word = _word(said, "transaction_status")
    taken = word == "settlement" or (word == "capture" and _word(said, "fraud_status") == "accept")
    if taken and _word(said, "status_code") == "200":
        return Standing.PAID
    return _STANDINGS.get(word, Standing.PENDING)


def _rupiah(said: Mapping[str, Any]) -> int | None:
    """`"47123.00"` in rupiah; None where it is in another currency or not whole."""
    found = re.fullmatch(r"(\d{1,12})(?:\.0{1,2})?", _word(said, "gross_amount"), re.ASCII)
    return int(found[1]) if found and said.get("currency") == "IDR" else None


def _moment(text: Any) -> datetime | None:
    """`2026-11-24 18:23:49`, which is in Jakarta time without saying so."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.WIB)
    except ValueError:
        return None


def _word(said: Mapping[str, Any], name: str) -> str:
    """A plain string of it, or nothing: no control characters go into the database."""
    found = said.get(name)
    return found[:80] if isinstance(found, str) and found.isprintable() else ""
