"""What runs by the clock, and how often."""

from __future__ import annotations

from datetime import time, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from shop.accounts import sending
from shop.check import check_or_raise
from shop.check_money import check_money_daily
from shop.core import outbox
from shop.core.db import only_reading
from shop.core.jobs import Timed
from shop.orders.arrange import expire_unagreed
from shop.orders.call_off import call_off_unanswered
from shop.orders.complete import complete_due
from shop.orders.escalate import escalate_unseen
from shop.orders.forget import forget_old
from shop.payments.ask_back import ask_due
from shop.payments.ask_stripe import ask_stripe
from shop.payments.expire import expire_due
from shop.standing.run import run_due as run_standing


def _check(session: Session) -> None:
    with only_reading():  # it looks at everything, and no buyer shall wait for it
        check_or_raise(session, current_app.extensions["storage"])


def _tidy(session: Session) -> None:
    current_app.extensions["storage"].sweep_temp(older_than_seconds=3600)
    outbox.forget_done(session)


def _ask_gateway(session: Session) -> None:
    ask_due(session, current_app.extensions["config"])


def _money(session: Session) -> None:
    check_money_daily(session, current_app.extensions["config"])


def _ask_stripe(session: Session) -> None:
    ask_stripe(session, current_app.extensions["config"])


TIMETABLE: dict[str, Timed] = {
    "codes": Timed(_ask_gateway, every=timedelta(minutes=1)),
    "stripe": Timed(_ask_stripe, every=timedelta(hours=1)),
    "expire": Timed(expire_due, every=timedelta(minutes=5)),
    "unagreed": Timed(expire_unagreed, every=timedelta(minutes=5)),
    "unanswered": Timed(call_off_unanswered, every=timedelta(minutes=5)),
    "complete": Timed(complete_due, every=timedelta(hours=1)),
    "unseen": Timed(escalate_unseen, every=timedelta(minutes=5)),
    "unsent": Timed(sending.give_up, every=timedelta(hours=1)),
    "standing": Timed(run_standing, every=timedelta(minutes=30)),
    "check": Timed(_check, at=time(3, 0)),
    "money": Timed(_money, at=time(3, 15)),
    "carts": Timed(forget_old, every=timedelta(hours=1)),
    "tidy": Timed(_tidy, at=time(3, 30)),
}
"""What runs by the clock."""
