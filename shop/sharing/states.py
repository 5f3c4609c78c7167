"""What can be said of shares, of money handed to a member, and the life of such a payment."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class PaidState(StrEnum):
    """Where a payment to a member stands: the treasurer told of it, she got it, she did not, or
    it was taken back.
    """

    TOLD = "told"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    TAKEN_BACK = "taken_back"


MEMBER_PAYMENT = LifeCycle(
    "member payment",
    PaidState.TOLD,
    moves(
        # A witness is somebody else of the group, where the member has no way to sign in.
        (PaidState.TOLD, PaidState.CONFIRMED, "member witness"),
        (PaidState.TOLD, PaidState.DISPUTED, "member"),
        (PaidState.DISPUTED, PaidState.CONFIRMED, "member"),
        (PaidState.TOLD, PaidState.TAKEN_BACK, "treasurer"),
        (PaidState.DISPUTED, PaidState.TAKEN_BACK, "treasurer"),
    ),
)


class FellBack(StrEnum):
    """Why a sale was not shared just as its rule says.

    `no_record`: nobody wrote down who made a line, so it went to all equally; `no_weights`,
    `no_kilograms`: of those who were members none had any; `nobody`: there was no member, so all of
    it went to the fund.
    """

    NO_RECORD = "no_record"
    NO_WEIGHTS = "no_weights"
    NO_KILOGRAMS = "no_kilograms"
    NOBODY = "nobody"


class FundKind(StrEnum):
    """What happened to a group's fund."""

    INCOME = "income"
    SPENT = "spent"


class AdvanceKind(StrEnum):
    """What a member had beforehand: `money` out of the pool, `inputs` bought for her with it, or
    things from the `stock` that the fund had paid; and what she brought back of it, `repaid`.
    """

    MONEY = "money"
    INPUTS = "inputs"
    STOCK = "stock"
    REPAID = "repaid"


class Purpose(StrEnum):
    """What a cooperative's surplus of a year (SHU) goes to, as its members' meeting says.

    `usage` goes to members by what they sold through it, `capital` by their savings
    (UU 25/1992 art. 45); the others stay in the fund.
    """

    RESERVE = "reserve"
    USAGE = "usage"
    CAPITAL = "capital"
    BOARD = "board"
    STAFF = "staff"
    EDUCATION = "education"
    SOCIAL = "social"
