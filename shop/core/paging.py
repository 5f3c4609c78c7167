"""Lists in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, how many rows there are in all."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def earlier(self) -> int | None:
        """The number of the page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def later(self) -> int | None:
        """The number of the page after this one."""
        return self.number + 1 if self.number < self.pages else None


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a list too long to be counted: its rows, its number from 1, whether more follow.

    `total` is how many rows there are, where they were counted: up to some limit.
    """

    rows: Sequence[T]
    number: int
    more: bool
    total: int = 0

    @property
    def earlier(self) -> int | None:
        """The number of the page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def later(self) -> int | None:
        """The number of the page after this one."""
        return self.number + 1 if self.more else None


def sliced(rows: Sequence[T], number: int, size: int, total: int = 0) -> Slice[T]:
    """A page of rows of which one more than `size` was asked for."""
    return Slice(rows[:size], number, len(rows) > size, total)


def page_number(text: str | None) -> int:
    """The page asked for in an address; 1 for anything that is not a sane page number."""
    return int(text) if text and text.isdecimal() and len(text) < 6 and int(text) > 0 else 1
