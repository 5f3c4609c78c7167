"""Whatever happens to money in whatever order, the books are right and nobody is paid too much."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shop.core.db import db
from shop.core.money import portion
from shop.ledger import earn, paid_out
from shop.ledger.check import check_books
from shop.ledger.models import Account, Payout
from shop.ledger.states import AccountKind as A
from shop.payments import refund
from shop.payments.states import Method
from tests.factories.payments import make_paid
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller

AMOUNTS = st.integers(min_value=1, max_value=100_000_000)
SELLERS = 3


class Books(RuleBasedStateMachine):
    """Sales, cash sales, completions, refunds and payouts, beside a model in plain numbers."""

    sales = Bundle("sales")
    payouts = Bundle("payouts")
    app: Flask
    keys = itertools.count()
    lives = steps = 0
    """Of all examples together."""

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.session: Session = db.session()
        self.session.rollback()
        self.sellers = [make_seller(self.session, f"S{n}").id for n in range(SELLERS)]
        self.owed: dict[uuid.UUID, int] = defaultdict(int)
        self.held: dict[uuid.UUID, int] = defaultdict(int)
        self.cash: dict[uuid.UUID, int] = defaultdict(int)
        self.sent: dict[uuid.UUID, int] = defaultdict(int)
        self.earned: dict[uuid.UUID, int] = defaultdict(int)
        self.left: dict[uuid.UUID, int] = {}
        self.done: set[uuid.UUID] = set()
        self.payout_state: dict[uuid.UUID, str] = {}
        self.walked = 0

    def teardown(self) -> None:
        """What a commit would refuse is refused here; the next example finds an empty shop."""
        try:
            if self.session.get_bind().dialect.name == "postgresql":
                self.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            assert [found.line for found in check_books(self.session) if found.faults] == []
        finally:
            self.session.rollback()
            db.session.remove()
            self.context.pop()
            Books.lives += 1
            Books.steps += self.walked

    def _key(self) -> str:
        return f"key-{next(self.keys)}"

    @rule(target=sales, who=st.integers(0, SELLERS - 1), amount=AMOUNTS, in_cash=st.booleans())
    def sell(self, who: int, amount: int, in_cash: bool) -> object:
        from shop.sellers.models import Seller

        seller = self.session.get_one(Seller, self.sellers[who])
        method = Method.CASH if in_cash else Method.CARD
        payment = make_paid(self.session, (seller, amount), method=method)
        self.session.flush()
        self.held[seller.id] += amount
        if in_cash:
            self.cash[seller.id] += amount
        self.left[payment.id] = amount
        part = payment.parts[0]
        return (payment.id, payment.order_id, part.seller_order_id, seller.id, in_cash)

    @rule(sale=sales, basis_points=st.integers(0, 5_000))
    def complete(self, sale: tuple, basis_points: int) -> None:
        payment_id, order_id, part_id, seller_id, in_cash = sale
        amount = self.left[payment_id]
        if part_id in self.done or amount == 0:
            return
        fee = portion(amount, basis_points)
        earn.earn(
            self.session,
            seller_id=seller_id,
            order_id=order_id,
            seller_order_id=part_id,
            amount=amount,
            fee=fee,
            in_cash=in_cash,
        )
        self.session.flush()
        self.done.add(part_id)
        self.held[seller_id] -= amount
        self.owed[seller_id] += amount - fee
        self.earned[seller_id] += amount - fee
        if in_cash:
            self.cash[seller_id] -= amount
            self.owed[seller_id] -= amount
            self.earned[seller_id] -= amount

    @rule(sale=sales, amount=AMOUNTS, send=st.booleans())
    def give_back(self, sale: tuple, amount: int, send: bool) -> None:
        payment_id, _, part_id, seller_id, _ = sale
        try:
            granted = refund.grant(
                self.session,
                payment_id=payment_id,
                seller_order_id=part_id,
                seller_id=seller_id,
                amount=amount,
                reason="habis",
                person_id=None,
                key=self._key(),
            )
        except refund.AlreadyEarned:
            assert part_id in self.done
        except refund.TooMuch:
            assert amount > self.left[payment_id]
        else:
            assert part_id not in self.done
            self.left[payment_id] -= amount
            self.held[seller_id] -= amount
            if send:
                refund.mark_paid(self.session, granted.id, reference="r", person_id=None)
        self.session.flush()

    @rule(target=payouts)
    def pay(self) -> object:
        due = {seller: owed for seller, owed in self.owed.items() if owed > 0}
        batch = approved_batch(self.session, self._key())
        self.session.flush()
        assert (batch is not None) == bool(due)
        if batch is None:
            return multiple()
        made = self.session.scalars(select(Payout).where(Payout.batch_id == batch.id)).all()
        assert {payout.seller_id: payout.amount for payout in made} == due
        for payout in made:
            self.owed[payout.seller_id] = 0
            self.sent[payout.seller_id] += payout.amount
            self.payout_state[payout.id] = "claimed"
        return multiple(*(payout.id for payout in made))

    @rule(payout_id=payouts)
    def bank_pays(self, payout_id: uuid.UUID) -> None:
        if self.payout_state[payout_id] == "claimed":
            paid_out.mark_paid(self.session, payout_id, reference="b", person_id=None)
            self.session.flush()
            self.payout_state[payout_id] = "paid"

    @rule(payout_id=payouts)
    def bank_returns(self, payout_id: uuid.UUID) -> None:
        if self.payout_state[payout_id] == "returned":
            return
        paid_out.mark_returned(self.session, payout_id, reason="x", person_id=None)
        self.session.flush()
        self.payout_state[payout_id] = "returned"
        payout = self.session.get_one(Payout, payout_id)
        self.owed[payout.seller_id] += payout.amount
        self.sent[payout.seller_id] -= payout.amount

    @invariant()
    def all_accounts_sum_to_zero_and_hold_what_the_model_says(self) -> None:
        self.walked += 1
        found: dict[tuple[str, uuid.UUID | None], int] = defaultdict(int)
        rows = self.session.execute(select(Account.kind, Account.seller_id, Account.balance))
        for kind, seller_id, amount in rows:
            found[kind, seller_id] += amount
        assert sum(found.values()) == 0
        for seller in self.sellers:
            assert found[A.PAYABLE.value, seller] == -self.owed[seller]
            assert found[A.HELD.value, seller] == -self.held[seller]
            assert found[A.CASH.value, seller] == self.cash[seller]
            assert self.sent[seller] + self.owed[seller] == self.earned[seller]


def walk(app: Flask, lives: int, steps: int, *, shrink: bool = True) -> tuple[int, int]:
    """Let so many lives of so many steps go by; how many lives and steps there really were."""
    Books.app, Books.lives, Books.steps = app, 0, 0
    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])]
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=lives, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=phases,
        ),
    )  # fmt: skip
    return Books.lives, Books.steps


@pytest.mark.both
@pytest.mark.slow
def test_the_books_hold_in_any_order(app: Flask, database: str):
    lives, steps = (40, 400) if database == "sqlite" else (12, 100)
    assert walk(app, lives, 25) > (lives - 1, 0)
    assert Books.steps > steps
