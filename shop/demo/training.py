"""Courses, their cohorts, and who took part, finished or left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Literal

from shop.demo.source import read, zone_of_kelurahan

SESSIONS = 12
SESSION_HOURS = 4

BaselineKind = Literal["measured", "recalled"]
_BASELINES: tuple[BaselineKind | None, ...] = ("measured", "recalled", None)


@dataclass(frozen=True, slots=True)
class Agency:
    """Who gives a course."""

    key: str
    kind: Literal["government", "ngo"]
    name: str


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught; `skills` are those of the products it enables, the main one first."""

    key: str
    agency: str
    title: str
    title_en: str
    skills: tuple[str, ...]
    hours: int


@dataclass(frozen=True, slots=True)
class Trained:
    """Somebody of the cast who finished a cohort."""

    name: str
    phone: str | None
    kelurahan: str
    cohort: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a cohort. Income is rupiah a month before the course, None where not asked.

    `missed` holds the days of sessions not attended; `finished_on` is None for those who left,
    and `left_because` says why they did.
    """

    name: str
    phone: str | None
    kelurahan: str
    household_size: int
    baseline_income: int | None
    baseline_kind: BaselineKind | None
    missed: tuple[date, ...]
    finished_on: date | None
    left_because: str | None


@dataclass(frozen=True, slots=True)
class Cohort:
    """People taught together; the last of `sessions` is the day they finish."""

    key: str
    course: str
    batch: int
    kelurahan: str
    sessions: tuple[date, ...]
    participants: tuple[Participant, ...]


@cache
def agencies() -> tuple[Agency, ...]:
    """The two that give courses."""
    return tuple(Agency(**agency) for agency in read("training")["agencies"])


@cache
def courses() -> tuple[Course, ...]:
    """The four that are given."""
    return tuple(
        Course(
            row["key"],
            row["agency"],
            row["name_id"],
            row["name_en"],
            tuple(row["skills"]),
            SESSIONS * SESSION_HOURS,
        )
        for row in read("training")["courses"]
    )


def finish_days(today: date) -> dict[str, date]:
    """The day on which each cohort finishes."""
    rows = read("training")["cohorts"]
    return {
        row["key"]: _not_sunday(today - timedelta(days=row["finished_days_ago"])) for row in rows
    }


def skills_of_cohorts() -> dict[str, tuple[str, ...]]:
    """The skills a certificate of each cohort stands for."""
    by_course = {course.key: course.skills for course in courses()}
    return {row["key"]: by_course[row["course"]] for row in read("training")["cohorts"]}


def cohorts(rng: Random, today: date, cast: Iterable[Trained]) -> tuple[Cohort, ...]:
    """All cohorts, the `cast` filled up with people who learnt but do not sell, and who left."""
    known = list(cast)
    unused = _unused_names(rng, {person.name for person in known})
    finish = finish_days(today)
    return tuple(_cohort(rng, row, finish[row["key"]], known, unused) for row in _rows())


def _cohort(
    rng: Random, row: dict[str, str], last: date, cast: list[Trained], names: Iterator[str]
) -> Cohort:
    sessions = tuple(
        _not_sunday(last - timedelta(days=back * 7 // 2)) for back in reversed(range(SESSIONS))
    )
    graduates = [person for person in cast if person.cohort == row["key"]]
    missing = int(row["graduates"]) - len(graduates)
    graduates += [_stranger(rng, next(names), row["key"]) for _ in range(missing)]
    leavers = [_stranger(rng, next(names), row["key"]) for _ in range(int(row["dropouts"]))]
    return Cohort(
        row["key"],
        row["course"],
        int(row["batch"]),
        row["kelurahan"],
        sessions,
        tuple(_finished(rng, person, sessions) for person in graduates)
        + tuple(_left(rng, person, sessions) for person in leavers),
    )


def _finished(rng: Random, person: Trained, sessions: tuple[date, ...]) -> Participant:
    """A certificate needs four fifths of the sessions: two of twelve may be missed."""
    missed = sorted(rng.sample(sessions[:-1], rng.choice((0, 0, 1, 1, 2))))
    return _participant(rng, person, tuple(missed), sessions[-1], None)


def _left(rng: Random, person: Trained, sessions: tuple[date, ...]) -> Participant:
    missed = sessions[rng.randint(3, 8) :]
    return _participant(rng, person, missed, None, rng.choice(read("training")["dropout_reasons"]))


def _participant(
    rng: Random,
    person: Trained,
    missed: tuple[date, ...],
    finished_on: date | None,
    left_because: str | None,
) -> Participant:
    kind = rng.choices(_BASELINES, (35, 59, 6))[0]
    earned = 0 if rng.random() < 0.45 else rng.randrange(150_000, 1_250_000, 50_000)
    return Participant(
        person.name,
        person.phone,
        person.kelurahan,
        rng.choices((2, 3, 4, 5, 6, 7), (1, 3, 5, 5, 3, 1))[0],
        None if kind is None else earned,
        kind,
        missed,
        finished_on,
        left_because,
    )


def _stranger(rng: Random, name: str, cohort: str) -> Trained:
    """Somebody without a phone number that the programme knows."""
    return Trained(name, None, rng.choice(list(zone_of_kelurahan())), cohort)


def _unused_names(rng: Random, used: set[str]) -> Iterator[str]:
    people = read("people")
    pairs = [f"{given} {family}" for given in people["women"] for family in people["families"]]
    rng.shuffle(pairs)
    return (name for name in pairs if name not in used)


def _rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = read("training")["cohorts"]
    return rows


def _not_sunday(day: date) -> date:
    return day + timedelta(days=1) if day.weekday() == 6 else day
