"""A column map: how to read the statement of a bank that has no module of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, get_args

from shop.payments.bank.columns import Role
from shop.payments.bank.days import DayOrder
from shop.payments.bank.encoding import ENCODINGS
from shop.payments.bank.faults import BadStatement, BankFault

Place = str | int
"""A column by its heading, or by its number counted from 1."""
_MARKS = ("", ".", ",", " ")


@dataclass(frozen=True)
class ColumnMap:
    """Which column is which, set once by staff and remembered.

    Either `amount` (with its sign, or with `side` saying which way), or both `debit` (out) and
    `credit` (in). `decimal_mark` and `thousands_mark` are None where the file may tell them itself.
    `encoding` is one of `encoding.ENCODINGS`, None to tell it from the bytes.

    Raises BadStatement BAD_MAP where it is no whole map.
    """

    day: Place
    description: tuple[Place, ...]
    amount: Place | None = None
    side: Place | None = None
    debit: Place | None = None
    credit: Place | None = None
    balance: Place | None = None
    time: Place | None = None
    sequence: Place | None = None
    account: Place | None = None
    currency: Place | None = None
    day_order: DayOrder = "dmy"
    decimal_mark: str | None = None
    thousands_mark: str | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        for name, allowed in (
            ("day_order", get_args(DayOrder)),
            ("decimal_mark", (None, *_MARKS[:3])),
            ("thousands_mark", (None, *_MARKS)),
            ("encoding", (None, *ENCODINGS)),
        ):
            _need(getattr(self, name) in allowed, name)
        both = self.debit is not None and self.credit is not None
        one = self.debit is None and self.credit is None
        _need((both and self.amount is None) or (one and self.amount is not None), "amount")
        _need(not self.decimal_mark or self.decimal_mark != self.thousands_mark, "thousands_mark")
        for role, places in self.places().items():
            for place in places:
                right = place > 0 if isinstance(place, int) else bool(place.strip())
                _need(right and not isinstance(place, bool), role.value)

    def places(self) -> dict[Role, tuple[Place, ...]]:
        """The columns for each role that the map names."""
        found: dict[Role, tuple[Place, ...]] = {}
        for role in Role:
            place = getattr(self, role.value, None)
            if place is not None:
                found[role] = place if isinstance(place, tuple) else (place,)
        return found

    def to_json(self) -> str:
        """The map as JSON, without what is not set."""
        said = {key: value for key, value in asdict(self).items() if value is not None}
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def from_json(cls, said: str) -> ColumnMap:
        """The map that `to_json` wrote, or a person.

        Raises BadStatement BAD_MAP with the name of the part that is wrong.
        """
        try:
            given = json.loads(said)
        except (ValueError, RecursionError):
            raise BadStatement(BankFault.BAD_MAP) from None
        _need(isinstance(given, dict), "")
        known = {field.name for field in fields(cls)}
        for name in given:
            _need(name in known, name)
        values: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        words = values.get("description", ())
        values["description"] = (words,) if isinstance(words, (str, int)) else words
        _need(isinstance(values["description"], (list, tuple)), "description")
        values["description"] = tuple(values["description"])
        _need("day" in values, "day")
        for name, value in values.items():
            parts = value if isinstance(value, tuple) else (value,)
            _need(all(isinstance(part, (str, int)) for part in parts), name)
        return cls(**values)


def _need(right: bool, part: str) -> None:
    if not right:
        raise BadStatement(BankFault.BAD_MAP, None, part)
