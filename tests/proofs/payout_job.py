"""The workers' part of a payout, alone: `python -m tests.proofs.payout_job`, to be killed.

For each line it is given, a child of it does once what the outbox holds: it says the child's
number, `done` where the child came to its end, and `over` when it is gone. PLANTED=keyless plants a
bug: Stripe is asked without a key, and nobody looks whether the money went before.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from flask import Flask

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
    """Work once for each line; children share what is loaded, not a connection."""
    app = create_app(read_config(os.environ))
    if os.environ.get("PLANTED") == "keyless":
        transfer.stripe_connect.send = _careless  # type: ignore[assignment]
        assert stripe_connect.send is _careless
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _work(app)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("over", flush=True)


def _work(app: Flask) -> NoReturn:
    with app.app_context():
        db.engine.dispose(close=False)
        outbox.drain(db.session(), OUTBOX)
        print("done", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
