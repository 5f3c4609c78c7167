"""The plan of one day, and of days at the edges of seasons and nights."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shop.core.clock import WIB
from shop.demo.plan import Plan, build_plan

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 11, 0, tzinfo=WIB).astimezone(UTC)
OTHER_DAYS = (
    (date(2026, 3, 1), datetime(2026, 3, 1, 0, 5, tzinfo=WIB)),
    (date(2027, 1, 1), datetime(2027, 1, 1, 23, 50, tzinfo=WIB)),
    (date(2028, 2, 29), datetime(2028, 2, 29, 6, 30, tzinfo=WIB)),
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build_plan(TODAY, NOW)


@pytest.fixture(scope="module", params=OTHER_DAYS, ids=lambda day: str(day[0]))
def other_plan(request: pytest.FixtureRequest) -> Plan:
    today, now = request.param
    return build_plan(today, now.astimezone(UTC))
