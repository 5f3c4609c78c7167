"""Whatever buyers, sellers, staff, the clock and the card company do: the shop is as its model.

Hypothesis draws what happens next; after every step states, stock and money are compared with
`shop_model`. A fault that it finds is to be kept as an example below.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog import reserve, stock
from shop.catalog.models import Variant
from shop.check import check_books, check_orders, check_payments, check_stock
from shop.complaints.answer import answer
from shop.complaints.decide import Bearer, Cost, grant_all, refuse
from shop.complaints.report import report, withdraw
from shop.complaints.states import ComplaintKind
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.ledger import pay_out
from shop.ledger.fees import set_rule
from shop.ledger.models import Account
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.call_off import call_off_unanswered
from shop.orders.cancel import cancel
from shop.orders.cancel_lines import cancel_lines
from shop.orders.checkout import Changed, place
from shop.orders.chosen_lines import NothingChosen, StillInTheHouse, TooManyPieces, TooMuchBack
from shop.orders.complete import CashNotReceived, complete, complete_due
from shop.orders.decline import decline
from shop.orders.decline_lines import decline_lines
from shop.orders.give_back import give_back
from shop.orders.hand_over import hand_over, receive_cash
from shop.orders.models import Order as OrderRow
from shop.orders.models import SellerOrder, SellerOrderEvent
from shop.orders.ready import ready
from shop.orders.states import SellerOrderState as S
from shop.payments.expire import expire_due
from shop.payments.listen import receive
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.refund import NotPaid, mark_paid
from shop.payments.settle import AlreadySettled, claim, settle
from shop.payments.states import Method, RefundState
from shop.payments.states import PaymentState as P
from tests.catalog.offered import offer
from tests.factories.orders import filled_in
from tests.properties.shop_model import (
    BASIS_POINTS,
    DAY,
    IN_THE_HOUSE,
    OUT,
    PRICE,
    UNDONE,
    ModelShop,
    Money,
    Order,
    Part,
    Shelf,
)

REFUSED = (
    IllegalMove, CashNotReceived, AlreadySettled, Changed, NotPaid, NothingChosen, StillInTheHouse,
    TooManyPieces, TooMuchBack,
)  # fmt: skip
Thing = TypeVar("Thing")
Act = TypeVar("Act", bound=Callable[..., None])
STEPS = 45
WHICH = st.integers(0, 999)
"""Picks one of the orders or parts there are."""
PIECES = st.integers(1, 3)
HOURS = st.sampled_from([1, 7, 7, 25, 80, 200])


ACTS: list[tuple[str, dict[str, st.SearchStrategy[Any]]]] = []
"""What can happen: names of methods of `Life`, and how what they take is drawn."""


def happens(often: int = 1, **drawn: st.SearchStrategy[Any]) -> Callable[[Act], Act]:
    """Let this happen, `often` times as often as others."""

    def listed(act: Act) -> Act:
        ACTS.extend([(act.__name__, drawn)] * often)
        return act

    return listed


class Life(RuleBasedStateMachine):
    """Three sellers with one thing each, the third made to order, and everybody around them."""

    session: Session
    steps = 0
    walked: set[tuple[str, str]]
    """Moves of parts in all examples."""
    keys = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
        self.model = ModelShop([Shelf(8), Shelf(4), Shelf(None)])

    @initialize()
    def open(self) -> None:
        with clock.at(self.now - DAY):
            set_rule(self.session, BASIS_POINTS, None)
        self.variants: list[Variant] = []
        for shelf in self.model.shelves:
            variant = offer(self.session, on_hand=None if shelf.on_hand is None else 0)
            variant.price = PRICE  # type: ignore[assignment]
            self.session.flush()
            if shelf.on_hand:
                stock.count(self.session, variant.id, shelf.on_hand, key=self.key(), person_id=None)
            self.variants.append(variant)
        self.sellers = [variant.seller_id for variant in self.variants]

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One rule for all: Hypothesis leaves some rules out of each example, people do not."""
        name, drawn = ACTS[data.draw(st.integers(0, len(ACTS) - 1), label="what")]
        chosen = {key: data.draw(strategy, label=key) for key, strategy in drawn.items()}
        getattr(self, name)(**chosen)

    def teardown(self) -> None:
        moves = select(SellerOrderEvent.source, SellerOrderEvent.target).distinct()
        self.walked.update((row[0], row[1]) for row in self.session.execute(moves))
        try:
            faults = [
                finding.line
                for check in (check_books, check_payments, check_orders, check_stock)
                for finding in check(self.session)
                if finding.faults
            ]
            assert faults == []
        finally:
            self.session.rollback()

    def key(self) -> str:
        return f"model-{next(self.keys)}"

    def expect(self, allowed: bool, act: Callable[..., Any], *about: object, **more: object) -> Any:
        """Do it as a view does, and see that it is refused just where it must be."""
        done, refused = None, ""
        with clock.at(self.now):
            try:
                with self.session.begin_nested():
                    done = act(self.session, *about, **more)
            except REFUSED as reason:
                self.session.expire_all()
                refused = repr(reason)
        assert allowed == (not refused), refused or "this should have been refused"
        return done

    @happens(
        often=4,
        wanted=st.dictionaries(st.integers(0, 2), PIECES, min_size=1),
        method=st.sampled_from([Method.TRANSFER, Method.QRIS, Method.CARD, Method.CASH]),
    )
    def buyer_orders(self, wanted: dict[int, int], method: Method) -> None:
        things = [(self.variants[seller], pieces) for seller, pieces in wanted.items()]
        checkout = filled_in(*things, method=method, key=self.key())
        can = all(self.model.available(seller, pieces) for seller, pieces in wanted.items())
        order = self.expect(can, place, checkout)
        if order is not None:
            assert self.expect(True, place, checkout) is order
            self.model.orders.append(self._written(order))

    def _written(self, row: OrderRow) -> Order:
        moneys: dict[uuid.UUID, Money] = {}
        order = Order(row.id, [], [])
        for part in row.parts:
            payment = self.session.scalars(
                select(Payment).join(PaymentPart).where(PaymentPart.seller_order_id == part.id)
            ).one()
            method = Method(payment.method)
            expires_at = None if method is Method.CASH else self.now + DAY
            money = moneys.setdefault(
                payment.id, Money(payment.id, method, payment.amount, expires_at)
            )
            line = part.lines[0]
            order.parts.append(
                Part(part.id, line.id, self.sellers.index(part.seller_id), line.quantity, money,
                     S.UNPAID, asked=PRICE * line.quantity)
            )  # fmt: skip
            if method is Method.CASH:
                self.model.begin(order.parts[-1], self.now)
        order.moneys = list(moneys.values())
        return order

    @happens(which=WHICH)
    def buyer_says_she_paid(self, which: int) -> None:
        for order in picked(self.model.orders, which, unpaid):
            money = order.moneys[0]
            can = money.method in (Method.TRANSFER, Method.QRIS) and money.state in (
                P.PENDING, P.CLAIMED,
            )  # fmt: skip
            self.expect(can, claim, money.id)
            if can:
                money.state = P.CLAIMED

    @happens(often=2, which=WHICH)
    def staff_see_the_money(self, which: int) -> None:
        for order in picked(self.model.orders, which, unpaid):
            self._money_is_there(order)

    @happens(which=WHICH)
    def money_comes_after_its_time(self, which: int) -> None:
        for order in picked(self.model.orders, which, given_up):
            self._money_is_there(order)

    def _money_is_there(self, order: Order) -> None:
        money = order.moneys[0]
        can = money.method is not Method.CASH and money.state not in (P.SETTLED, P.LATE)
        self.expect(can, settle, money.id, actor="staff", person_id=None)
        if can:
            self.model.settle(order, money, self.now)

    @happens(which=WHICH, wrong=st.sampled_from(["", "", "", "amount"]))
    def card_company_tells(self, which: int, wrong: str) -> None:
        """Each message comes twice; one that does not fit changes nothing."""
        for order in picked(self.model.orders, which, unpaid):
            money = order.moneys[0]
            for _ in range(2):
                message = event(money, self.key(), wrong)
                self.expect(True, receive, message)
                self.expect(True, receive, message)
                open_ = money.state not in (P.SETTLED, P.LATE)
                if money.method is Method.CARD and wrong != "amount" and open_:
                    self.model.settle(order, money, self.now)

    @happens(often=5, which=WHICH, steps=st.integers(1, 4), cash=st.booleans())
    def seller_works(self, which: int, steps: int, cash: bool) -> None:
        """One or more of the next steps."""
        for part in picked(self.model.parts, which, standing(*IN_THE_HOUSE)):
            for _ in range(steps):
                if part.state is S.WAITING:
                    self.expect(True, accept, part.id, None)
                    part.state = S.ACCEPTED
                elif part.state is S.ACCEPTED:
                    self.expect(True, ready, part.id, None)
                    part.state = S.READY
                elif part.state is S.READY:
                    self._hand_over(part, cash)

    def _hand_over(self, part: Part, cash: bool) -> None:
        self.expect(True, hand_over, part.id, None, cash_received=cash)
        part.state, part.handed_at = S.HANDED_OVER, self.now
        self.model.move_stock(part.seller, -part.live)
        if cash and part.money.method is Method.CASH and part.money.state is P.PENDING:
            part.money.state = P.SETTLED

    @happens(which=WHICH, step=st.sampled_from([accept, ready, hand_over]))
    def somebody_presses_what_does_not_fit(self, which: int, step: Callable[..., None]) -> None:
        fits = {accept: S.WAITING, ready: S.ACCEPTED, hand_over: S.READY}
        for part in picked(self.model.parts, which):
            if part.state is not fits[step]:
                self.expect(False, step, part.id, None)

    @happens(which=WHICH)
    def seller_gets_cash(self, which: int) -> None:
        for part in picked(self.model.parts, which, standing(*OUT)):
            can = (
                part.money.method is Method.CASH
                and part.state in (S.ACCEPTED, S.READY, *OUT)
                and part.money.state is P.PENDING
            )
            self.expect(can, receive_cash, part.id, None)
            if can:
                part.money.state = P.SETTLED

    @happens(which=WHICH)
    def buyer_has_it(self, which: int) -> None:
        for part in picked(self.model.parts, which, standing(S.HANDED_OVER)):
            can = part.state is S.HANDED_OVER and part.money.paid
            self.expect(can, complete, part.id, "buyer")
            if can:
                part.state = S.COMPLETED

    @happens(which=WHICH)
    def seller_declines(self, which: int) -> None:
        for part in picked(self.model.parts, which):
            can = part.state in (S.WAITING, S.ACCEPTED)
            self.expect(can, decline, part.id, None, "Bahan habis")
            if can:
                self.model.undo(part, S.DECLINED)

    @happens(which=WHICH, pieces=PIECES, staff=st.booleans())
    def some_pieces_are_called_off(self, which: int, pieces: int, staff: bool) -> None:
        act, within, state = (
            (cancel_lines, IN_THE_HOUSE, S.CANCELLED) if staff
            else (decline_lines, (S.WAITING, S.ACCEPTED), S.DECLINED)
        )  # fmt: skip
        for part in picked(self.model.parts, which, standing(*IN_THE_HOUSE)):
            can = part.state in within and pieces <= part.live
            self.expect(can, act, part.id, {part.line_id: pieces}, person_id=None, reason="Habis")
            if not can:
                continue
            if pieces == part.live:
                self.model.undo(part, state)
                continue
            price = part.price_of(pieces)
            part.live -= pieces
            if part.money.paid:
                self.model.give_back(part, price, price)
            else:
                part.asked -= price

    @happens(which=WHICH, actor=st.sampled_from(["buyer", "staff"]))
    def order_is_cancelled(self, which: int, actor: str) -> None:
        may = {"buyer": (S.UNPAID, S.WAITING), "staff": (S.UNPAID, *IN_THE_HOUSE)}[actor]
        for order in picked(self.model.orders, which):
            left = [part for part in order.parts if part.state not in UNDONE]
            can = bool(left) and all(part.state in may for part in left)
            waits = any(part.state is S.UNPAID for part in left)
            if actor == "buyer" and waits and order.moneys[0].state is P.CLAIMED:
                can = False
            self.expect(can, cancel, order.id, actor=actor, person_id=None)
            for part in left if can else ():
                self.model.undo(part, S.CANCELLED)

    @happens(
        which=WHICH, pieces=st.integers(0, 2), rupiah=st.sampled_from([0, 5_000, 15_000, 40_000]),
        programme=st.booleans(), restock=st.booleans(),
    )  # fmt: skip
    def staff_give_back(
        self, which: int, pieces: int, rupiah: int, programme: bool, restock: bool
    ) -> None:
        for part in picked(self.model.parts, which, lambda part: part.money.paid):
            can = (
                part.money.paid and pieces <= part.live and 0 < rupiah <= part.left
                and not (pieces and part.state in IN_THE_HOUSE)
            )  # fmt: skip
            borne = 0 if programme else rupiah
            self.expect(
                can,
                give_back, part.id, lines={part.line_id: (pieces, rupiah)}, delivery=0,
                    seller_share=borne, reason="Rusak", person_id=None, key=self.key(),
                    restock=restock)  # fmt: skip
            if can:
                part.live -= pieces
                self.model.give_back(part, rupiah, borne)
                if restock and part.state in (*OUT, S.COMPLETED):
                    self.model.move_stock(part.seller, pieces)

    @happens(often=2, which=WHICH)
    def buyer_complains(self, which: int) -> None:
        for part in picked(self.model.parts, which, standing(S.HANDED_OVER)):
            can = part.state is S.HANDED_OVER
            made = self.expect(
                can, report, part.id, key=self.key(), kind=ComplaintKind.SPOILED, text="Basi"
            )
            if made is not None:
                part.state, part.complaint, part.answered = S.DISPUTED, made.id, False

    @happens(which=WHICH)
    def seller_answers(self, which: int) -> None:
        for part, complaint in complained(picked(self.model.parts, which, standing(S.DISPUTED))):
            self.expect(
                not part.answered and part.state is S.DISPUTED,
                answer,
                complaint,
                "Maaf",
                person_id=None,
            )
            part.answered = True

    @happens(which=WHICH)
    def buyer_is_content_again(self, which: int) -> None:
        for part, complaint in complained(picked(self.model.parts, which, standing(S.DISPUTED))):
            can = part.state is S.DISPUTED
            self.expect(can, withdraw, complaint)
            if can:
                part.state, part.handed_at = S.HANDED_OVER, self.now

    @happens(
        often=2, which=WHICH, decision=st.sampled_from(["refuse", "seller", "programme", "restock"])
    )
    def staff_decide(self, which: int, decision: str) -> None:
        for part, complaint in complained(picked(self.model.parts, which, standing(S.DISPUTED))):
            if decision == "refuse":
                can = part.state is S.DISPUTED and part.money.paid
                self.expect(can, refuse, complaint, reason="Baik", person_id=None)
                if can:
                    part.state = S.COMPLETED
                continue
            programme, back = decision == "programme", decision == "restock"
            cost = Cost(Bearer.PROGRAMME if programme else Bearer.SELLER)
            can, pieces = part.state is S.DISPUTED, part.live
            self.expect(
                can,
                grant_all, complaint, cost=cost, reason="Rusak", person_id=None,
                    restock=back)  # fmt: skip
            if can:
                self.model.undo(part, S.RETURNED, programme=programme)
                self.model.move_stock(part.seller, pieces if back else 0)

    @happens(seller=st.integers(0, 2), pieces=PIECES)
    def seller_makes_more(self, seller: int, pieces: int) -> None:
        variant = self.variants[seller].id
        self.expect(True, stock.restock, variant, pieces, key=self.key(), person_id=None)
        self.model.move_stock(seller, pieces)

    @happens(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with clock.at(self.now):
            expire_due(self.session)
            call_off_unanswered(self.session)
            complete_due(self.session)
        self.session.expire_all()
        self.model.pass_time(self.now)

    @happens()
    def staff_send_money_back(self) -> None:
        due = self.session.scalars(
            select(Refund).where(Refund.state == RefundState.DUE.value).order_by(Refund.id)
        ).first()
        if due is None:
            assert not self.model.due
            return
        self.expect(True, mark_paid, due.id, reference="TRF", person_id=None)
        sent = next(key for key, rupiah in self.model.due.items() if rupiah == due.amount)
        del self.model.due[sent]

    @happens()
    def staff_pay_out(self) -> None:
        due = {seller: self.model.payable(seller) for seller in range(3)}
        self.expect(True, pay_out.make_batch, key=self.key(), person_id=None, everybody=True)
        for seller, rupiah in due.items():
            self.model.paid_out[seller] += max(0, rupiah)

    @invariant()
    def states_are_as_expected(self) -> None:
        type(self).steps += 1
        found = {
            row[0]: row[1]
            for row in self.session.execute(select(SellerOrder.id, SellerOrder.state))
        }
        assert found == {part.id: part.state.value for part in self.model.parts}
        paid = {row[0]: row[1] for row in self.session.execute(select(Payment.id, Payment.state))}
        moneys = [money for order in self.model.orders for money in order.moneys]
        assert paid == {money.id: money.state.value for money in moneys}

    @invariant()
    def stock_is_as_expected(self) -> None:
        rows = self.session.execute(select(Variant.id, Variant.on_hand, Variant.reserved))
        found = {row.id: (row.on_hand, row.reserved) for row in rows}
        for seller, shelf in enumerate(self.model.shelves if hasattr(self, "variants") else ()):
            expected = (shelf.on_hand, self.model.promised(seller))
            assert found[self.variants[seller].id] == expected

    @invariant()
    def money_is_as_expected(self) -> None:
        assert (self.session.scalar(select(func.sum(Account.balance))) or 0) == 0
        assert -balance(self.session, A.REFUNDS) == sum(self.model.due.values())
        assert balance(self.session, A.GOODWILL) == self.model.goodwill
        for number, seller in enumerate(getattr(self, "sellers", ())):
            books = {
                "held": -balance(self.session, A.HELD, seller),
                "payable": -balance(self.session, A.PAYABLE, seller),
                "cash": balance(self.session, A.CASH, seller),
            }
            assert books == {
                "held": self.model.held(number),
                "payable": self.model.payable(number),
                "cash": self.model.cash(number),
            }


def picked(
    things: list[Thing], which: int, fits: Callable[[Thing], bool] = lambda _: True
) -> Iterable[Thing]:
    """One of the latest dozen, mostly one that `fits`; nothing where there is none."""
    fitting = [thing for thing in things if fits(thing)]
    latest = (fitting if fitting and which % 4 else things)[-12:]
    return [latest[which // 4 % len(latest)]] if latest else []


def standing(*states: S) -> Callable[[Part], bool]:
    """Whether a part stands in one of these."""
    return lambda part: part.state in states


def unpaid(order: Order) -> bool:
    """Whether money for it may still come."""
    return order.moneys[0].state in (P.PENDING, P.CLAIMED, P.EXPIRED)


def given_up(order: Order) -> bool:
    """Whether its money did not come in time."""
    return order.moneys[0].state is P.EXPIRED


def complained(parts: Iterable[Part]) -> Iterable[tuple[Part, uuid.UUID]]:
    """Those of which somebody complained, with the last complaint."""
    return [(part, part.complaint) for part in parts if part.complaint is not None]


def event(money: Money, event_id: str, wrong: str) -> dict[str, Any]:
    """What the card company says of a page that was paid; `wrong` names what does not fit."""
    amount = (money.amount + (1 if wrong == "amount" else 0)) * 100
    page = {
        "id": f"cs_{money.id.hex}",
        "payment_status": "paid",
        "currency": "idr",
        "amount_total": amount,
        "payment_intent": f"pi_{money.id.hex}",
        "metadata": {"payment_id": str(money.id)},
    }
    return {"id": event_id, "type": "checkout.session.completed", "data": {"object": page}}


COMMON = {
    (S.UNPAID, S.WAITING), (S.UNPAID, S.CANCELLED), (S.UNPAID, S.EXPIRED), (S.EXPIRED, S.WAITING),
    (S.WAITING, S.ACCEPTED), (S.WAITING, S.DECLINED), (S.WAITING, S.CANCELLED),
    (S.ACCEPTED, S.READY), (S.READY, S.HANDED_OVER), (S.HANDED_OVER, S.COMPLETED),
    (S.HANDED_OVER, S.DISPUTED),
}  # fmt: skip
"""Moves without which a walk proves nothing."""


UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A life takes a second; making a faulty one smaller takes minutes: ask for `tuple(Phase)` then."""


def walk(session: Session, examples: int, phases: Iterable[Phase] = UNSHRUNK) -> type[Life]:
    """So many examples on this database."""

    class OnThisDatabase(Life):
        steps = 0
        walked: set[tuple[str, str]] = set()  # noqa: RUF012

    OnThisDatabase.session = session
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return OnThisDatabase


@pytest.mark.both
@pytest.mark.slow
def test_the_shop_is_as_its_model_whatever_happens(session: Session, database: str):
    walked = walk(session, examples=54 if database == "sqlite" else 6)
    assert walked.steps >= (2_000 if database == "sqlite" else 200)
    if database == "sqlite":
        assert {(source.value, target.value) for source, target in COMMON} <= walked.walked


@pytest.mark.slow
def test_a_walk_finds_pieces_that_never_come_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    """Planted: a declined or cancelled part keeps its pieces."""
    monkeypatch.setattr(reserve, "release", lambda *_args, **_kwargs: None)
    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(session, examples=10)
