"""Proving that refunds through Stripe and disputes are in the books as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.post import balance
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.arrivals import stands
from shop.payments.models import Refund
from shop.payments.models_stripe import CardRefund, Dispute
from shop.payments.states import AskedBack, RefundState
from shop.payments.states_stripe import DisputeState


def check_stripe(session: Session) -> list[Finding]:
    """Every rule of refunds through Stripe and of disputes, one finding each."""
    asked = count(session, select(func.count()).select_from(CardRefund))
    disputes = count(session, select(func.count()).select_from(Dispute))
    return [
        found("refunds through Stripe left it just where it sent them", asked, _refunds(session)),
        found("every dispute is in the books as it stands", disputes, _disputes(session)),
        found("what is disputed is on its account", disputes, _on_account(session)),
    ]


def _refunds(session: Session) -> Iterator[str]:
    """`done` is paid from Stripe, `asked` is not paid, and what is paid from Stripe is `done`."""
    sent = {
        key.split(":")[1]
        for key in session.scalars(
            select(Entry.key).where(
                Entry.kind == EntryKind.REFUND_PAID.value, Entry.key.endswith(":card"), stands()
            )
        )
    }
    for row, state in session.execute(
        select(CardRefund, Refund.state).join(Refund, Refund.id == CardRefund.refund_id)
    ):
        by_card = row.refund_id.hex in sent
        sent.discard(row.refund_id.hex)
        done = row.state == AskedBack.DONE
        waits = row.state == AskedBack.ASKED and state != RefundState.DUE
        if by_card != done or waits or (done and state != RefundState.PAID):
            yield f"refund {row.refund_id}: {row.state} at Stripe, {state} here, sent: {by_card}"
    for key in sent:
        yield f"refund {key} left Stripe, which was not asked"


def _disputes(session: Session) -> Iterator[str]:
    """What went to the buyer's bank, what came back or found who bears it, and the fee."""
    booked: dict[str, int] = {}
    fees: dict[str, int] = {}
    for key, kind, account, amount in session.execute(
        select(Entry.key, Entry.kind, Account.kind, Posting.amount)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Entry.kind.in_((EntryKind.DISPUTED.value, EntryKind.DISPUTE_ENDED.value)))
    ):
        which = key.split(":")[1]
        if account == AccountKind.DISPUTED:
            place = f"{kind}:{which}"
            booked[place] = booked.get(place, 0) + amount
        elif account == AccountKind.ACQUIRING and kind == EntryKind.DISPUTED:
            fees[which] = fees.get(which, 0) + amount
    for row in session.scalars(select(Dispute)):
        went = booked.pop(f"{EntryKind.DISPUTED.value}:{row.id.hex}", 0)
        ended = -booked.pop(f"{EntryKind.DISPUTE_ENDED.value}:{row.id.hex}", 0)
        borne = row.state == DisputeState.BORNE  # refunds that were due anyway may end it, too
        right = ended == (row.amount if row.reinstated_at else 0) or (borne and ended <= went)
        if went != (row.amount if row.withdrawn_at else 0) or not right:
            yield f"{row.provider_id} ({row.state}, {row.amount}): {went} went, {ended} ended"
        if fees.pop(row.id.hex, 0) != row.fee:
            yield f"{row.provider_id}: its fee of {row.fee} is booked otherwise"
    for key in [*booked, *fees]:
        yield f"{key} speaks of a dispute that is not there"


def _on_account(session: Session) -> Iterator[str]:
    waits = count(
        session,
        select(func.sum(Dispute.amount)).where(
            Dispute.withdrawn_at.is_not(None),
            Dispute.reinstated_at.is_(None),
            Dispute.state != DisputeState.BORNE.value,
        ),
    )
    booked = balance(session, AccountKind.DISPUTED)
    if waits != booked:
        yield f"{waits} is disputed, the account says {booked}"
