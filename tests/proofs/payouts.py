"""PAY: the job that pays sellers through Stripe is killed again and again; each is paid once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from shop.core import clock
from shop.core.db import db
from shop.core.models import OutboxMessage
from shop.ledger.check import check_books
from shop.ledger.models import Payout
from shop.ledger.states import PayoutState
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller
from tests.proofs.stage import opened
from tests.stand_ins.stripe import SECRET_KEY, WEBHOOK_SECRET, StandInStripe, running

SELLERS = 4
_SLOW = 0.1
"""Seconds between a transfer at Stripe and its answer: when it hurts most to be killed."""


@dataclass(frozen=True)
class Killed:
    """What became of the payouts: how many there were, were sent more than once, or not at all."""

    payouts: int
    twice: int
    unpaid: int
    kills: int
    amid: int
    """Kills that left work undone."""
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether each was sent once and the books say so."""
        return (self.twice, self.unpaid, self.faults) == (0, 0, ())


def kill_the_job(database: str, rounds: int, *, keyless: bool = False) -> Killed:
    """Approve a batch a round and kill the job at a random moment of it; let it end at last."""
    dice, amid = random.Random(11), 0
    with running() as stripe:
        stripe.connected.slow = _SLOW
        with opened(
            database, STRIPE_SECRET_KEY=SECRET_KEY, STRIPE_WEBHOOK_SECRET=WEBHOOK_SECRET,
            STRIPE_API_BASE=stripe.url,
        ) as (app, env):  # fmt: skip
            planted = {"PLANTED": "keyless"} if keyless else {}
            _people(app, stripe)
            with _job(env | planted) as job:
                for number in range(rounds):
                    _approve(app, f"round {number}")
                    sent = len(stripe.connected.transfers) + dice.randrange(SELLERS)
                    amid += _round(
                        job,
                        lambda sent=sent: len(stripe.connected.transfers) >= sent,  # type: ignore[misc]
                        dice.uniform(0, 1.3 * _SLOW),
                    )
                    _due_again(app)
                _round(job)
            return _count(app, stripe, rounds, amid)


def _people(app: Flask, stripe: StandInStripe) -> None:
    with app.app_context():
        for number in range(SELLERS):
            seller = make_seller(db.session(), f"Penjual {number}")
            seller.stripe_account, seller.payout_way = stripe.connected.open(), "stripe"
        db.session.commit()
        db.session.remove()


def _approve(app: Flask, key: str) -> None:
    with app.app_context():
        for seller in db.session.scalars(select(Seller)).all():
            make_earned(db.session(), seller, 10_000, method=Method.CARD)
        approved_batch(db.session(), key)
        db.session.commit()
        db.session.remove()


@contextmanager
def _job(env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    job = subprocess.Popen(
        [sys.executable, "-m", "tests.proofs.payout_job"],
        env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with job:
        yield job


def _round(
    job: subprocess.Popen[str], enough: Callable[[], bool] | None = None, later: float = 0
) -> bool:
    """Let it work and kill it `later` seconds after `enough` was done; whether that was amid work.

    A moment of the work, not of the clock: machines differ.
    """
    assert job.stdin
    assert job.stdout
    job.stdin.write("go\n")
    job.stdin.flush()
    said = iter(job.stdout.readline, "over\n")
    child = int(next(said))
    if enough:
        while not enough() and _lives(child):
            time.sleep(0.001)
        time.sleep(later)
        if _lives(child):
            os.kill(child, signal.SIGKILL)
    return "done\n" not in set(said)


def _lives(child: int) -> bool:
    return Path(f"/proc/{child}").exists()


def _due_again(app: Flask) -> None:
    """The minutes pass after which another worker takes up what one did not end."""
    with app.app_context():
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.done_at.is_(None))
            .values(due_at=clock.now(), attempts=0)
        )
        db.session.commit()
        db.session.remove()


def _count(app: Flask, stripe: StandInStripe, kills: int, amid: int) -> Killed:
    sent = Counter(one["transfer_group"] for one in stripe.connected.transfers.values())
    with app.app_context():
        session = db.session()
        payouts = session.scalars(select(Payout.id)).all()
        paid = session.scalar(
            select(func.count()).select_from(Payout).where(Payout.state == PayoutState.PAID.value)
        )
        faults = tuple(found.line for found in check_books(session) if found.faults)
        db.session.remove()
    once = sum(sent[f"payout:{payout_id}"] > 0 for payout_id in payouts)
    return Killed(
        payouts=len(payouts),
        twice=sum(number - 1 for number in sent.values()),
        unpaid=len(payouts) - min(once, paid or 0),
        kills=kills,
        amid=amid,
        faults=faults,
    )
