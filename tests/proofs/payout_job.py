"""The workers' part of a payout, alone: `python -m tests.proofs.payout_job`, to be killed.

It says `ready`, waits for a line, and does what the outbox holds. PLANTED=keyless plants a bug:
Stripe is asked without a key, and nobody looks whether the money went before.
"""

from __future__ import annotations

import os
import sys

from shop import create_app
from shop.config import Config, read_config
from shop.core import outbox
from shop.core.db import db
from shop.payments import transfer
from shop.payments.providers import stripe_connect
from shop.payments.providers.stripe import CURRENCY, client, to_minor
from shop.wiring import OUTBOX


def _careless(config: Config, *, payout_id: object, account: str, amount: int) -> str:
    made = client(config).v1.transfers.create(
        {
            "amount": to_minor(amount),
            "currency": CURRENCY,
            "destination": account,
            "transfer_group": f"payout:{payout_id}",
        }
    )
    return made.id


def main() -> None:
    """Do the work once, and say so."""
    app = create_app(read_config(os.environ))
    if os.environ.get("PLANTED") == "keyless":
        transfer.stripe_connect.send = _careless  # type: ignore[assignment]
        assert stripe_connect.send is _careless
    with app.app_context():
        db.session.rollback()
        print("ready", flush=True)
        sys.stdin.readline()
        outbox.drain(db.session(), OUTBOX)
        print("done", flush=True)


if __name__ == "__main__":
    main()
