"""What can be wrong with a QRIS code, by name."""

from __future__ import annotations

from enum import Enum


class QrisFault(Enum):
    """Why a code is refused; `words.fault_message` says it to people."""

    NOT_QRIS = "not_qris"
    """Text that is no payment code at all."""
    OTHER_COUNTRY = "other_country"
    OTHER_CURRENCY = "other_currency"
    NO_ACCOUNT = "no_account"
    """A payment code that names no account to pay to (no template 26 to 51)."""
    INVALID_CRC = "invalid_crc"
    """The check sum does not fit: something in the code was damaged or changed."""
    TRUNCATED = "truncated"
    """The end, where the check sum stands, is missing."""
    INVALID_DUPLICATE = "invalid_duplicate"
    """A tag stands twice, and nobody can say which one counts."""
    BAD_LENGTH = "bad_length"
    """The check sum fits, yet a stated length does not: the code was made wrongly."""
    BAD_ORDER = "bad_order"
    """Something follows the check sum."""
    BAD_CHARACTERS = "bad_characters"
    MISSING_FIELD = "missing_field"
    BAD_FIELD = "bad_field"
    """A field holds what it may not hold."""
    BAD_AMOUNT = "bad_amount"
    """Not a sum of at least one rupiah; asked for by us: not in whole rupiah."""
    OVER_LIMIT = "over_limit"
    """Above what may be paid with one QRIS payment."""
    ALREADY_DYNAMIC = "already_dynamic"
    """Made for one payment, or with its amount in it."""
    HAS_TIP = "has_tip"
    """It adds a fee or a tip to what the buyer pays (tags 55 to 57)."""
    NO_CODE_FOUND = "no_code_found"
    """No QR code could be read in the photo."""
    SEVERAL_CODES = "several_codes"
    """Two or more different QRIS codes in one photo."""


class BadQris(ValueError):
    """The code cannot be used; `fault` says why, `tag` where (`"59"`, `"51.02"`, or empty).

    `text` is the code as it was read, empty where none was.
    """

    def __init__(self, fault: QrisFault, tag: str = "") -> None:
        super().__init__(f"{fault.value} {tag}".rstrip())
        self.fault = fault
        self.tag = tag
        self.text = ""
