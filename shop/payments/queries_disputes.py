"""Reading disputes, refunds through Stripe, and sellers' accounts there, for pages."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from shop.core import clock
from shop.ledger import facts
from shop.ledger.facts import OrderFacts
from shop.payments.bear_dispute import covered, rest_of
from shop.payments.models import Payment, Refund
from shop.payments.models_stripe import CardRefund, ConnectedAccount, Dispute
from shop.payments.refund_by_card import INTENT
from shop.payments.states import AskedBack, Method
from shop.payments.states_stripe import UNDECIDED, DisputeState
from shop.payments.withhold import ACTIVE
from shop.sellers.models import Seller

SHOWN = 100
_WAITING = (*UNDECIDED, DisputeState.LOST)


@dataclass(frozen=True)
class DisputeRow:
    """A dispute, the order it is about, and whose parts it paid for: seller, name, rupiah.

    `left` rupiah are to be borne by somebody: what is not was to go back to the buyer anyway, and
    `rest` more, which has to be sent by bank.
    """

    dispute: Dispute
    payment: Payment
    order: OrderFacts | None
    sellers: Sequence[tuple[uuid.UUID, str, int]]
    left: int
    rest: int = 0

    @property
    def late(self) -> bool:
        """Whether the day for evidence is over."""
        by = self.dispute.evidence_by
        return by is not None and by < clock.now()


def waiting_disputes(session: Session) -> list[DisputeRow]:
    """Those that wait for the bank or for us: first what must be decided, then by deadline."""
    rows = _rows(session, _WAITING)
    far = datetime.max.replace(tzinfo=clock.now().tzinfo)
    return sorted(
        rows,
        key=lambda row: (row.dispute.state != DisputeState.LOST, row.dispute.evidence_by or far),
    )


def ended_disputes(session: Session) -> list[DisputeRow]:
    """Those that are over, newest first."""
    return _rows(session, (DisputeState.WON, DisputeState.BORNE, DisputeState.CLOSED))


def dispute_row(session: Session, dispute_id: uuid.UUID) -> DisputeRow | None:
    """One dispute."""
    return next(iter(_rows(session, tuple(DisputeState), dispute_id)), None)


def _rows(
    session: Session, states: Collection[DisputeState], dispute_id: uuid.UUID | None = None
) -> list[DisputeRow]:
    wanted = (
        select(Dispute)
        .options(selectinload(Dispute.payment).selectinload(Payment.parts))
        .where(Dispute.state.in_([state.value for state in states]))
        .order_by(Dispute.heard_at.desc(), Dispute.id)
        .limit(SHOWN)
    )
    if dispute_id is not None:
        wanted = wanted.where(Dispute.id == dispute_id)
    found = session.scalars(wanted).all()
    orders = facts.orders(session, {row.payment.order_id for row in found})
    parts = [part for row in found for part in row.payment.parts]
    named = select(Seller.id, Seller.name).where(Seller.id.in_({part.seller_id for part in parts}))
    names = {row.id: row.name for row in session.execute(named)}
    lost = {row.id: covered(session, row) for row in found if row.state == DisputeState.LOST}
    return [
        DisputeRow(
            row, row.payment, orders.get(row.payment.order_id),
            [(one.seller_id, names[one.seller_id], one.amount) for one in row.payment.parts],
            row.amount - sum(has for _, has in lost.get(row.id, ())),
            rest_of(lost.get(row.id, ())),
        )
        for row in found
    ]  # fmt: skip


def by_card(session: Session, refunds: Collection[Refund]) -> Mapping[uuid.UUID, CardRefund | None]:
    """Refunds that could go back to a card; with what Stripe was asked, where it was."""
    wanted = [refund.id for refund in refunds]
    can = (
        select(Refund.id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Refund.id.in_(wanted),
            Payment.method == Method.CARD.value,
            Payment.evidence.startswith(INTENT),
        )
    )
    asked = session.scalars(
        select(CardRefund).where(
            CardRefund.refund_id.in_(wanted), CardRefund.state != AskedBack.DONE.value
        )
    )
    nothing: dict[uuid.UUID, CardRefund | None] = dict.fromkeys(session.scalars(can))
    return nothing | {row.refund_id: row for row in asked}


@dataclass(frozen=True)
class AtStripe:
    """How a seller's account at Stripe stands: `ready` None where Stripe has not said yet."""

    ready: bool | None
    missing: Sequence[str]


def at_stripe(session: Session, account: str | None) -> AtStripe:
    """What Stripe said of this account last."""
    known = session.get(ConnectedAccount, account) if account else None
    if known is None:
        return AtStripe(None, ())
    return AtStripe(known.transfers == ACTIVE, known.missing.split())
