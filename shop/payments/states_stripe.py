"""The lives of a refund through Stripe and of a dispute."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves
from shop.payments.states import AskedBack

CARD_REFUND = LifeCycle(
    "card refund",
    AskedBack.ASKED,
    moves(
        (AskedBack.ASKED, AskedBack.DONE, "provider"),
        (AskedBack.ASKED, AskedBack.REFUSED, "provider"),
        # Stripe: "If a refund fails, the amount is returned to your Stripe balance", also later
        (AskedBack.DONE, AskedBack.REFUSED, "provider"),
    ),
)


class DisputeState(StrEnum):
    """Where a dispute of a card payment stands.

    `inquiry`: the bank only asks, no money moved. `open`: it waits for evidence. `review`: the bank
    decides. `won`: the money stays ours. `lost`: it is the buyer's, and staff decide who bears it;
    `borne`: they did. `closed`: an inquiry that ended without money moving.
    """

    INQUIRY = "inquiry"
    OPEN = "open"
    REVIEW = "review"
    WON = "won"
    LOST = "lost"
    BORNE = "borne"
    CLOSED = "closed"


D = DisputeState
DISPUTE = LifeCycle(
    "dispute",
    D.INQUIRY,
    moves(
        *(
            (source, target, "provider")
            for source, targets in (
                (D.INQUIRY, (D.OPEN, D.REVIEW, D.WON, D.LOST, D.CLOSED)),
                (D.OPEN, (D.REVIEW, D.WON, D.LOST, D.CLOSED)),
                (D.REVIEW, (D.WON, D.LOST, D.CLOSED)),
                (D.LOST, (D.WON,)),
            )
            for target in targets
        ),
        (D.LOST, D.BORNE, "staff"),
    ),
)
UNDECIDED = (D.INQUIRY, D.OPEN, D.REVIEW)
"""The buyer's bank has not decided."""
MONEY_AWAY = (D.OPEN, D.REVIEW, D.LOST)
"""In these states the card company has the money, or nobody has decided who bears it."""
