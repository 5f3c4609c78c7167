"""When the steps of an order happen, from placing it to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from shop.demo.calendar import wake_shift
from shop.demo.orders import Fate, Order, Part

PAY_WITHIN = timedelta(hours=24)

_WORKING_DAY = 16


def live_through(rng: Random, order: Order, now: datetime) -> Order:
    """The order with every step until its intended end, cut at `now`.

    Where an order is declined, its first seller does so and the others go on.
    """
    if order.fate is Fate.EXPIRED:
        return replace(order, closed_at=order.placed_at + PAY_WITHIN)
    if order.fate is Fate.CANCELLED:
        return replace(order, closed_at=wake_shift(order.placed_at, rng.uniform(0.1, 4)))
    start = order.placed_at
    if order.method != "cash":
        claimed = wake_shift(start, rng.uniform(0.1, 1.5))
        start = wake_shift(claimed, rng.uniform(0.1, 3))
        order = replace(order, claimed_at=claimed, paid_at=start)
    if order.fate in (Fate.DECLINED, Fate.DECLINED_PAID):
        refused = wake_shift(start, rng.uniform(0.3, 4))
        first, *others = order.parts
        made = (_make(rng, part, start) for part in others)
        parts = (replace(first, declined_at=refused), *made)
    else:
        parts = tuple(_make(rng, part, start) for part in order.parts)
    return replace(order, parts=parts).until(now)


def stand_at(rng: Random, order: Order, now: datetime) -> Order:
    """The order placed and moved within the last days, so that it has its fate at `now`."""
    pays = order.method != "cash" and order.fate in _PAID
    placed, *moments = _moments(rng, now, order.fate, pays)
    order = replace(order, placed_at=placed)
    match order.fate:
        case Fate.CLAIMED:
            return replace(order, claimed_at=moments[0])
        case Fate.EXPIRED:
            return replace(order, closed_at=placed + PAY_WITHIN)
        case Fate.CANCELLED:
            return replace(order, closed_at=moments[0])
        case Fate.DECLINED:
            parts = tuple(replace(part, declined_at=moments[0]) for part in order.parts)
            return replace(order, parts=parts)
    if pays:
        claimed, paid, *moments = moments
        order = replace(order, claimed_at=claimed, paid_at=paid)
    done: list[datetime | None] = [*moments, None, None, None]
    parts = tuple(
        replace(part, accepted_at=done[0], ready_at=done[1], handed_over_at=done[2])
        for part in order.parts
    )
    return replace(order, parts=parts)


_PAID = frozenset({Fate.WAITING_PAID, Fate.ACCEPTED, Fate.READY, Fate.HANDED_OVER})

_STEPS: dict[Fate, tuple[int, float]] = {
    Fate.UNPAID: (0, 9),
    Fate.CLAIMED: (1, 9),
    Fate.CANCELLED: (1, 14),
    Fate.DECLINED: (1, 20),
    Fate.WAITING_PAID: (0, 7),
    Fate.WAITING_CASH: (0, 7),
    Fate.ACCEPTED: (1, 14),
    Fate.READY: (2, 20),
    Fate.HANDED_OVER: (3, 36),
    Fate.EXPIRED: (0, 54),
}
"""How many steps after placing (and paying), and within how many waking hours before now."""


def _moments(rng: Random, now: datetime, fate: Fate, pays: bool) -> list[datetime]:
    """Placing, then payment claimed and seen where it `pays`, then the steps; none after `now`."""
    steps, span = _STEPS[fate]
    age = span * rng.uniform(0.6, 1)
    hours = [0.0]
    if pays:
        hours.append(rng.uniform(0.1, 1))
        hours.append(hours[-1] + rng.uniform(0.1, 0.6))
    hours += sorted(rng.uniform(hours[-1] + 0.1, age - 0.05) for _ in range(steps))
    return [wake_shift(now, hour - age) for hour in hours]


def _make(rng: Random, part: Part, start: datetime) -> Part:
    accepted = wake_shift(start, rng.uniform(0.1, 3))
    ready = wake_shift(accepted, part.lead_days * _WORKING_DAY + rng.uniform(0.5, 6))
    handed_over = wake_shift(ready, rng.uniform(0.5, 14))
    return replace(
        part,
        accepted_at=accepted,
        ready_at=ready,
        handed_over_at=handed_over,
        completed_at=wake_shift(handed_over, rng.uniform(0.3, 30)),
    )
