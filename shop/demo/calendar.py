"""When people in Tanjungpinang buy what: feasts, weekdays, and the hours they are awake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from shop.core.clock import WIB

FASTING = (
    (date(2025, 3, 1), date(2025, 3, 31)),
    (date(2026, 2, 19), date(2026, 3, 21)),
    (date(2027, 2, 8), date(2027, 3, 10)),
    (date(2028, 1, 28), date(2028, 2, 27)),
)
"""First day of Ramadan and Idul Fitri. 2025 as announced by the Ministry of Religious Affairs, the
later ones by calculation: a day's difference is possible."""

IDUL_ADHA = (date(2025, 6, 6), date(2026, 5, 27), date(2027, 5, 16), date(2028, 5, 5))

WEEKDAYS = (0.85, 0.85, 0.95, 1.0, 1.15, 1.4, 1.2)
"""How lively each weekday is, Monday first."""

_FASTING_TASTE = {
    "jajanan-basah": 1.5,
    "siap-santap": 1.25,
    "minuman": 1.6,
    "kue-kering": 2.2,
    "camilan": 1.3,
    "jahitan": 1.7,
    "paket": 3.0,
}
_YEAR_END_TASTE = {"kerajinan": 2.0, "olahan-laut": 1.6, "camilan": 1.5, "paket": 2.5}

_WAKES = 6
_AWAKE_HOURS = 16


def fasting_days_left(day: date) -> int | None:
    """Days until Idul Fitri when `day` lies in Ramadan, else None."""
    for first, feast in FASTING:
        if first <= day < feast:
            return (feast - day).days
    return None


def liveliness(day: date) -> float:
    """How much is bought on `day` compared with a plain day, whatever it is."""
    factor = WEEKDAYS[day.weekday()]
    left = fasting_days_left(day)
    if left is not None:
        factor *= 1.6 if left <= 12 else 1.3
    elif any(0 <= (day - feast).days < 6 for _, feast in FASTING):
        factor *= 0.5
    if any(0 <= (feast - day).days <= 4 for feast in IDUL_ADHA):
        factor *= 1.3
    if _year_end(day):
        factor *= 1.4
    return factor


def taste(day: date) -> Mapping[str, float]:
    """How much more of each category is bought on `day` than otherwise (1.0 where not named)."""
    wanted: dict[str, float] = defaultdict(lambda: 1.0)
    if fasting_days_left(day) is not None:
        wanted.update(_FASTING_TASTE)
    elif _year_end(day):
        wanted.update(_YEAR_END_TASTE)
    elif _before_school(day):
        wanted["jahitan"] = 2.5
    return wanted


def wake_shift(moment: datetime, hours: float) -> datetime:
    """The UTC moment `hours` waking hours (06.00 to 22.00 WIB) after `moment`, or before it."""
    local = moment.astimezone(WIB)
    hour = local.hour + local.minute / 60 + local.second / 3600
    awake = min(max(hour - _WAKES, 0.0), float(_AWAKE_HOURS))
    day, rest = divmod(local.toordinal() * _AWAKE_HOURS + awake + hours, _AWAKE_HOURS)
    return at(date.fromordinal(int(day)), _WAKES + rest)


def at(day: date, hour: float) -> datetime:
    """The UTC moment of `hour` (9.5 is half past nine) on `day` in Tanjungpinang."""
    midnight = datetime.combine(day, time(), WIB).astimezone(UTC)
    return midnight + timedelta(seconds=int(hour * 3600))


def _year_end(day: date) -> bool:
    return (day.month, day.day) >= (12, 12) or (day.month, day.day) <= (1, 2)


def _before_school(day: date) -> bool:
    """The school year begins in the middle of July."""
    return (6, 12) <= (day.month, day.day) <= (7, 18)
