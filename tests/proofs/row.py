"""A row of the table that `make proofs` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What one proof gave on one database.

    `got` is what was counted, in words; `met` whether that is the target; `found` whether the same
    count went wrong with a bug planted in the shop (None: not tried); `alive` is what did happen
    meanwhile, so that a zero cannot come of a shop that does nothing.
    """

    row: str
    what: str
    target: str
    database: str
    got: str
    met: bool
    found: bool | None
    planted: str
    alive: str

    @property
    def holds(self) -> bool:
        """Whether the target was met and the planted bug was found."""
        return self.met and self.found is not False


_HEADS = ("row", "what", "target", "database", "got", "met", "planted bug, found", "alive")


def table(results: Sequence[Result]) -> str:
    """All results, one line each, as a Markdown table."""
    lines = [_HEADS, tuple("---" for _ in _HEADS), *(_cells(result) for result in results)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _cells(result: Result) -> tuple[str, ...]:
    found = {True: "yes", False: "NO", None: "–"}[result.found]
    return (
        result.row, result.what, result.target, result.database, result.got,
        "yes" if result.met else "NO",
        f"{result.planted}: {found}" if result.planted else found,
        result.alive,
    )  # fmt: skip
