"""Life cycles as tables: states, who may move what from where to where, and a row for each move."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import structlog
from sqlalchemy import CursorResult, Insert, Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session

from shop.core import clock, device, ids

log = structlog.get_logger()


class IllegalMove(Exception):
    """The thing is not (or no longer) in a state from which this move is possible."""

    def __init__(self, thing: str, wanted: str) -> None:
        super().__init__(f"{thing} cannot become {wanted} now")
        self.wanted = wanted


@dataclass(frozen=True)
class Move:
    """One arrow of a life cycle: from a state to a state, by these actors."""

    source: StrEnum
    target: StrEnum
    by: frozenset[str]


@dataclass(frozen=True)
class LifeCycle:
    """A table of moves over the states of one enum, with its initial state."""

    name: str
    initial: StrEnum
    moves: tuple[Move, ...]

    def sources(self, target: StrEnum, actor: str) -> list[StrEnum]:
        """The states from which `actor` may bring the thing to `target`."""
        return [m.source for m in self.moves if m.target == target and actor in m.by]

    def targets(self, state: StrEnum, actor: str) -> list[StrEnum]:
        """What `actor` may do next with a thing in `state`: the buttons to draw."""
        return [m.target for m in self.moves if m.source == state and actor in m.by]

    def faults(self) -> list[str]:
        """What is wrong with the table: states that are never reached from the initial one."""
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            state = frontier.pop()
            for move in self.moves:
                if move.source == state and move.target not in reached:
                    reached.add(move.target)
                    frontier.append(move.target)
        return [f"{self.name}: {s} is unreachable" for s in type(self.initial) if s not in reached]


def moves(*rows: tuple[StrEnum, StrEnum, str]) -> tuple[Move, ...]:
    """Write a table of moves: `(source, target, "actor actor")` a row."""
    return tuple(Move(source, target, frozenset(by.split())) for source, target, by in rows)


def check_all(cycles: Iterable[LifeCycle]) -> None:
    """Refuse to start with a broken life cycle. Raises `RuntimeError`."""
    faults = [fault for cycle in cycles for fault in cycle.faults()]
    if faults:
        raise RuntimeError("; ".join(faults))


def move(  # noqa: PLR0913
    session: Session,
    cycle: LifeCycle,
    things: Table,
    events: Table,
    thing_id: uuid.UUID,
    target: StrEnum,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    reason: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> str:
    """Bring one thing to `target` and write the event row; returns the state it came from.

    The UPDATE itself asks for the old state, so of two people who press at once one wins. `events`
    needs the columns of `shop.core.moves.MoveRow`. `extra`
    sets further columns of the thing in the same statement. Raises `IllegalMove`.
    """
    change, write = _change(things), _write(events)
    for source in cycle.sources(target, actor):
        values = {"moved": thing_id, "source": source.value, "state": target.value, **(extra or {})}
        done = cast("CursorResult[Any]", session.execute(change, values))
        if done.rowcount == 1:
            session.execute(
                write,
                {
                    "id": ids.new_id(),
                    "thing_id": thing_id,
                    "happened_at": clock.now(),
                    "person_id": person_id,
                    "actor": actor,
                    "source": source.value,
                    "target": target.value,
                    "reason": reason,
                    "device": device.current(),
                },
            )
            return source.value
    log.warning("move refused", cycle=cycle.name, thing=str(thing_id), to=target.value, by=actor)
    raise IllegalMove(cycle.name, target.value)


def move_all(  # noqa: PLR0913
    session: Session,
    cycle: LifeCycle,
    things: Table,
    events: Table,
    thing_ids: Collection[uuid.UUID],
    source: StrEnum,
    target: StrEnum,
    *,
    actor: str,
    person_id: uuid.UUID | None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Bring several things from `source` to `target`, all or none of them, in two statements.

    As `move` does for one. Raises `IllegalMove` where one of them stands elsewhere.
    """
    if source not in cycle.sources(target, actor):
        raise IllegalMove(cycle.name, target.value)
    change = (
        update(things)
        .where(things.c.id.in_(thing_ids), things.c.state == source.value)
        .values(state=target.value, **(extra or {}))
    )
    with session.begin_nested():
        done = cast("CursorResult[Any]", session.execute(change))
        if done.rowcount != len(thing_ids):
            raise IllegalMove(cycle.name, target.value)
        rows = [
            {
                "id": ids.new_id(),
                "thing_id": thing_id,
                "happened_at": clock.now(),
                "person_id": person_id,
                "actor": actor,
                "source": source.value,
                "target": target.value,
                "reason": None,
                "device": device.current(),
            }
            for thing_id in thing_ids
        ]
        session.execute(_write(events), rows)


@functools.cache
def _change(things: Table) -> Update:
    """The guarded UPDATE for a table, built once; what it sets are the columns it is run with."""
    return update(things).where(
        things.c.id == bindparam("moved"), things.c.state == bindparam("source")
    )


@functools.cache
def _write(events: Table) -> Insert:
    """The INSERT of an event row; built once."""
    return insert(events)
