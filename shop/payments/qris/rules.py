"""What each field may hold (EMVCo, Merchant-Presented Mode, chapter 4, as QRIS uses it)."""

from __future__ import annotations

import re
from collections.abc import Mapping

AMOUNT = re.compile(r"(?=.{1,13}\Z)[0-9]+(?:\.[0-9]{1,2})?")
"""Digits, with at most two decimals after a dot, at most 13 characters."""
NATIONAL = "ID.CO.QRIS.WWW"
"""Whose template holds the national merchant id; written in capitals or not."""
NMID = re.compile(r"ID[0-9]{13}")


def is_account(tag: str) -> bool:
    """Whether the field is a template that names an account (26 to 51)."""
    return "26" <= tag <= "51"


def is_template(tag: str) -> bool:
    """Whether the field's value must itself be made of fields."""
    return is_account(tag) or tag in ("62", "64")


def _up_to(length: int) -> re.Pattern[str]:
    return re.compile(rf".{{1,{length}}}")


ROOT: Mapping[str, re.Pattern[str]] = {
    "00": re.compile(r"01"),
    "01": re.compile(r"1[12]"),
    "52": re.compile(r"[0-9]{4}"),
    "55": re.compile(r"0[123]"),
    "56": AMOUNT,
    "57": re.compile(r"(?=.{1,5}\Z)[0-9]{1,2}(?:\.[0-9]{1,2})?"),
    "59": _up_to(25),
    "60": _up_to(15),
    "61": re.compile(r"[0-9]{5}"),
}
ACCOUNT: Mapping[str, re.Pattern[str]] = {
    "00": _up_to(32),
    "01": re.compile(r"[0-9]{1,19}"),
    "02": _up_to(15),
    "03": re.compile(r"[A-Z]{3}"),  # more are in use than the four sizes of a business
}
ADDITIONAL: Mapping[str, re.Pattern[str]] = {f"{n:02d}": _up_to(25) for n in range(1, 9)}
LANGUAGE: Mapping[str, re.Pattern[str]] = {
    "00": re.compile(r"[A-Za-z]{2}"),
    "01": _up_to(25),
    "02": _up_to(15),
}
