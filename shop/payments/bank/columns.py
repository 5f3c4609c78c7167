"""Which column means what: by the headings a bank is known by, or as staff set it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from shop.payments.bank.sheet import Row, squash


class Role(Enum):
    """What a column can hold."""

    DAY = "day"
    TIME = "time"
    DESCRIPTION = "description"
    AMOUNT = "amount"
    SIDE = "side"
    """`CR`/`DB`, `K`/`D`: whether the amount came in or went out."""
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"
    OPENING = "opening"
    """The balance before the line, on the line itself."""
    SEQUENCE = "sequence"
    ACCOUNT = "account"
    CURRENCY = "currency"


Columns = Mapping[Role, tuple[int, ...]]
"""Where each role stands, counted from 0; only descriptions may have several columns."""


@dataclass(frozen=True)
class Shape:
    """A table as one bank exports it.

    `known_by` lists what must all be among the headings, each with its spellings (squashed);
    `names` the spellings of the headings for each role, the first that is there counts.
    """

    bank: str
    channel: str
    known_by: tuple[frozenset[str], ...]
    names: Mapping[Role, tuple[str, ...]]


def spellings(*names: str) -> frozenset[str]:
    """Headings that mean the same, as `known_by` wants them."""
    return frozenset(names)


def headings_of(row: Row) -> list[str]:
    """The headings of a row by their letters alone."""
    return [squash(cell) for cell in row.cells]


def fits(shape: Shape, headings: list[str]) -> bool:
    """Whether all that this shape is known by stands among the headings."""
    there = set(headings)
    return all(names & there for names in shape.known_by)


def resolve(
    names: Mapping[Role, Iterable[str]], headings: list[str]
) -> dict[Role, tuple[int, ...]]:
    """Where the roles stand, by the first of their names that is there; no column twice.

    An amount whose neighbour to the right has no heading takes that column for its side: banks
    write `CR` and `DB` there.
    """
    found: dict[Role, tuple[int, ...]] = {}
    taken: set[int] = set()
    for role, wanted in names.items():
        for name in wanted:
            places = [at for at, said in enumerate(headings) if said == name and at not in taken]
            if places:
                kept = tuple(places) if role is Role.DESCRIPTION else (places[0],)
                found[role] = found.get(role, ()) + kept
                taken.update(kept)
                if role is not Role.DESCRIPTION:
                    break
    if Role.AMOUNT in found and Role.SIDE not in found:
        beside = found[Role.AMOUNT][0] + 1
        if beside < len(headings) and not headings[beside]:
            found[Role.SIDE] = (beside,)
    return found


def tells_money(columns: Columns) -> bool:
    """Whether a day and a signed amount can be read from these columns."""
    return Role.DAY in columns and (
        Role.AMOUNT in columns or (Role.DEBIT in columns and Role.CREDIT in columns)
    )
