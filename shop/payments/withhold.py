"""What a dispute and Stripe's word on an account keep from being paid out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from shop.ledger.models import Account, Entry, Payout, PayoutBatch, Posting
from shop.ledger.states import AccountKind, EntryKind, PayoutState
from shop.payments.models import PaymentPart
from shop.payments.models_stripe import ConnectedAccount, Dispute
from shop.payments.states_stripe import MONEY_AWAY

ACTIVE = "active"


def withheld(session: Session) -> Mapping[uuid.UUID, int]:
    """Of parts whose payment is disputed: as much as is disputed, where it is payable already.

    What went out before the dispute is gone; her other sales do not wait for it.
    """
    paid_before = exists().where(
        Payout.seller_id == PaymentPart.seller_id,
        Payout.state != PayoutState.RETURNED.value,
        Payout.first_number <= Posting.number,
        Payout.last_number >= Posting.number,
        PayoutBatch.id == Payout.batch_id,
        PayoutBatch.made_at <= Dispute.heard_at,
    )
    # Not what the card paid: some of the parts may be paid from credit.
    whole = (
        select(PaymentPart.payment_id.label("payment"), func.sum(PaymentPart.amount).label("sum"))
        .group_by(PaymentPart.payment_id)
        .subquery()
    )
    rows = session.execute(
        select(PaymentPart.seller_id, PaymentPart.amount, Dispute.amount, whole.c.sum)
        .join(whole, whole.c.payment == PaymentPart.payment_id)
        .join(Dispute, Dispute.payment_id == PaymentPart.payment_id)
        .join(Entry, Entry.seller_order_id == PaymentPart.seller_order_id)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Dispute.state.in_([state.value for state in MONEY_AWAY]),
            Entry.kind == EntryKind.COMPLETION.value,
            Account.kind == AccountKind.PAYABLE.value,
            ~paid_before,
        )
    )
    found: dict[uuid.UUID, int] = defaultdict(int)
    for seller_id, part, disputed, parts in rows:
        found[seller_id] += -(-part * disputed // int(parts))
    return found


def closed(session: Session) -> Collection[str]:
    """The sellers' accounts of which Stripe has said that they cannot receive."""
    wanted = select(ConnectedAccount.account).where(ConnectedAccount.transfers != ACTIVE)
    return set(session.scalars(wanted))
