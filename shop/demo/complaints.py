"""What went wrong in the demo with a few orders, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shop.demo.calendar import wake_shift
from shop.demo.orders import Fate, Order, Part, Problem


@dataclass(frozen=True, slots=True)
class _Story:
    """What is said, and after how many days ago it is looked for at the latest."""

    problem: Problem
    days_ago: int


_DECIDED: tuple[_Story, ...] = (
    _Story(
        Problem(
            "spoiled", "Dua bungkus sudah tengik waktu dibuka, padahal baru sehari.",
            "Maaf sekali, minyaknya memang lama. Saya setuju uangnya kembali.", "money_back",
            verdict="all", reason="Foto dan jawaban penjual sama: barangnya tidak layak.",
        ),
        160,
    ),
    _Story(
        Problem(
            "too_few", "Yang datang kurang satu dari yang saya bayar.",
            "Betul, satu tertinggal di rumah saya.", "money_back",
            verdict="some", reason="Satu buah kurang dan diakui penjual. Harganya kembali.",
        ),
        90,
    ),
    _Story(
        Problem(
            "other", "Rasanya kurang pedas, tidak seperti yang saya bayangkan.",
            "Di keterangan sudah ditulis tidak pedas, Bu.", "nothing",
            verdict="refuse", reason="Barangnya sesuai keterangan, jadi uangnya untuk penjual.",
        ),
        50,
    ),
    _Story(
        Problem(
            "absent", "Katanya sudah diserahkan, tapi belum saya terima.",
            verdict="solved",
        ),
        20,
    ),
)  # fmt: skip
_UNDECIDED: tuple[Problem, ...] = (
    Problem("spoiled", "Sebagian pecah di jalan, kotaknya penyok."),
    Problem(
        "other_goods", "Saya pesan yang sotong, yang datang ikan semua.",
        "Maaf, tertukar. Besok pagi saya antar gantinya.", "again",
    ),
)  # fmt: skip


def with_trouble(orders: Sequence[Order], now: datetime) -> Iterator[Order]:
    """The orders, a few of them with a problem: four ended long ago, two wait for staff."""
    troubled: dict[int, Order] = {}
    for story in _DECIDED:
        before = now - timedelta(days=story.days_ago)
        place = next(
            i for i in reversed(range(len(orders)))
            if orders[i].placed_at < before and _fits(orders[i], Fate.COMPLETED)
        )  # fmt: skip
        troubled[place] = _ended(orders[place], story.problem)
    fresh = [i for i, order in enumerate(orders) if _fits(order, Fate.HANDED_OVER)]
    for place, problem in zip(fresh, _UNDECIDED, strict=False):
        troubled[place] = _waits(orders[place], problem, now)
    return (troubled.get(i, order) for i, order in enumerate(orders))


def _fits(order: Order, fate: Fate) -> bool:
    """One seller's part of at least two things, paid through the programme."""
    if order.fate is not fate or order.method == "cash" or len(order.parts) != 1:
        return False
    return sum(pieces for _, pieces in order.parts[0].items) > 1


def _ended(order: Order, told: Problem) -> Order:
    part = order.parts[0]
    reported = wake_shift(_handed_over(part), 2)
    answered = wake_shift(reported, 4) if told.answer else None
    ended = wake_shift(answered or reported, 10)
    received = wake_shift(ended, 5) if told.verdict == "solved" else None
    problem = replace(told, reported_at=reported, answered_at=answered, ended_at=ended)
    return _complained(order, replace(part, problem=problem, completed_at=received))


def _waits(order: Order, told: Problem, now: datetime) -> Order:
    part = order.parts[0]
    since = _handed_over(part)
    reported, answered = since + (now - since) / 3, since + (now - since) * 2 / 3
    problem = replace(told, reported_at=reported, answered_at=answered if told.answer else None)
    return _complained(order, replace(part, problem=problem))


def _complained(order: Order, part: Part) -> Order:
    return replace(order, fate=Fate.COMPLAINED, parts=(part,))


def _handed_over(part: Part) -> datetime:
    if part.handed_over_at is None:
        raise ValueError("only what is handed over can be wrong")
    return part.handed_over_at
