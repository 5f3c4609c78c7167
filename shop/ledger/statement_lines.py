"""What a seller's statement is made of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shop.ledger import facts
from shop.ledger.models import Payout


class LineKind(StrEnum):
    """What a line of the statement is about.

    `refund`: money of a part went back to its buyer after the seller had earned it. `undone`: a
    part was called off or returned, and this stays with her or is owed by her all the same.
    `consigned` goods were sold at a point (`consigned_cash`: the seller has the money already;
    `consigned_back`: it was counted wrongly and taken back);
    `handed_on` is what a point gave into her hand of it, `handed_in` what a courier did of cash.
    `own_order` was paid to her directly.
    `payout_refused` gives back what a batch had claimed; `other` is all else, with its note.
    """

    ORDER = "order"
    CASH_ORDER = "cash_order"
    OWN_ORDER = "own_order"
    REFUND = "refund"
    UNDONE = "undone"
    CONSIGNED = "consigned"
    CONSIGNED_CASH = "consigned_cash"
    CONSIGNED_BACK = "consigned_back"
    HANDED_ON = "handed_on"
    HANDED_IN = "handed_in"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_REFUSED = "payout_refused"
    OTHER = "other"


@dataclass(frozen=True)
class StatementLine:
    """One sale or payout: what it adds to what the seller is owed, and what she is owed then.

    Money in rupiah, added when positive. `amount` is the part's goods and delivery, or her money
    of a consigned sale, `fee` what the programme kept, `change` what is left of it to be paid out.
    Of a refund `amount` is what the seller bears of it and `fee` what she gets back, both negative;
    of an undone part `amount` stays with her and `owed` is cash in her hand that she owes now.
    `subsidy` is what the programme adds for a promotion, negative where it takes that back.
    """

    kind: LineKind
    at: datetime
    change: int
    balance: int
    amount: int = 0
    fee: int = 0
    owed: int = 0
    subsidy: int = 0
    part: facts.PartFacts | None = None
    payout: Payout | None = None
    consigned: facts.ConsignedFacts | None = None
    order_id: uuid.UUID | None = None
    part_id: uuid.UUID | None = None
    entry_kind: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One page of a statement, its newest line first; `older` leads to the next, if there is one,
    and `first` says that nothing is newer.
    """

    rows: Sequence[StatementLine]
    older: int | None
    first: bool


@dataclass(frozen=True)
class Statement:
    """A statement from its opening to its closing balance, oldest line first; rupiah owed."""

    opening: int
    lines: Sequence[StatementLine]
    closing: int
