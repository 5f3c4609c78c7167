"""S8: a fault at every single statement of checkout, refund and payout; nothing half done stays.

The k-th statement of a request fails, before it runs or after it ran; so does its commit. Each time
the whole database must hold just what it held before, for every k, and without a fault the same
request must then succeed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client

from shop.accounts.models import Person, Role
from shop.catalog import stock
from shop.catalog.models import Variant
from shop.check import check_all
from shop.core.db import Base, db, only_reading
from shop.ledger.models import PayoutBatch
from shop.orders import checkout
from shop.payments.models import Refund
from shop.sellers.models import SellerMember
from tests.catalog.offered import offer
from tests.factories.orders import completed_part, paid_order
from tests.factories.people import make_person, signed_in
from tests.proofs.buyers import Thing, form_of
from tests.proofs.stage import opened

Act = Callable[[], int]
"""Sends one request; returns its status."""
_ENOUGH = 3
"""After more databases than this that were not as before, no further fault is needed."""


@dataclass(frozen=True)
class Broken:
    """One use case: its statements, how many faults were injected, what came of them.

    `left` counts faults after which the database was not as before, `silent` those the shop
    answered as if nothing had happened, `findings` what `shop check` found wrong afterwards.
    """

    name: str
    statements: int
    injected: int
    left: int
    silent: int
    findings: int
    succeeded: bool

    @property
    def is_right(self) -> bool:
        """Whether it is all or nothing, and does happen."""
        return not (self.left or self.silent or self.findings) and self.succeeded


class _Fuse:
    """Counts statements on an engine, and blows at one of them."""

    def __init__(self, engine: Any) -> None:
        self.set(0, after=False)
        self.at_commit = False
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._behind)
        event.listen(engine, "commit", self._commit)

    def set(self, at: int, *, after: bool) -> None:
        """Blow at the `at`-th statement from now; 0: only count. A commit counts as one."""
        self._count, self._at, self._after, self.blown = 0, at, after, False

    def _before(self, *_about: object) -> None:
        self._count += 1
        if self._count == self._at:
            self.at_commit = False
        self._blow(after=False)

    def _behind(self, *_about: object) -> None:
        self._blow(after=True)

    def _commit(self, _connection: object) -> None:
        self._count += 1
        if self._count == self._at:
            self.at_commit = True
        self._blow(after=False)

    def _blow(self, *, after: bool) -> None:
        if self._count == self._at and after == self._after and not self.blown:
            self.blown = True
            raise OperationalError("planted", {}, Exception("disk I/O error"))


def break_everywhere(database: str, *, swallowing: bool = False, every: int = 1) -> list[Broken]:
    """Inject a fault at every statement, or at each third (`every`), and so on.

    `swallowing` plants a bug, for which checkout alone is tried.
    """
    with opened(database) as (app, _env), _swallowing(swallowing):
        app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        with app.app_context():
            fuse = _Fuse(db.engine)
        if swallowing:
            return [_break(app, fuse, "checkout", _checkout(app), every)]
        return [
            _break(app, fuse, "checkout", _checkout(app), every),
            _break(app, fuse, "refund", _refund(app), every),
            _break(app, fuse, "refund paid", _refund_paid(app), every),
            _break(app, fuse, "payout", _payout(app), every),
            _break(app, fuse, "payout approved", _approved(app), every),
            _break(app, fuse, "payout paid", _paid_out(app), every),
        ]


def _break(app: Flask, fuse: _Fuse, name: str, act: Act, every: int) -> Broken:
    before = _digest(app)
    injected = left = silent = at = 0
    while left <= _ENOUGH:
        at += every
        for after in (False, True):
            if after and fuse.at_commit:
                continue  # a commit that is done is done
            fuse.set(at, after=after)
            status = act()
            blown = fuse.blown
            fuse.set(0, after=False)
            if not blown:  # there were fewer statements than that, so it went through
                done = status == 303 and _digest(app) != before
                return Broken(name, at - every, injected, left, silent, _findings(app), done)
            injected += 1
            left += _digest(app) != before
            silent += status < 500
    return Broken(name, at, injected, left, silent, _findings(app), succeeded=False)


def _digest(app: Flask) -> str:
    """A sum over every row of every table."""
    total = hashlib.sha256()
    with app.app_context(), only_reading():
        for table in Base.metadata.sorted_tables:
            rows = db.session.execute(select(table)).all()
            total.update(f"{table.name}{sorted(map(repr, rows))}".encode())
    return total.hexdigest()


def _findings(app: Flask) -> int:
    with app.app_context(), only_reading():
        found = check_all(db.session(), app.extensions["storage"])
        return sum(bool(finding.faults) for finding in found)


@contextmanager
def _swallowing(wanted: bool) -> Iterator[None]:
    """Planted: what goes wrong as a payment is started is caught, and the order stands."""
    real = checkout.ask_to_pay

    def start_if_it_works(*about: Any, **more: Any) -> None:
        with suppress(Exception):
            real(*about, **more)

    if wanted:
        checkout.ask_to_pay = start_if_it_works
    try:
        yield
    finally:
        checkout.ask_to_pay = real


def _put_up(app: Flask, pieces: int = 1_000) -> tuple[Variant, Person]:
    """In the present context: something to sell, and the person who sells it."""
    session = db.session()
    variant = offer(session, on_hand=0)
    stock.count(session, variant.id, pieces, key=f"put:{variant.id.hex}", person_id=None)
    owner = session.scalars(
        select(Person)
        .join(SellerMember, SellerMember.person_id == Person.id)
        .where(SellerMember.seller_id == variant.seller_id)
    ).one()
    return variant, owner


def _checkout(app: Flask) -> Act:
    """Two things of each of two sellers."""
    with app.test_request_context(method="POST"):
        things = [Thing.of(_put_up(app)[0]) for _ in range(2)]
        db.session.commit()
        fields = form_of([(thing, 2) for thing in things])
    return lambda: Client(app).post("/checkout", data=_as_dict(fields)).status_code


def _refund(app: Flask) -> Act:
    """A seller declines what was paid: its pieces and its money go back."""
    with app.app_context():
        variant, owner = _put_up(app)
        part = paid_order(db.session(), (variant, 3)).parts[0].id
        browser = signed_in(app, owner)
    return _posting(browser, f"/sell/orders/{part}/decline", reason="Bahan habis")


def _refund_paid(app: Flask) -> Act:
    """Staff have sent the money back."""
    with app.app_context():
        refund = db.session.scalars(select(Refund.id)).one()
        browser = signed_in(app, make_person(db.session(), Role.FINANCE))
    return _posting(browser, f"/staff/refunds/{refund}/paid", reference="TRF 1")


def _payout(app: Flask) -> Act:
    """Staff claim everything that is payable."""
    with app.app_context():
        for _ in range(2):
            completed_part(db.session(), (_put_up(app)[0], 5))
        browser = signed_in(app, make_person(db.session(), Role.FINANCE))
    return _posting(browser, "/staff/payouts", key="proof")


def _approved(app: Flask) -> Act:
    """Another one of the staff lets the batch go."""
    with app.app_context():
        number = db.session.scalars(select(PayoutBatch.number)).one()
        browser = signed_in(app, make_person(db.session(), Role.MANAGER))
    return _posting(browser, f"/staff/payouts/{number}/approve")


def _paid_out(app: Flask) -> Act:
    """The bank has sent the batch."""
    with app.app_context():
        number = db.session.scalars(select(PayoutBatch.number)).one()
        browser = signed_in(app, make_person(db.session(), Role.FINANCE))
    return _posting(browser, f"/staff/payouts/{number}/paid", reference="TRF 2")


def _posting(browser: FlaskClient, path: str, **typed: str) -> Act:
    return lambda: browser.post(path, data=typed).status_code


def _as_dict(fields: list[tuple[str, str]]) -> MultiDict[str, str]:
    return MultiDict(fields)
