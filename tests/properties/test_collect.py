"""Whoever collects, whatever is undone or goes back: everybody's total is that of a small model."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.check import check_books, check_orders
from shop.core import clock
from shop.core.money import portion
from shop.core.settings import default_settings, load_settings
from shop.ledger import earn
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.complete import complete
from shop.orders.decline import decline
from shop.orders.give_back import give_back
from shop.orders.hand_over import hand_over
from shop.orders.ready import ready
from shop.payments.check import check_payments
from shop.payments.expire import expire_due
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.refund import mark_paid
from shop.payments.settle import settle
from shop.payments.states import Method, PaymentState, RefundState
from tests.catalog.offered import offer
from tests.factories.orders import placed_order
from tests.factories.sellers import make_seller
from tests.payments.qris.codes import STATIC

pytestmark = [pytest.mark.both, pytest.mark.slow]

PRICE, RATE, SELLERS = 15_003, 700, 3
NOW = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
FATES = ("unpaid", "paid", "declined", "completed", "late")
PARTS = st.tuples(st.integers(1, 4), st.sampled_from(FATES), st.integers(0, 9), st.integers(0, 9))
"""Pieces, how far it comes, tenths of its price that go back, tenths of these that she bears."""
ORDERS = st.tuples(
    st.sampled_from([Method.TRANSFER, Method.QRIS]),
    st.dictionaries(st.integers(0, SELLERS - 1), PARTS, min_size=1),
)
Parts = dict[int, tuple[int, str, int, int]]
Life = tuple[list[bool], list[tuple[Method, Parts]], bool]
LIVES = st.tuples(
    st.lists(st.booleans(), min_size=SELLERS, max_size=SELLERS),
    st.lists(ORDERS, min_size=1, max_size=4),
    st.booleans(),
)


class Walk:
    """Orders of sellers some of whom collect, and what everybody must have of them."""

    def __init__(self, session: Session, collects: list[bool]) -> None:
        self.session = session
        self.collects = collects
        self.want: Counter[str] = Counter()
        session.add(default_settings())
        load_settings(session).sellers_collect = True
        set_rule(session, RATE, None)
        self.sellers = []
        for own in collects:
            seller = make_seller(session)
            seller.collects, seller.qris_text = own, STATIC
            self.sellers.append(seller)
        session.flush()

    def order(self, method: Method, parts: Parts) -> None:
        """Place it, and bring each part as far as it comes."""
        things = []
        for which, (pieces, *_) in parts.items():
            thing = offer(self.session, self.sellers[which], on_hand=9)
            thing.price = PRICE  # type: ignore[assignment]
            self.session.flush()
            things.append((thing, pieces))
        order = placed_order(self.session, *things, method=method)
        payments = self.session.scalars(select(Payment).where(Payment.order_id == order.id)).all()
        assert order.total == sum(payment.amount for payment in payments)
        by_seller = {part.seller_id: part for part in order.parts}
        fates = {self.sellers[which].id: one for which, one in parts.items()}
        for payment in payments:
            ids = self.session.scalars(
                select(PaymentPart.seller_id).where(PaymentPart.payment_id == payment.id)
            ).all()
            fate = fates[min(ids)][1]  # of a payment for several, one of them says what becomes
            self._pay(payment, fate)
            if payment.state != PaymentState.SETTLED:
                continue
            for seller_id in ids:
                pieces, _, back, borne = fates[seller_id]
                which = [one.id for one in self.sellers].index(seller_id)
                own = payment.collector_id is not None
                self._go_on(by_seller[seller_id], which, pieces * PRICE, fate, (back, borne), own)

    def _pay(self, payment: Payment, fate: str) -> None:
        if fate == "unpaid":
            return
        own = payment.collector_id is not None
        if fate == "late":
            with clock.at(NOW + timedelta(days=9)):
                expire_due(self.session)
                self._settle(payment, own=own)
            assert payment.state == PaymentState.LATE
            which = [one.id for one in self.sellers].index(payment.collector_id) if own else None
            self.want["back"] += payment.amount
            self.want["ours" if which is None else f"owed{which}"] += (
                payment.amount if which is None else -payment.amount
            )
            return
        self._settle(payment, own=own)
        if not own:
            self.want["ours"] += payment.amount
            self.want["codes"] += payment.unique_code

    def _settle(self, payment: Payment, *, own: bool) -> None:
        settle(self.session, payment.id, actor="seller" if own else "staff", person_id=None)
        self.session.refresh(payment)

    def _go_on(
        self, part: object, which: int, price: int, fate: str, tenths: tuple[int, int], own: bool
    ) -> None:
        session, part_id = self.session, part.id  # type: ignore[attr-defined]
        if fate == "paid":
            self.want[f"held{which}"] += price
            self.want[f"own{which}"] += price if own else 0
            return
        accept(session, part_id, None) if fate == "completed" else None
        if fate == "declined":
            decline(session, part_id, None, "Habis")
            self.want["back"] += price
            self.want[f"owed{which}"] -= price if own else 0
            return
        ready(session, part_id, None)
        hand_over(session, part_id, None)
        complete(session, part_id, actor="buyer")
        back = price * tenths[0] // 10
        borne = back * tenths[1] // 10
        if back:
            line = part.lines[0].id  # type: ignore[attr-defined]
            give_back(
                session, part_id, lines={line: (0, back)}, delivery=0, seller_share=borne,
                reason="Kurang", person_id=None, key=part_id.hex,
            )  # fmt: skip
        stands = price - borne
        self.want["back"] += back
        self.want["fee"] += portion(stands, RATE)
        self.want["goodwill"] += back - borne
        self.want[f"owed{which}"] += stands - portion(stands, RATE) - (price if own else 0)

    def send_back(self) -> None:
        """The programme sends whatever is to go back."""
        due = select(Refund).where(Refund.state == RefundState.DUE.value)
        for refund in self.session.scalars(due).all():
            mark_paid(self.session, refund.id, reference="BRI 1", person_id=None)
            self.want["back"] -= refund.amount
            self.want["ours"] -= refund.amount

    def found(self) -> Counter[str]:
        """What the books say, by the same names."""
        session = self.session
        got = Counter(
            ours=balance(session, A.BANK) + balance(session, A.QRIS),
            codes=-balance(session, A.SURPLUS),
            back=-balance(session, A.REFUNDS),
            fee=-balance(session, A.FEE),
            goodwill=balance(session, A.GOODWILL),
        )
        for which, seller in enumerate(self.sellers):
            got[f"own{which}"] = balance(session, A.OWN, seller.id)
            got[f"held{which}"] = -balance(session, A.HELD, seller.id)
            got[f"owed{which}"] = -balance(session, A.PAYABLE, seller.id)
        return got


def walk(session: Session, examples: int) -> None:
    """So many lives, each from nothing."""

    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck),
        database=None, phases=(Phase.explicit, Phase.generate),
    )  # fmt: skip
    @given(LIVES)
    def live(life: Life) -> None:
        collects, orders, sends = life
        outer = session.begin_nested()
        try:
            with clock.at(NOW):
                walked = Walk(session, collects)
                for method, parts in orders:
                    walked.order(method, parts)
                if sends:
                    walked.send_back()
                want = {key: value for key, value in walked.want.items() if value}
                assert {key: value for key, value in walked.found().items() if value} == want
                checks = (check_books, check_payments, check_orders)
                assert [f.line for check in checks for f in check(session) if f.faults] == []
        finally:
            outer.rollback()
            session.expunge_all()

    live()


def test_nobodys_total_differs_from_the_model(session: Session, database: str):
    walk(session, 24 if database == "sqlite" else 6)


def test_a_walk_finds_money_that_stays_in_her_account(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    """Planted: what she keeps at the end is taken for cash."""
    honest = earn.earn
    monkeypatch.setattr(
        "shop.orders.complete.earn",
        lambda session, **about: honest(session, **(about | {"in_own": False})),
    )
    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(session, 25)
