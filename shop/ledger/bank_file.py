"""The table a bank takes in to send many transfers at once; each bank wants other columns.

What staff chose last holds for every file from then on; who chose it is in the audit trail.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.accounts import audit
from shop.ledger.models import PayoutBatch, PayoutColumn
from shop.ledger.queries_payouts import PayoutRow
from shop.ledger.states import PayoutState, PayoutWay

_KIND, _ACTION = "payout_file", "payout.columns"


@dataclass(frozen=True)
class Column:
    """One column of the file: what stands in it, and under which heading."""

    field: str
    heading: str


_CELLS: Mapping[str, Callable[[PayoutBatch, PayoutRow], object]] = {
    "seller": lambda _batch, row: row.seller,
    "bank": lambda _batch, row: row.payout.bank_name,
    "account": lambda _batch, row: row.payout.bank_account,
    "holder": lambda _batch, row: row.payout.bank_holder,
    "amount": lambda _batch, row: row.payout.amount,
    "note": lambda batch, _row: batch.number,
    "phone": lambda _batch, row: row.phone,
    "state": lambda _batch, row: row.payout.state,
    "reference": lambda _batch, row: row.payout.reference,
}
FIELDS = tuple(_CELLS)
"""What can stand in a column; amounts are whole rupiah, phone numbers E.164."""
USUAL = tuple(
    Column(field, field)
    for field in ("seller", "bank", "account", "holder", "amount", "state", "reference")
)


def columns(session: Session) -> Sequence[Column]:
    """The columns chosen last, or the usual ones."""
    rows = session.scalars(select(PayoutColumn).order_by(PayoutColumn.place))
    return [Column(row.field, row.heading) for row in rows] or USUAL


def keep_columns(session: Session, chosen: Sequence[Column], person_id: uuid.UUID | None) -> None:
    """Make every file from now on of these columns. Raises `ValueError` for none or unknown."""
    if not chosen or any(column.field not in _CELLS for column in chosen):
        raise ValueError("columns nobody knows")
    session.execute(delete(PayoutColumn))
    session.add_all(
        PayoutColumn(place=place, field=column.field, heading=column.heading)
        for place, column in enumerate(chosen, 1)
    )
    session.flush()
    pairs = [[column.field, column.heading] for column in chosen]
    audit.write(session, person_id, _ACTION, _KIND, "1", columns=pairs)


def lines(
    batch: PayoutBatch, rows: Sequence[PayoutRow], chosen: Sequence[Column]
) -> Iterator[Sequence[object]]:
    """What the bank is to send, or has sent: neither cash, Stripe, nor what came back."""
    for row in rows:
        if row.payout.way == PayoutWay.BANK and row.payout.state != PayoutState.RETURNED:
            yield [_CELLS[column.field](batch, row) for column in chosen]
