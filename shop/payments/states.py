"""Ways to pay, and the life of a payment."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class Method(StrEnum):
    """How a buyer pays. `gateway` is a QRIS code of her own that confirms itself."""

    CASH = "cash"
    TRANSFER = "transfer"
    QRIS = "qris"
    CARD = "card"
    GATEWAY = "gateway"


class PaymentState(StrEnum):
    """Where a payment stands.

    `claimed`: the buyer says it was sent, nobody has seen it yet. `late`: it came when its order
    could not be had any more that way, so the money waits for a person to send it back.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    SETTLED = "settled"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    LATE = "late"


PAYMENT = LifeCycle(
    "payment",
    PaymentState.PENDING,
    moves(
        (PaymentState.PENDING, PaymentState.CLAIMED, "buyer"),
        (PaymentState.PENDING, PaymentState.SETTLED, "staff provider seller"),
        (PaymentState.CLAIMED, PaymentState.SETTLED, "staff provider seller"),
        (PaymentState.CLAIMED, PaymentState.PENDING, "staff seller"),
        (PaymentState.PENDING, PaymentState.EXPIRED, "clock"),
        (PaymentState.PENDING, PaymentState.CANCELLED, "buyer seller staff clock"),
        (PaymentState.CLAIMED, PaymentState.CANCELLED, "staff"),
        (PaymentState.EXPIRED, PaymentState.SETTLED, "staff provider seller"),
        (PaymentState.EXPIRED, PaymentState.LATE, "staff provider seller"),
        (PaymentState.CANCELLED, PaymentState.LATE, "staff provider seller"),
        (PaymentState.SETTLED, PaymentState.PENDING, "system"),  # it was somebody else's money
        (PaymentState.SETTLED, PaymentState.CLAIMED, "system"),
        (PaymentState.LATE, PaymentState.EXPIRED, "system"),
        (PaymentState.LATE, PaymentState.CANCELLED, "system"),
        (PaymentState.LATE, PaymentState.SETTLED, "staff"),  # its order is opened again
    ),
)


class RefundState(StrEnum):
    """Where money that goes back stands: owed to the buyer, sent, or not owed after all."""

    DUE = "due"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


REFUND = LifeCycle(
    "refund",
    RefundState.DUE,
    moves(
        (RefundState.DUE, RefundState.PAID, "staff"),
        (RefundState.DUE, RefundState.WITHDRAWN, "staff"),  # its late order lives again
        # what a card company sent and could not deliver comes back
        (RefundState.PAID, RefundState.DUE, "provider"),
    ),
)


class AskedBack(StrEnum):
    """Where a refund through a gateway stands.

    `asked`: no answer yet, so nobody may send it another way. `refused`: it goes by hand, for many
    banks' apps take no refund of a QRIS payment.
    """

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


ASKED_BACK = LifeCycle(
    "gateway refund",
    AskedBack.ASKED,
    moves(
        (AskedBack.ASKED, AskedBack.DONE, "provider"),
        (AskedBack.ASKED, AskedBack.REFUSED, "provider"),
    ),
)
