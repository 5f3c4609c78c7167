"""Proving that stray money and the books say the same."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Entry, Posting
from shop.ledger.post import balance
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.arrivals import stands
from shop.payments.models import Payment
from shop.payments.models_stray import Stray
from shop.payments.states import PaymentState
from shop.payments.states_stray import STILL_THERE, StrayState

_LEFT_THE_PILE = (StrayState.REFUNDED, StrayState.FUND, StrayState.CREDITED)


def check_strays(session: Session) -> list[Finding]:
    """Every rule between stray money, payments and the books, one finding each."""
    strays = count(session, select(func.count()).select_from(Stray))
    return [
        found("all stray money is in the books as it stands", strays, _booked(session)),
        found("what waits is on its account", strays, _waiting(session)),
        found("stray money and the payment of its rest agree", strays, _rests(session)),
    ]


def _booked(session: Session) -> Iterator[str]:
    booked: dict[str, int] = {
        row.key: row.amount
        for row in session.execute(
            select(Entry.key, func.sum(Posting.amount).label("amount"))
            .join(Posting, Posting.entry_id == Entry.id)
            .where(
                Entry.kind.in_((EntryKind.STRAY, EntryKind.STRAY_ENDED)),
                Posting.amount > 0,
                stands(),
            )
            .group_by(Entry.id, Entry.key)
        )
    }
    rows = session.execute(select(Stray.from_id, Stray.amount).where(Stray.from_id.is_not(None)))
    left = {row[0]: row[1] for row in rows}
    for stray in session.scalars(select(Stray)):
        nothing = stray.from_id or stray.state == StrayState.UNDONE
        keys = [] if nothing else [f"{EntryKind.STRAY.value}:{stray.id.hex}"]
        if stray.state in _LEFT_THE_PILE:
            keys.append(f"{EntryKind.STRAY_ENDED.value}:{stray.id.hex}")
        entries = [booked.pop(key, 0) for key in keys]
        if entries != [stray.amount] * len(keys):
            yield f"stray {stray.id} ({stray.state}, {stray.amount}) is booked as {entries}"
        if left.get(stray.id, 0) >= stray.amount:
            yield f"stray {stray.id}: {left[stray.id]} of {stray.amount} is left over"
    for key in booked:
        yield f"{key} speaks of stray money that is not there, or did not end"


def _waiting(session: Session) -> Iterator[str]:
    waits = count(
        session,
        select(func.sum(Stray.amount)).where(Stray.state.in_([s.value for s in STILL_THERE])),
    )
    booked = -balance(session, AccountKind.SUSPENSE)
    if waits != booked:
        yield f"{waits} waits, the account says {booked}"


def _rests(session: Session) -> Iterator[str]:
    """The rest was paid just where the money is topped up, and is asked for while it waits."""
    rows = session.execute(
        select(Stray.id, Stray.state, Payment.state).join(Payment, Payment.id == Stray.rest_id)
    )
    for stray_id, state, rest in rows:
        paid = rest == PaymentState.SETTLED
        asked = rest in (PaymentState.PENDING, PaymentState.CLAIMED)
        if paid != (state == StrayState.TOPPED_UP) or asked != (state == StrayState.ASKED):
            yield f"stray {stray_id} is {state}, its rest {rest}"
