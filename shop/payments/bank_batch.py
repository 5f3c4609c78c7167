"""Payouts of a batch that a bank takes in as one file, and shows as one sum."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.ledger.models import Entry, Payout, PayoutBatch
from shop.ledger.states import EntryKind, PayoutState, PayoutWay
from shop.payments.bank_entries import Booked, booked, unseen

SENT = Entry.kind == EntryKind.PAYOUT_PAID.value
"""The entries by which the bank sent payouts."""


@dataclass(frozen=True)
class BatchAtBank:
    """What of a batch is to be sent by the bank (`open`), and what was marked as sent by hand and
    stands on no statement yet (`marked`).
    """

    number: str
    open: Sequence[Payout]
    marked: Sequence[Booked]

    @property
    def amount(self) -> int:
        """Rupiah that are still to be sent."""
        return sum(payout.amount for payout in self.open)

    def taken_by(self, amount: int) -> Sequence[Booked] | None:
        """Which marked ones are part of a sum of this many rupiah; None where it is not this batch.

        What is to be sent is always part of it.
        """
        if not self.open:
            return None
        if amount == self.amount:
            return []
        whole = self.amount - sum(one.amount for one in self.marked)
        return self.marked if amount == whole else None


def batch_at_bank(session: Session, batch_id: uuid.UUID) -> BatchAtBank:
    """How a batch stands. Raises `NoResultFound`."""
    return _batch(session, session.get_one(PayoutBatch, batch_id))


def open_batches(session: Session) -> dict[uuid.UUID, BatchAtBank]:
    """Approved batches of which the bank has something to send, the oldest first."""
    waits = Payout.state == PayoutState.CLAIMED.value
    rows = session.scalars(
        select(PayoutBatch)
        .where(
            PayoutBatch.approved_at.is_not(None),
            PayoutBatch.payouts.any(waits & (Payout.way == PayoutWay.BANK.value)),
        )
        .order_by(PayoutBatch.made_at, PayoutBatch.id)
    ).all()
    return {row.id: _batch(session, row) for row in rows}


def _batch(session: Session, batch: PayoutBatch) -> BatchAtBank:
    payouts = session.scalars(
        select(Payout)
        .where(Payout.batch_id == batch.id, Payout.way == PayoutWay.BANK.value)
        .order_by(Payout.id)
        .execution_options(populate_existing=True)
    ).all()
    waits = [payout for payout in payouts if payout.state == PayoutState.CLAIMED]
    paid = [payout.id for payout in payouts if payout.state == PayoutState.PAID]
    marked = list(booked(session, Entry.payout_id.in_(paid), SENT, *unseen())) if paid else []
    return BatchAtBank(batch.number, waits, marked)
