"""An order that is paid in several steps: to sellers directly, and the rest to the programme."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.core.models import ShopSettings
from shop.orders.queries import OrderView
from shop.payments.models import Payment
from shop.payments.queries import looked_for_in_vain
from shop.payments.scan import Scan, scan_of
from shop.payments.states import PaymentState
from shop.sellers.models import Seller


@dataclass(frozen=True)
class PayStep:
    """One payment: to whom, for whose things, and what to scan for it.

    `seller` is who collects it by herself (None: the programme); `payee` has the bank account.
    """

    payment: Payment
    seller: Seller | None
    payee: Seller | ShopSettings
    sellers: tuple[str, ...]
    scan: Scan | None
    in_vain: bool


def pay_steps(session: Session, view: OrderView, settings: ShopSettings) -> list[PayStep]:
    """The steps, the programme's first; none where all of it is one payment to the programme."""
    if not any(payment.collector_id for payment in view.payments):
        return []
    alive = [p for p in view.payments if p.state != PaymentState.CANCELLED]
    return [
        _step(session, view, settings, payment)
        for payment in sorted(alive, key=lambda one: one.collector_id is not None)
    ]


def _step(session: Session, view: OrderView, settings: ShopSettings, payment: Payment) -> PayStep:
    of = {part.seller_order_id for part in payment.parts}
    sellers = [part.seller for part in view.parts if part.id in of]
    seller = sellers[0] if payment.collector_id else None
    return PayStep(
        payment,
        seller,
        seller or settings,
        tuple(one.name for one in sellers),
        scan_of(session, settings, payment, seller),
        looked_for_in_vain(session, payment),
    )
