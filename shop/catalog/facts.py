"""What can be said about a product beside its name and price."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypedDict


class Storage(StrEnum):
    """How a thing is kept until it is eaten or used."""

    ROOM = "room"
    HOT = "hot"
    CHILLED = "chilled"
    FROZEN = "frozen"


class Allergen(StrEnum):
    """What some people must not eat; the list of Per BPOM 31/2018, in the words used here."""

    GLUTEN = "gluten"
    EGG = "egg"
    FISH = "fish"
    SHELLFISH = "shellfish"
    PEANUT = "peanut"
    SOY = "soy"
    MILK = "milk"
    TREE_NUT = "tree_nut"
    SULPHITE = "sulphite"


class Facts(TypedDict, total=False):
    """The facts a seller may give. Weight in grams; shelf life and lead time in days."""

    name_en: str
    description: str
    description_en: str
    unit: str
    unit_en: str
    lead_days: int
    most_per_order: int
    weight_g: int | None
    shelf_life_days: int | None
    storage: str
    ingredients: str
    allergens: Sequence[str]
    materials: str
    permit_kind: str
    permit_number: str
    halal_kind: str
    halal_number: str


def plain(facts: Facts) -> dict[str, object]:
    """`facts` as columns: enums by their value, sequences as lists."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else value


FOOD_SHELVES = frozenset(
    {
        "bumbu-sambal",
        "camilan",
        "hasil-tani",
        "jajanan-basah",
        "kue-kering",
        "minuman",
        "olahan-laut",
        "siap-santap",
    }
)
"""The shelves whose things are eaten: these need ingredients, shelf life and a word on halal."""
PACKED_SHELVES = frozenset({"bumbu-sambal", "camilan", "kue-kering", "olahan-laut"})
"""The shelves whose things are mostly sold dry and packed, for which a P-IRT number is asked."""
