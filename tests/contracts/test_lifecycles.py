"""Life cycles are whole: every state can be reached, known to the database, and left or final."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint

from shop.core.db import Base
from shop.core.lifecycle import LifeCycle, check_all, moves
from shop.life_cycles import LIFE_CYCLES

ACTORS = {
    "buyer", "clock", "keeper", "manager", "member", "payment", "provider", "seller", "staff",
    "system", "treasurer", "witness",
}  # fmt: skip


def by_name(cycle: LifeCycle) -> str:
    return cycle.name


def states_known_to_the_database() -> set[frozenset[str]]:
    """The values of every CHECK on a column `state`."""
    return {
        frozenset(re.findall(r"'([a-z_]+)'", str(check.sqltext)))
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint) and str(check.sqltext).startswith("state IN")
    }


WRITTEN_DOWN_ONLY = {("seller order", "unpaid")}
"""A fee is named and agreed to: that moves the part nowhere, but who did it is kept."""


ROUND = {"product", "seller", "consignment", "payment", "bank line"}
"""What goes back to the shelf, or turns out to have been a mistake."""


@pytest.mark.parametrize("cycle", LIFE_CYCLES, ids=by_name)
def test_every_state_can_be_reached(cycle: LifeCycle):
    assert cycle.faults() == []


@pytest.mark.parametrize("cycle", LIFE_CYCLES, ids=by_name)
def test_the_database_knows_the_same_states(cycle: LifeCycle):
    states = frozenset(state.value for state in type(cycle.initial))
    assert states in states_known_to_the_database()


@pytest.mark.parametrize("cycle", LIFE_CYCLES, ids=by_name)
def test_moves_are_written_once_and_by_known_actors(cycle: LifeCycle):
    arrows = [(move.source, move.target) for move in cycle.moves]
    assert len(set(arrows)) == len(arrows)
    assert {actor for move in cycle.moves for actor in move.by} <= ACTORS
    assert all(move.by for move in cycle.moves)
    stays = {(cycle.name, move.source) for move in cycle.moves if move.source == move.target}
    assert stays <= WRITTEN_DOWN_ONLY


@pytest.mark.parametrize("cycle", LIFE_CYCLES, ids=by_name)
def test_there_is_an_end(cycle: LifeCycle):
    """From every state some way leads to one that nobody leaves, or back to the shelf."""
    left = {move.source for move in cycle.moves}
    assert left < set(type(cycle.initial)) or cycle.name in ROUND


def test_a_life_cycle_with_an_island_is_refused_at_start():
    class Light(StrEnum):
        OFF = "off"
        ON = "on"
        BROKEN = "broken"

    lamp = LifeCycle("lamp", Light.OFF, moves((Light.OFF, Light.ON, "staff")))
    with pytest.raises(RuntimeError, match="broken is unreachable"):
        check_all([lamp])
