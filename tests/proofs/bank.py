"""S9: money goes round between sellers for a while, and readers look all the time.

The clerks post through the ledger, as every part of the shop does. Whatever a reader sees, the
accounts of the round sum to nothing, and at the end every balance is the sum of its postings.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop import create_app
from shop.config import read_config
from shop.core import ids
from shop.core.db import db, only_reading
from shop.ledger.models import Account, Posting
from shop.ledger.post import About, Leg, balance, post
from shop.ledger.states import AccountKind, EntryKind
from tests.factories.sellers import make_seller
from tests.proofs.stage import opened

SELLERS = 8
CLERKS, READERS, PROCESSES = 4, 1, 2
SECONDS = 30
_MOST = 1_000_000


@dataclass(frozen=True)
class Round:
    """What was counted; `drift` is rupiah made of nothing or lost, over all accounts."""

    transfers: int
    failed: int
    reads: int
    wrong_reads: int
    drift: int


def go_round(database: str, seconds: float = SECONDS, *, naive: bool = False) -> Round:
    """Let clerks and readers work in processes of their own, and count."""
    with opened(database) as (app, env):
        with app.app_context():
            session = db.session()
            sellers = [make_seller(session, f"S{n}").id for n in range(SELLERS)]
            session.flush()
            for seller in sellers[1:]:
                _transfer(session, seller, sellers[0], 1)  # opens the accounts
            session.commit()
            db.session.remove()
            db.engine.dispose()
        apart = multiprocessing.get_context("spawn")
        results: Queue[tuple[int, int, int, int]] = apart.Queue()
        workers = [
            apart.Process(target=_work, args=(env, sellers, seconds, naive, seed, results))
            for seed in range(PROCESSES)
        ]
        for worker in workers:
            worker.start()
        counts = [results.get(timeout=seconds + 120) for _ in workers]
        for worker in workers:
            worker.join()
        with app.app_context(), only_reading():
            drift = _drift(db.session())
        return Round(*(sum(column) for column in zip(*counts, strict=True)), drift)


def _work(
    env: Mapping[str, str],
    sellers: Sequence[uuid.UUID],
    seconds: float,
    naive: bool,
    seed: int,
    results: Queue[tuple[int, int, int, int]],
) -> None:
    app = create_app(replace(read_config(env), testing=True))
    count = {"transfers": 0, "failed": 0, "reads": 0, "wrong": 0}
    lock, end = threading.Lock(), time.monotonic() + seconds

    def add(what: str) -> None:
        with lock:
            count[what] += 1

    def pay(number: int) -> None:
        dice = random.Random(seed * 100 + number)
        give = _carry if naive else _transfer
        with app.app_context():
            while time.monotonic() < end:
                one, other = dice.sample(list(sellers), 2)
                try:
                    give(db.session(), one, other, dice.randint(1, _MOST))
                    db.session.commit()
                    add("transfers")
                except DBAPIError:
                    db.session.rollback()
                    add("failed")

    def read(_number: int) -> None:
        with app.app_context():
            while time.monotonic() < end:
                with only_reading():
                    add("reads")
                    if _drift(db.session()):
                        add("wrong")
                time.sleep(0.005)

    works: list[tuple[Any, int]] = [(pay, n) for n in range(CLERKS)]
    works += [(read, n) for n in range(READERS)]
    threads = [threading.Thread(target=work, args=(number,)) for work, number in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((count["transfers"], count["failed"], count["reads"], count["wrong"]))


def _transfer(session: Session, one: uuid.UUID, other: uuid.UUID, amount: int) -> None:
    legs = [
        Leg(AccountKind.PAYABLE, amount, one),
        Leg(AccountKind.PAYABLE, -amount, other),
    ]
    post(session, EntryKind.COMPLETION, f"round:{ids.new_id().hex}", legs, About())


def _carry(session: Session, one: uuid.UUID, other: uuid.UUID, amount: int) -> None:
    """Planted: balances are what was read before, as a page shows them, and what is added now."""
    with only_reading():
        before = {seller: balance(session, AccountKind.PAYABLE, seller) for seller in (one, other)}
    _transfer(session, one, other, amount)
    for seller, change in ((one, amount), (other, -amount)):
        session.execute(
            update(Account)
            .where(Account.seller_id == seller, Account.kind == AccountKind.PAYABLE.value)
            .values(balance=before[seller] + change)
        )


def _drift(session: Session) -> int:
    """By how many rupiah the accounts do not sum to nothing, or not to their postings.

    One statement, so that it sees one moment.
    """
    posted = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .where(Posting.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    row = session.execute(
        select(func.sum(Account.balance), func.sum(func.abs(Account.balance - posted)))
    ).one()
    return abs(row[0] or 0) + (row[1] or 0)
