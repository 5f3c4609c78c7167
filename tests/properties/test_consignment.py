"""Whatever is left, counted and handed on: pieces and rupiah follow a model, in the books too."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.catalog.reserve import SoldOut
from shop.catalog.stock import count
from shop.check import check_stock
from shop.consignment.check import check_consignment
from shop.consignment.hand_on import TooMuch, hand_on, outstanding
from shop.consignment.leave import Left, leave
from shop.consignment.models import Consignment, ConsignmentCount
from shop.consignment.record import Counted, TooMany, record
from shop.consignment.states import ConsignmentState, CountKind, PaidBy
from shop.consignment.take_back import HandedOn, take_back
from shop.core import ids
from shop.core.money import portion
from shop.ledger.check import check_books
from shop.ledger.due import due_now
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.states import AccountKind
from tests.catalog.offered import offer
from tests.factories.consignment import make_point
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller
from tests.properties.test_stock import refused_if

pytestmark = [pytest.mark.both, pytest.mark.slow]

PIECES = st.integers(0, 5)
PRICE = 15_000


@dataclass
class Lot:
    """What one consignment should say."""

    id: uuid.UUID
    line: uuid.UUID
    share: int
    fee: int
    counted: bool
    lying: int
    at_point: int = 0


class Consigned(RuleBasedStateMachine):
    """One seller with a counted thing and one made to order, and a plain model of her."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.lots: list[Lot] = []
        self.keys: list[tuple[Lot, str, Counted, PaidBy]] = []
        self.taken_back: set[uuid.UUID] = set()
        self.on_hand = 30
        self.at_points = self.bank = self.fees = self.owed = 0

    @initialize()
    def begin(self) -> None:
        seller = make_seller(self.session)
        self.things = [offer(self.session, seller, on_hand=n) for n in (0, None)]
        count(self.session, self.things[0].id, 30, key="begin", person_id=None)
        self.seller_id = seller.id
        self.point_id = make_point(self.session).id
        self.basis_points = 250
        set_rule(self.session, 250, None)
        # Books and fees live on between examples that are rolled back together.
        self.before = {
            kind: balance(self.session, kind) for kind in (AccountKind.BANK, AccountKind.FEE)
        }

    @rule(basis_points=st.sampled_from([0, 250, 333, 1_000]))
    def change_fee(self, basis_points: int) -> None:
        self.basis_points = basis_points
        set_rule(self.session, basis_points, None)

    @rule(counted=st.booleans(), pieces=st.integers(1, 12), share=st.integers(0, PRICE))
    def leave(self, counted: bool, pieces: int, share: int) -> None:
        thing = self.things[0 if counted else 1]
        with refused_if(counted and pieces > self.on_hand, SoldOut):
            key = ids.new_token()
            left = [Left(thing.id, pieces, share)]
            for _ in range(2):
                made = leave(
                    self.session, self.seller_id, self.point_id, left, key=key, person_id=None
                )
            self.on_hand -= pieces if counted else 0
            self.lots.append(
                Lot(made.id, made.lines[0].id, share, self.basis_points, counted, pieces)
            )

    @rule(
        which=st.integers(0, 9), sold=PIECES, returned=PIECES, lost=PIECES,
        paid_by=st.sampled_from(PaidBy),
    )  # fmt: skip
    def record(self, which: int, sold: int, returned: int, lost: int, paid_by: PaidBy) -> None:
        if not self.lots or not sold + returned + lost:
            return
        lot = self.lots[which % len(self.lots)]
        counted, key = Counted(lot.line, sold, returned, lost), ids.new_token()
        with refused_if(sold + returned + lost > lot.lying, TooMany):
            self.say(lot, counted, key, paid_by)
            self.keys.append((lot, key, counted, paid_by))
            lot.lying -= sold + returned + lost
            self.on_hand += returned if lot.counted else 0
            amount = (PRICE - lot.share) * sold
            fee = portion(amount, lot.fee)
            self.fees += fee
            self.owed += (0 if paid_by is PaidBy.SELLER else amount) - fee
            if paid_by is PaidBy.POINT:
                lot.at_point += amount
                self.at_points += amount
            if paid_by is PaidBy.PROGRAMME:
                self.bank += amount

    @rule(which=st.integers(0, 99))
    def press_again(self, which: int) -> None:
        if self.keys:
            lot, key, counted, paid_by = self.keys[which % len(self.keys)]
            assert not self.say(lot, counted, key, paid_by)

    def say(self, lot: Lot, counted: Counted, key: str, paid_by: PaidBy) -> bool:
        return record(
            self.session, lot.id, [counted], paid_by=paid_by, key=key, person_id=None,
            actor="staff",
        )  # fmt: skip

    @rule(which=st.integers(0, 99), part=st.integers(0, 2))
    def take_back(self, which: int, part: int) -> None:
        """One of the records that one press of the button made."""
        if not self.keys:
            return
        lot, key, counted, paid_by = self.keys[which % len(self.keys)]
        kinds = list(counted.kinds())
        kind, pieces = kinds[part % len(kinds)]
        row = self.session.scalars(
            select(ConsignmentCount).where(
                ConsignmentCount.key.contains(f":{key}:"), ConsignmentCount.kind == kind.value
            )
        ).one()
        if row.id in self.taken_back:
            assert not self.undo(lot, row.id)
            return
        at_point = row.amount if paid_by is PaidBy.POINT else 0
        gone = kind is CountKind.RETURNED and lot.counted and pieces > self.on_hand
        refused = HandedOn if at_point > lot.at_point else SoldOut
        with refused_if(gone or at_point > lot.at_point, refused):
            assert self.undo(lot, row.id)
            self.taken_back.add(row.id)
            lot.lying += pieces
            self.on_hand -= pieces if kind is CountKind.RETURNED and lot.counted else 0
            self.fees -= row.fee
            if kind is CountKind.SOLD:
                self.owed -= (0 if paid_by is PaidBy.SELLER else row.amount) - row.fee
                lot.at_point -= at_point
                self.at_points -= at_point
                self.bank -= row.amount if paid_by is PaidBy.PROGRAMME else 0

    def undo(self, lot: Lot, count_id: uuid.UUID) -> bool:
        return take_back(self.session, lot.id, count_id, "salah", person_id=None, actor="staff")

    @rule(
        which=st.integers(0, 9), amount=st.integers(1, 60_000),
        to=st.sampled_from([PaidBy.SELLER, PaidBy.PROGRAMME]),
    )  # fmt: skip
    def hand_on(self, which: int, amount: int, to: PaidBy) -> None:
        if not self.lots:
            return
        lot, key = self.lots[which % len(self.lots)], ids.new_token()
        with refused_if(amount > lot.at_point, TooMuch):
            for _ in range(2):
                hand_on(self.session, lot.id, amount, paid_to=to, key=key, person_id=None)
            lot.at_point -= amount
            self.at_points -= amount
            if to is PaidBy.PROGRAMME:
                self.bank += amount
            else:
                self.owed -= amount

    @rule()
    def pay_out(self) -> None:
        due = self.owed - self.at_points
        assert [one.amount for one in due_now(self.session) if one.seller_id == self.seller_id] == (
            [due] if due > 0 else []
        )
        approved_batch(self.session, ids.new_token())
        self.owed -= max(due, 0)

    @invariant()
    def pieces_are_as_expected(self) -> None:
        if not hasattr(self, "things"):
            return
        thing = self.session.get_one(Variant, self.things[0].id)
        self.session.refresh(thing)
        assert thing.on_hand == self.on_hand
        for lot in self.lots:
            found = self.session.get_one(Consignment, lot.id)
            state = ConsignmentState.OPEN if lot.lying else ConsignmentState.CLOSED
            assert found.state == state
            assert outstanding(self.session, lot.id) == lot.at_point

    @invariant()
    def money_is_as_expected(self) -> None:
        if not hasattr(self, "before"):
            return
        assert balance(self.session, AccountKind.POINT, self.seller_id) == self.at_points
        assert balance(self.session, AccountKind.PAYABLE, self.seller_id) == -self.owed
        assert balance(self.session, AccountKind.CASH, self.seller_id) == 0
        bank, fee = (balance(self.session, kind) for kind in (AccountKind.BANK, AccountKind.FEE))
        assert bank - self.before[AccountKind.BANK] == self.bank
        assert self.before[AccountKind.FEE] - fee == self.fees

    @invariant()
    def the_shop_finds_itself_sound(self) -> None:
        findings = [
            *check_consignment(self.session),
            *check_books(self.session),
            *check_stock(self.session),
        ]
        assert [one.line for one in findings if one.faults] == []

    def teardown(self) -> None:
        self.session.rollback()


def test_consigned_goods_follow_their_model_whatever_happens(session: Session, database: str):
    class OnThisDatabase(Consigned):
        pass

    OnThisDatabase.session = session
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=10 if database == "sqlite" else 5,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
