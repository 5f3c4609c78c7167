"""The proofs, small enough for every run; `make proofs` does them in full.

Here each is done once on each database, and its planted bug must be found. What is also proved
inside one process (tests/orders/test_races.py) is not done again.
"""

from __future__ import annotations

import pytest

from tests.proofs import bank, faults, invariants, lossy, power_cut, rushes, walks, webhooks
from tests.proofs.payouts import kill_the_job
from tests.proofs.postgres import programs
from tests.proofs.stage import Shop, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(power_cut.compiler() is None, reason="no C compiler: install Debian's gcc"),
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL: install Debian's postgresql"),
]
DATABASES = ["sqlite", "postgresql"]


@pytest.mark.parametrize("kind", DATABASES)
def test_the_last_pieces_are_sold_once(kind: str):
    with served(kind) as shop:
        assert rushes.last_pieces(shop).is_right(20, 180)
        assert rushes.two_lines(shop, buyers=40, last=4).is_right(4, 36)
        assert rushes.while_they_expire(shop, buyers=40, last=4).is_right(4, 36, 2)
        assert rushes.while_some_cancel(shop, buyers=40, last=4).is_right(2, 38, 2)
        assert rushes.one_key(shop, presses=20) == (1, 1, 0)
        assert rushes.opposite_baskets(shop, baskets=60).is_right(60, 0)
        assert_a_lossy_line_loses_nothing(shop)


def assert_a_lossy_line_loses_nothing(shop: Shop) -> None:
    found = lossy.buy_over_a_lossy_line(shop, intents=40)
    assert (found.duplicates, found.lost, found.given_up) == (0, 0, 0)
    assert found.cut > 5
    assert shop.faults() == []


def test_a_naive_reservation_is_found():
    with served("sqlite", planted="naive") as shop:
        assert rushes.last_pieces(shop, buyers=40, last=4).oversold > 0


def test_a_forgotten_key_is_found():
    with served("sqlite", planted="forgetful") as shop:
        assert rushes.one_key(shop, presses=10)[0] > 1
        assert lossy.buy_over_a_lossy_line(shop, intents=30).duplicates > 0


def test_a_deadlock_is_found():
    with served("postgresql", planted="unsorted") as shop:
        assert rushes.opposite_baskets(shop, baskets=10).broken > 0


@pytest.mark.parametrize("kind", DATABASES)
def test_a_power_cut_loses_nothing_that_was_acknowledged(kind: str):
    cut = power_cut.cut_sqlite if kind == "sqlite" else power_cut.cut_postgresql
    assert cut(500) == power_cut.Cut(acked=500, lost=0)
    assert cut(500, careless=True).lost > 0


@pytest.mark.parametrize("kind", DATABASES)
def test_a_fault_at_any_statement_leaves_nothing_half_done(kind: str):
    found = faults.break_everywhere(kind, every=2 if kind == "sqlite" else 4)
    assert [case for case in found if not case.is_right or case.injected < 2] == []
    assert sum(case.injected for case in found) > 20


def test_a_swallowed_fault_is_found():
    found = faults.break_everywhere("sqlite", swallowing=True)[0]
    assert found.left > 0


@pytest.mark.parametrize("kind", DATABASES)
def test_money_that_goes_round_stays_the_same(kind: str):
    found = bank.go_round(kind, seconds=3)
    assert (found.wrong_reads, found.drift, found.failed) == (0, 0, 0)
    assert min(found.transfers, found.reads) > 20


def test_a_read_and_then_write_is_found():
    assert bank.go_round("sqlite", seconds=2, naive=True).drift > 0


@pytest.mark.parametrize("kind", DATABASES)
def test_a_killed_payout_job_pays_everybody_once(kind: str):
    found = kill_the_job(kind, rounds=4)
    assert found.is_right, found
    assert found.amid > 0


def test_a_payout_without_a_key_is_found():
    assert kill_the_job("sqlite", rounds=4, keyless=True).twice > 0


@pytest.mark.parametrize("kind", DATABASES)
def test_messages_that_come_often_and_forged_are_booked_once(kind: str):
    found = webhooks.deliver(kind, 20)
    assert found.is_right, found
    assert (found.payments, found.deliveries, found.kinds) == (8, 200, 14)


def test_an_event_told_apart_by_its_own_id_is_found():
    found = webhooks.deliver("sqlite", 10, naive=True)
    assert found.difference > 0
    assert found.accepted > 10


def test_a_rupiah_that_is_booked_twice_is_found():
    assert walks.finds_a_rupiah("sqlite")


@pytest.mark.parametrize("kind", DATABASES)
def test_what_must_be_true_of_money_is_and_can_be_seen_to_break(kind: str):
    found = invariants.prove(kind)
    assert found.wrong == []
    assert (found.held, found.can_break) == (13, 13)
