"""What the figures are made of: who earned how much when, and who learnt what."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from shop.core.money import Rupiah
from shop.impact.filters import Filters


class Earned(NamedTuple):
    """What one seller earned in one month, in rupiah, `delivery` (before fee) within `income`."""

    income: Rupiah
    delivery: Rupiah
    orders: int


@dataclass(frozen=True)
class SellerFacts:
    """A seller, how many people work there now, and the courses they hold certificates of."""

    id: uuid.UUID
    name: str
    kind: str
    kelurahan: str
    members: int
    courses: frozenset[uuid.UUID]


@dataclass(frozen=True)
class Graduate:
    """A participant, when each of her certificates was issued, and where she sells."""

    id: uuid.UUID
    kelurahan: str
    baseline: Rupiah | None
    baseline_kind: str | None
    issued: Mapping[uuid.UUID, date]
    own_sellers: frozenset[uuid.UUID]
    in_group: bool


@dataclass(frozen=True)
class CourseFacts:
    """A course, and who left it, with their kelurahan."""

    id: uuid.UUID
    slug: str
    title: str
    title_en: str
    dropped: Mapping[uuid.UUID, str]


@dataclass(frozen=True)
class Facts:
    """Everything the figures of one page are made of; `opened` is the month of the first sale."""

    filters: Filters
    opened: date | None
    earned: Mapping[uuid.UUID, Mapping[date, Earned]]
    sellers: Sequence[SellerFacts]
    graduates: Sequence[Graduate]
    courses: Sequence[CourseFacts]
    course: CourseFacts | None
