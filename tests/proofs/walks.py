"""S10: the books beside a model in plain numbers, through random lives (tests/properties)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from shop.ledger import earn
from tests.proofs.stage import opened
from tests.properties import test_ledger as books


@dataclass(frozen=True)
class Walked:
    """How many lives and steps there were, and what did not agree."""

    lives: int
    steps: int
    fault: str

    @property
    def words(self) -> str:
        """What was counted."""
        return f"difference: {self.fault}" if self.fault else "0 differences"

    def is_right(self, wanted: int) -> bool:
        """Whether there were as many as wanted, long enough, and none differed."""
        return not self.fault and self.lives >= wanted and self.steps > 10 * wanted


def walk(database: str, lives: int, steps: int) -> Walked:
    """Let so many lives go by on an empty shop."""
    fault = ""
    with opened(database) as (app, _):
        try:
            books.walk(app, lives, steps)
        except (AssertionError, ExceptionGroup) as found:
            fault = str(found).splitlines()[0]
    return Walked(books.Books.lives, books.Books.steps, fault)


def finds_a_rupiah(database: str) -> bool:
    """Planted: of fees that end in 3 a rupiah more is kept than was agreed."""
    honest = earn.earn

    def greedy(*given: Any, **about: Any) -> None:
        honest(*given, **(about | {"fee": about["fee"] + (about["fee"] % 10 == 3)}))

    with opened(database) as (app, _), patch.object(earn, "earn", greedy):
        try:
            books.walk(app, 200, 50, shrink=False)
        except (AssertionError, ExceptionGroup):
            return True
    return False
