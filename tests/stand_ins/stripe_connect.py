"""The stand-in's accounts of sellers, and what is sent to them and taken back.

It refuses as Stripe does: unknown accounts, more than there is, a second reversal.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, jsonify, request

Answer = tuple[dict[str, Any], int]


@dataclass
class Connected:
    """Accounts by id, transfers by id, and what else there is to send, in Stripe's unit.

    `forget_keys` is Stripe a day later: a key that was used is new again. `slow` seconds pass
    between the transfer and the answer.
    """

    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    balance: int = 10**12
    forget_keys: bool = False
    slow: float = 0.0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def open(self, account: str = "") -> str:
        """An account that can be paid; its id."""
        number = account or f"acct_1StandIn{next(self._numbers):06d}"
        self.accounts[number] = {
            "id": number, "object": "account", "type": "express",
            "capabilities": {"transfers": "active"}, "requirements": {"currently_due": []},
        }  # fmt: skip
        return number

    def lack(self, account: str, *names: str) -> dict[str, Any]:
        """Stripe asks for more before money can be sent there."""
        self.accounts[account] |= {
            "capabilities": {"transfers": "inactive"}, "requirements": {"currently_due": [*names]},
        }  # fmt: skip
        return self.accounts[account]

    def transfer(self, form: dict[str, str]) -> Answer:
        """Move money to an account."""
        amount = int(form["amount"])
        if form["destination"] not in self.accounts:
            return _fault("No such destination", "resource_missing"), 400
        if amount > self.balance:
            return _fault("You have insufficient funds", "balance_insufficient"), 400
        self.balance -= amount
        made = {
            "id": f"tr_{next(self._numbers)}", "object": "transfer", "amount": amount,
            "amount_reversed": 0, "reversed": False, "currency": form["currency"],
            "destination": form["destination"], "transfer_group": form.get("transfer_group"),
            "metadata": {"payout_id": form.get("metadata[payout_id]")},
        }  # fmt: skip
        self.transfers[made["id"]] = made
        return made, 200

    def reverse(self, transfer_id: str, piece: int = 0) -> Answer:
        """Take a transfer back, or a piece of it."""
        found = self.transfers[transfer_id]
        if found["reversed"]:
            return _fault("This transfer is already fully reversed.", "transfer_reversed"), 400
        piece = piece or found["amount"] - found["amount_reversed"]
        back = found["amount_reversed"] + piece
        found.update(reversed=back == found["amount"], amount_reversed=back)
        self.balance += piece
        made = {"id": f"trr_{next(self._numbers)}", "object": "transfer_reversal"}
        return made | {"amount": piece, "transfer": transfer_id}, 200


def _fault(message: str, code: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "message": message, "code": code}}


def add_connect(app: Flask, stripe: Any) -> None:
    """The pages of accounts and transfers; `stripe` keeps answers by their key."""
    connected: Connected = stripe.connected

    def once(do: Any) -> Any:
        key, body = request.headers.get("Idempotency-Key"), request.get_data(as_text=True)
        known = None if connected.forget_keys else stripe.remembered(key, body)
        if known is not None:
            return known
        answer = stripe.reply_once(key, body, do())
        time.sleep(connected.slow)
        return answer

    @app.post("/v1/accounts")
    def open_account() -> Any:
        return once(lambda: (connected.accounts[connected.open()], 200))

    @app.get("/v1/accounts/<account>")
    def one_account(account: str) -> Any:
        return jsonify(connected.accounts[account])

    @app.post("/v1/account_links")
    def account_link() -> Any:
        account = request.form["account"]
        if account not in connected.accounts:
            return jsonify(_fault("No such account", "resource_missing")), 400
        url = f"https://connect.stripe.com/setup/e/{account}/abc"
        return jsonify(object="account_link", url=url, created=1, expires_at=301)

    @app.post("/v1/transfers")
    def make_transfer() -> Any:
        return once(lambda: connected.transfer(request.form.to_dict()))

    @app.get("/v1/transfers")
    def list_transfers() -> Any:
        group = request.args.get("transfer_group")
        found = [
            one for one in connected.transfers.values() if group in (None, one["transfer_group"])
        ]
        return jsonify(object="list", url="/v1/transfers", has_more=False, data=found)

    @app.get("/v1/transfers/<transfer_id>")
    def one_transfer(transfer_id: str) -> Any:
        if transfer_id not in connected.transfers:
            return jsonify(_fault("No such transfer", "resource_missing")), 404
        return jsonify(connected.transfers[transfer_id])

    @app.post("/v1/transfers/<transfer_id>/reversals")
    def reverse_transfer(transfer_id: str) -> Any:
        return once(lambda: connected.reverse(transfer_id))
