"""Our chart of accounts, by names that accounting programs take."""

from __future__ import annotations

import uuid

from shop.ledger.states import AccountKind

PLACES: dict[AccountKind, str] = {
    AccountKind.BANK: "Assets:Bank",
    AccountKind.QRIS: "Assets:QRIS",
    AccountKind.CARD: "Assets:Card",
    AccountKind.GATEWAY: "Assets:Gateway",
    AccountKind.CASH: "Assets:Cash",
    AccountKind.OWN: "Assets:Own",
    AccountKind.POINT: "Assets:Point",
    AccountKind.CARRIED: "Assets:Carried",
    AccountKind.DISPUTED: "Assets:Disputed",
    AccountKind.POOL: "Assets:Pool",
    AccountKind.ADVANCE: "Assets:Advance",
    AccountKind.HELD: "Liabilities:Held",
    AccountKind.PAYABLE: "Liabilities:Payable",
    AccountKind.IN_TRANSIT: "Liabilities:InTransit",
    AccountKind.MEMBER: "Liabilities:Member",
    AccountKind.CREDIT: "Liabilities:Credit",
    AccountKind.SUSPENSE: "Liabilities:Suspense",
    AccountKind.REFUNDS: "Liabilities:Refunds",
    AccountKind.FUND: "Equity:Fund",
    AccountKind.FEE: "Income:Fee",
    AccountKind.SURPLUS: "Income:UniqueCodes",
    AccountKind.ACQUIRING: "Expenses:Acquiring",
    AccountKind.GOODWILL: "Expenses:Goodwill",
    AccountKind.PROMOTION: "Expenses:Promotion",
}
"""Where each kind stands. Beancount and hledger know these five roots, and Beancount wants every
part to begin with a capital or a digit
(https://beancount.github.io/docs/beancount_language_syntax.html#accounts).
"""


def account_name(
    kind: AccountKind,
    seller_id: uuid.UUID | None = None,
    member_id: uuid.UUID | None = None,
    holder_id: uuid.UUID | None = None,
) -> str:
    """`Assets:Bank`, or `Liabilities:Payable:019…` with the ids of whose it is: never a name."""
    owners = (owner.hex.upper() for owner in (seller_id, member_id, holder_id) if owner)
    return ":".join((PLACES[kind], *owners))
