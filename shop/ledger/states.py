"""Accounts, kinds of entries, and the life of a payout."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class AccountKind(StrEnum):
    """The chart of accounts. Amounts are debits when positive, credits when negative.

    `bank`, `qris`, `card` are where the programme's money lies; `cash` is what a seller took in
    her own hand. `held` is a buyer's money for goods not yet received, `payable` what a seller is
    owed, `in_transit` what is being paid out. `fee` is the programme's income, `surplus` the
    rupiah of the unique codes, `suspense` money that came too late and waits for a person,
    `refunds` what is to go back to buyers, `goodwill` what of it the programme bears. `point` is
    what lies at consignment points for a seller.
    """

    BANK = "bank"
    QRIS = "qris"
    CARD = "card"
    CASH = "cash"
    HELD = "held"
    PAYABLE = "payable"
    IN_TRANSIT = "in_transit"
    FEE = "fee"
    SURPLUS = "surplus"
    SUSPENSE = "suspense"
    REFUNDS = "refunds"
    GOODWILL = "goodwill"
    POINT = "point"


OF_SELLER = frozenset(
    {
        AccountKind.CASH,
        AccountKind.HELD,
        AccountKind.PAYABLE,
        AccountKind.IN_TRANSIT,
        AccountKind.POINT,
    }
)
"""Accounts that exist once for each seller; the others exist once."""


class EntryKind(StrEnum):
    """What happened to money.

    For a part that was undone after its money came: `made_good` is what of it stays with the seller
    all the same, `cash_owed` the cash in her hand that she now owes the programme.
    """

    ORDER_PAID = "order_paid"
    CASH_RECEIVED = "cash_received"
    COMPLETION = "completion"
    FEE = "fee"
    CASH_KEPT = "cash_kept"
    CASH_OWED = "cash_owed"
    MADE_GOOD = "made_good"
    LATE_PAYMENT = "late_payment"
    REFUND_DUE = "refund_due"
    REFUND_PAID = "refund_paid"
    CONSIGNMENT_SOLD = "consigned_sold"
    CONSIGNMENT_PAID = "consigned_paid"
    PAYOUT_CLAIMED = "payout_claimed"
    PAYOUT_PAID = "payout_paid"
    PAYOUT_RETURNED = "payout_returned"


class PayoutState(StrEnum):
    """Where a payout stands: made, paid by the bank, or sent back by it."""

    CLAIMED = "claimed"
    PAID = "paid"
    RETURNED = "returned"


PAYOUT = LifeCycle(
    "payout",
    PayoutState.CLAIMED,
    moves(
        (PayoutState.CLAIMED, PayoutState.PAID, "staff"),
        (PayoutState.CLAIMED, PayoutState.RETURNED, "staff"),
        (PayoutState.PAID, PayoutState.RETURNED, "staff"),
    ),
)
