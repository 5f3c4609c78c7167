"""Which name of the plan became which row."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shop.demo.plan import Plan

Ids = dict[str, uuid.UUID]


@dataclass
class Memory:
    """What is remembered while the plan is lived through, by role, name or slug."""

    session: Session
    plan: Plan
    staff: Ids = field(default_factory=dict)
    accounts: Ids = field(default_factory=dict)
    sellers: Ids = field(default_factory=dict)
    variants: Ids = field(default_factory=dict)
    _keepers: Ids = field(default_factory=dict)

    def keeper(self, seller_slug: str) -> uuid.UUID:
        """The account that acts for a seller."""
        if seller_slug not in self._keepers:
            seller = next(s for s in self.plan.sellers if s.slug == seller_slug)
            runs = next(m for m in seller.members if m.role != "member")
            self._keepers[seller_slug] = self.accounts[runs.name]
        return self._keepers[seller_slug]
