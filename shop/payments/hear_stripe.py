"""Sellers' accounts at Stripe and what came back from them, as Stripe tells it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop.accounts import notify
from shop.core.money import rupiah
from shop.ledger.insert_once import insert_once
from shop.ledger.models import Account, Entry, Payout, Posting
from shop.ledger.paid_out import RETURNED, mark_returned, mark_transferred
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind, PayoutState, PayoutWay
from shop.payments.models_stripe import ConnectedAccount
from shop.payments.providers.stripe_connect import ToldAccount, ToldTransfer
from shop.sellers.queries import people_running

BACK = "returned"
REVERSED = "Stripe"
"""The reason kept with a payout that came back without anybody of the shop doing so."""


def hear_account(session: Session, told: ToldAccount, told_at: datetime) -> None:
    """Keep how a seller's account stands; older news than what is known changes nothing."""
    values: dict[str, Any] = {
        "transfers": told.transfers, "missing": told.missing, "why": told.why, "told_at": told_at
    }  # fmt: skip
    if not insert_once(session, ConnectedAccount, account=told.account, **values):
        session.execute(
            update(ConnectedAccount)
            .where(ConnectedAccount.account == told.account, ConnectedAccount.told_at <= told_at)
            .values(**values)
        )


def hear_transfer(session: Session, told: ToldTransfer) -> str:
    """Book what came back of a payout; returns why it could not be, or nothing.

    All at once it is a payout that was returned; piece by piece the seller is owed each piece.
    """
    lock_books(session)
    payout = session.get(Payout, told.payout_id, populate_existing=True) if told.payout_id else None
    if payout is None or payout.way != PayoutWay.STRIPE:
        return f"{told.reference} is no payout of this shop"
    if told.back is None or not 0 < told.back <= payout.amount:
        return f"{told.reference}: {told.back} came back, {payout.amount} was sent"
    if payout.state == PayoutState.RETURNED:
        return ""
    before = back_so_far(session, payout.id)
    if not before and told.back == payout.amount:
        mark_returned(session, payout.id, reason=REVERSED, person_id=None, at_stripe=True)
    elif told.back > before:
        if payout.state == PayoutState.CLAIMED:  # told before the worker booked that it went
            mark_transferred(session, payout.id, reference=told.reference)
        _piece(session, payout, told.back, told.back - before)
    return ""


def back_so_far(session: Session, payout_id: uuid.UUID) -> int:
    """How many rupiah of a payout came back piece by piece."""
    found = session.scalar(
        select(func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Entry.key.startswith(f"{BACK}:{payout_id.hex}:"),
            Account.kind == AccountKind.CARD.value,
        )
    )
    return int(found or 0)


def _piece(session: Session, payout: Payout, back: int, piece: int) -> None:
    legs = [
        Leg(AccountKind.CARD, piece),
        Leg(AccountKind.PAYABLE, -piece, payout.seller_id),
    ]
    key = f"{BACK}:{payout.id.hex}:{back}"
    post(session, EntryKind.PAYOUT_RETURNED, key, legs, About(note=payout.reference))
    notify.tell(
        session, people_running(session, payout.seller_id), RETURNED,
        seller_id=payout.seller_id, link="/sell/money", event=f"{payout.id.hex}:{back}",
        amount=rupiah(piece), bank=payout.bank_name, last=payout.bank_account[-4:],
    )  # fmt: skip
