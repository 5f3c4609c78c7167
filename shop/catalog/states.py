"""The life of a product, and the kinds it comes in."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class ProductState(StrEnum):
    """Whether buyers see a product. `waiting` is for staff to look at first."""

    DRAFT = "draft"
    WAITING = "waiting"
    LIVE = "live"
    HIDDEN = "hidden"
    DECLINED = "declined"


PRODUCT = LifeCycle(
    "product",
    ProductState.DRAFT,
    moves(
        (ProductState.DRAFT, ProductState.WAITING, "seller staff"),
        (ProductState.DRAFT, ProductState.LIVE, "seller staff"),
        (ProductState.WAITING, ProductState.LIVE, "staff"),
        (ProductState.WAITING, ProductState.DECLINED, "staff"),
        (ProductState.WAITING, ProductState.DRAFT, "seller"),
        (ProductState.DECLINED, ProductState.WAITING, "seller staff"),
        (ProductState.LIVE, ProductState.HIDDEN, "seller staff"),
        (ProductState.HIDDEN, ProductState.LIVE, "seller staff"),
    ),
)


class StockKind(StrEnum):
    """Made already, or made when somebody orders."""

    READY = "ready"
    MADE_TO_ORDER = "made_to_order"


class StockMoveKind(StrEnum):
    """Why a number of pieces changed; `consign`: left at a point for sale, or back from it."""

    COUNT = "count"
    RESERVE = "reserve"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    RETURN = "return"
    CONSIGN = "consign"


class HalalKind(StrEnum):
    """What a seller says about halal; `certified` needs a number."""

    CERTIFIED = "certified"
    IN_PROCESS = "in_process"
    NOT_CERTIFIED = "not_certified"
    NON_HALAL = "non_halal"
    NOT_FOOD = "not_food"


class PermitKind(StrEnum):
    """The food permit a product carries (domain: P-IRT, BPOM MD), or why it needs none."""

    NONE = "none"
    PIRT = "pirt"
    BPOM_MD = "bpom_md"
    FRESH_PRODUCE = "fresh_produce"
