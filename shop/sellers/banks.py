"""Indonesian banks and how long their account numbers usually are, from `shop/data/banks.json`."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass

from shop.core.regions import DATA

SHORTEST = 8
LONGEST = 18
"""No bank's account numbers are shorter or longer than this many digits."""


@dataclass(frozen=True)
class Bank:
    """A bank as people call it, and the lengths of account number known of it (may be none)."""

    short: str
    name: str
    digits: tuple[int, ...]


@functools.cache
def all_banks() -> dict[str, Bank]:
    """All banks by the name people use."""
    data = json.loads((DATA / "banks.json").read_text(encoding="utf-8"))
    return {
        b["short"]: Bank(b["short"], b["name"], tuple(b.get("account_digits") or ()))
        for b in data["banks"]
    }


def usual_lengths(bank_name: str, account: str) -> tuple[int, ...]:
    """The lengths that are usual for this bank, where `account` has none of them; else nothing.

    A reason to look twice, never to refuse: the lists that banks publish are not complete.
    """
    bank = all_banks().get(bank_name)
    return bank.digits if bank and bank.digits and len(account) not in bank.digits else ()
