"""The statement of the programme itself: what it took in, and what it bore, in one running sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger import facts, legs
from shop.ledger.book_lines import BookLine, accounts_of, batch_numbers, other_legs
from shop.ledger.legs import Span, gather
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.states import AccountKind as A

OWN = (A.FEE, A.SURPLUS, A.GOODWILL, A.ACQUIRING, A.PROMOTION)
"""What is the programme's own: its income, and the costs it bears. All else is others' money."""


@dataclass(frozen=True)
class Moved:
    """One of the programme's accounts in a month, in rupiah, debit positive."""

    kind: str
    opening: int
    closing: int

    @property
    def gained(self) -> int:
        """What it brought the programme; below nothing: what it cost."""
        return self.opening - self.closing


@dataclass(frozen=True)
class ProgrammeStatement:
    """From opening to closing, oldest line first, each with the kind of its account.

    Rupiah gained: what the programme bears is below nothing. `total` lines there are in all.
    """

    opening: int
    lines: Sequence[tuple[str, BookLine]]
    closing: int
    total: int


def months_of(session: Session) -> Sequence[date]:
    """The Jakarta months in which something was gained or borne, newest first."""
    found = {month for one in _own(session) for month in legs.months_of(session, one)}
    return sorted(found, reverse=True)


def moved(session: Session, month: date | None) -> list[Moved]:
    """Every account of the programme, and how it stood before and after a month (none: ever)."""
    rows = []
    for account in accounts_of(session, None):
        span = _span(session, account, month)
        after = Span(account.id, span.last + 1, span.last)
        opening, closing = legs.opening_of(session, span), legs.opening_of(session, after)
        rows.append(Moved(account.kind, opening, closing))
    return rows


def programme_statement(
    session: Session, month: date | None, *, first: int = 1, size: int | None = None
) -> ProgrammeStatement:
    """The statement of a month (none: from the beginning): `size` lines from number `first` on."""
    spans = [_span(session, account, month) for account in _own(session)]
    before = -sum(legs.opening_of(session, span) for span in spans)
    total = sum(max(span.last - span.first + 1, 0) for span in spans)
    lines = _lines(session, spans, before, first - 1, size) if total else []
    opening = lines[0][1].balance - lines[0][1].change if lines else before
    return ProgrammeStatement(opening, lines, lines[-1][1].balance if lines else before, total)


def _own(session: Session) -> Sequence[Account]:
    kinds = [kind.value for kind in OWN]
    return session.scalars(
        select(Account).where(Account.kind.in_(kinds)).order_by(Account.code)
    ).all()


def _span(session: Session, account: Account, month: date | None) -> Span:
    return legs.of_month(session, account, month) if month else legs.whole(account)


def _lines(
    session: Session, spans: Sequence[Span], before: int, skipped: int, size: int | None
) -> list[tuple[str, BookLine]]:
    order = (Entry.occurred_at, Entry.id, Account.code)
    within = or_(
        *(
            and_(
                Posting.account_id == span.account_id,
                Posting.number.between(span.first, span.last),
            )
            for span in spans
        )
    )
    rows = session.execute(
        select(Entry, Account.id, Account.kind, -Posting.amount,
               before - func.sum(Posting.amount).over(order_by=order))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(within)
        .order_by(*order)
        .offset(skipped)
        .limit(size)
    ).all()  # fmt: skip
    entries = [row[0] for row in rows]
    others = gather((one.id for one in entries), partial(other_legs, session))
    orders = gather((e.order_id for e in entries if e.order_id), partial(facts.orders, session))
    batches = gather((e.payout_id for e in entries if e.payout_id), partial(batch_numbers, session))
    lines = []
    for entry, account_id, kind, change, balance in rows:
        order_facts = orders.get(entry.order_id) if entry.order_id else None
        line = BookLine(
            entry.occurred_at, entry.kind, int(change), int(balance), entry.order_id,
            order_facts.order_number if order_facts else "",
            batches.get(entry.payout_id, "") if entry.payout_id else "",
            entry.note, [one for id_, one in others[entry.id] if id_ != account_id],
        )  # fmt: skip
        lines.append((kind, line))
    return lines
