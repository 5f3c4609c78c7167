"""Whatever is done in whatever order: stock never goes below nothing and its moves explain it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

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
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import StockMove, Variant
from shop.catalog.reserve import NotReserved, SoldOut, hand_over, release, reserve
from shop.catalog.stock import StockBelowReserved, count, restock
from tests.catalog.offered import offer

pytestmark = [pytest.mark.both, pytest.mark.slow]

QUANTITY = st.integers(1, 6)
WHICH = st.integers(0, 2)


@dataclass
class Model:
    """What the numbers of one variant should be."""

    on_hand: int | None
    reserved: int = 0
    done: set[str] = field(default_factory=set)


class Stock(RuleBasedStateMachine):
    """Three variants, of which the last is made to order at first, and a plain model of them."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.keys = 0
        self.ids: list[uuid.UUID] = []
        self.models: list[Model] = []

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    @initialize()
    def begin(self) -> None:
        for start in (0, 0, None):
            self.ids.append(offer(self.session, on_hand=start).id)
            self.models.append(Model(start))

    @rule(which=WHICH, on_hand=st.one_of(st.none(), st.integers(0, 12)))
    def count(self, which: int, on_hand: int | None) -> None:
        model = self.models[which]
        impossible = on_hand is not None and on_hand < model.reserved
        with refused_if(impossible, StockBelowReserved):
            count(self.session, self.ids[which], on_hand, key=self.key(), person_id=None)
            model.on_hand = on_hand

    @rule(which=WHICH, quantity=QUANTITY)
    def restock(self, which: int, quantity: int) -> None:
        restock(self.session, self.ids[which], quantity, key=self.key(), person_id=None)
        model = self.models[which]
        model.on_hand = None if model.on_hand is None else model.on_hand + quantity

    @rule(wanted=st.dictionaries(WHICH, QUANTITY, min_size=1))
    def reserve(self, wanted: dict[int, int]) -> None:
        short = any(
            (on_hand := self.models[which].on_hand) is not None
            and on_hand - self.models[which].reserved < quantity
            for which, quantity in wanted.items()
        )
        key = self.key()
        with refused_if(short, SoldOut):
            for _ in range(2):
                reserve(self.session, self.by_id(wanted), key=key)
            for which, quantity in wanted.items():
                self.models[which].reserved += quantity

    @rule(wanted=st.dictionaries(WHICH, QUANTITY, min_size=1), away=st.booleans())
    def settle(self, wanted: dict[int, int], away: bool) -> None:
        too_many = any(self.models[w].reserved < q for w, q in wanted.items())
        key, act = self.key(), hand_over if away else release
        with refused_if(too_many, NotReserved):
            for _ in range(2):
                act(self.session, self.by_id(wanted), key=key)
            for which, quantity in wanted.items():
                model = self.models[which]
                model.reserved -= quantity
                if away and model.on_hand is not None:
                    model.on_hand -= quantity

    @invariant()
    def numbers_are_as_expected(self) -> None:
        for variant_id, model in zip(self.ids, self.models, strict=True):
            variant = self.session.get_one(Variant, variant_id)
            self.session.refresh(variant)
            assert (variant.on_hand, variant.reserved) == (model.on_hand, model.reserved)
            assert variant.reserved >= 0
            assert variant.on_hand is None or variant.reserved <= variant.on_hand

    @invariant()
    def moves_explain_the_numbers(self) -> None:
        sums = {
            variant_id: (on_hand, reserved)
            for variant_id, on_hand, reserved in self.session.execute(
                select(
                    StockMove.variant_id,
                    func.sum(StockMove.on_hand_change),
                    func.sum(StockMove.reserved_change),
                ).group_by(StockMove.variant_id)
            )
        }
        for variant_id, model in zip(self.ids, self.models, strict=True):
            assert sums.get(variant_id, (0, 0)) == (model.on_hand or 0, model.reserved)

    def by_id(self, wanted: dict[int, int]) -> dict[uuid.UUID, int]:
        return {self.ids[which]: quantity for which, quantity in wanted.items()}

    def teardown(self) -> None:
        self.session.rollback()


@contextmanager
def refused_if(impossible: bool, fault: type[Exception]) -> Iterator[None]:
    """The block raises `fault` exactly where the model says it must."""
    if not impossible:
        yield
        return
    with pytest.raises(fault):
        yield


def test_stock_follows_its_model_whatever_happens(session: Session, database: str):
    class OnThisDatabase(Stock):
        pass

    OnThisDatabase.session = session
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=40 if database == "sqlite" else 12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
