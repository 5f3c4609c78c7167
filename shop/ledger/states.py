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

    `own` lies in a seller's own bank account or behind her own QRIS; `gateway` with an acquirer
    that confirms by itself, `acquiring` is what acquirers keep of sums (MDR). `credit` is owed to
    buyers for their next orders. `promotion` is what the programme adds to sales at a lower price;
    `disputed` what a card company took back until it has decided; `carried` cash that a courier or
    a pick-up point took for a seller and has not handed in yet.

    Inside a group: `pool` is what its hands hold, or will get, for its people; `member` what one of
    them is owed, `advance` what she had beforehand, `fund` what belongs to all. The four of one
    group sum to zero.
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
    OWN = "own"
    GATEWAY = "gateway"
    ACQUIRING = "acquiring"
    CREDIT = "credit"
    POOL = "pool"
    FUND = "fund"
    MEMBER = "member"
    ADVANCE = "advance"
    PROMOTION = "promotion"
    DISPUTED = "disputed"
    CARRIED = "carried"


OF_MEMBER = frozenset({AccountKind.MEMBER, AccountKind.ADVANCE})
"""Accounts that exist once for each member of a seller."""

OF_HOLDER = frozenset({AccountKind.CARRIED})
"""Accounts that exist once for each courier and each pick-up point that takes cash."""

OF_SELLER = OF_MEMBER | frozenset(
    {
        AccountKind.CASH,
        AccountKind.HELD,
        AccountKind.PAYABLE,
        AccountKind.IN_TRANSIT,
        AccountKind.POINT,
        AccountKind.OWN,
        AccountKind.POOL,
        AccountKind.FUND,
    }
)
"""Accounts that belong to a seller, once for each or for each of her members."""


class EntryKind(StrEnum):
    """What happened to money.

    For a part that was undone after its money came: `made_good` is what of it stays with the seller
    all the same, `cash_owed` the cash in her hand that she now owes the programme.

    `stray` is money that fits no open payment as it came, `stray_ended` what became of it.
    `own_received` and `own_kept` are for a seller who collects by herself what `cash_received` and
    `cash_kept` are for cash. `acquired` is what an acquirer paid into the bank, less what it kept;
    `moved` money carried between the programme's own places; `transferred` what went to a seller's
    account at a provider. `shared`, `advanced`, `member_paid`, `fund_income`, `fund_spent`
    and `lot_settled` happen inside a group. `promoted` is what the programme adds to a sale,
    `credited` what a buyer keeps for a next order; `disputed` and `dispute_ended` are the card
    company's; `carried` is cash that a courier or a point took, `handed_in` what it gave on.
    A `reversal` undoes one entry, leg by leg.
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
    STRAY = "stray"
    STRAY_ENDED = "stray_ended"
    OWN_RECEIVED = "own_received"
    OWN_KEPT = "own_kept"
    ACQUIRED = "acquired"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    SHARED = "shared"
    ADVANCED = "advanced"
    MEMBER_PAID = "member_paid"
    FUND_INCOME = "fund_income"
    FUND_SPENT = "fund_spent"
    LOT_SETTLED = "lot_settled"
    REVERSAL = "reversal"
    PROMOTED = "promoted"
    CREDITED = "credited"
    DISPUTED = "disputed"
    DISPUTE_ENDED = "dispute_ended"
    CARRIED = "carried"
    HANDED_IN = "handed_in"


class PayoutWay(StrEnum):
    """How a payout reaches its seller: by bank, in her hand, or to her account at Stripe."""

    BANK = "bank"
    CASH = "cash"
    STRIPE = "stripe"


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
        (PayoutState.PAID, PayoutState.CLAIMED, "staff"),  # what the bank sent was something else
    ),
)
