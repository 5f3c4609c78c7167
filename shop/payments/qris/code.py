"""A QRIS code that was read and found sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shop.core.money import Rupiah
from shop.payments.qris.tlv import Field

MOST = Rupiah(10_000_000)
"""Bank Indonesia's limit for one QRIS payment, in rupiah (PADG 24/1/PADG/2022)."""

_NOBODYS_NUMBER = "93600000"


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money goes: one template of tags 26 to 51."""

    tag: str
    guid: str
    """Whose account it is, as a reversed domain, such as `ID.DANA.WWW`."""
    pan: str | None
    """The merchant's number, up to 19 digits; the first eight are the acquirer's."""
    merchant_id: str | None
    criteria: str | None
    """Size of the business: `UMI`, `UKE`, `UME`, `UBE` (micro to large)."""


@dataclass(frozen=True, slots=True)
class QrisCode:
    """What a code says; every text as it stands in it."""

    text: str
    """The whole code, without blanks around it."""
    fields: tuple[Field, ...]
    """Its fields in their order, `00` first and the check sum `63` last."""
    name: str
    """The merchant's name, at most 25 characters."""
    city: str
    postcode: str | None
    mcc: str
    """Merchant category code (ISO 18245), four digits."""
    country: str
    currency: str
    accounts: tuple[Account, ...]
    nmid: str | None
    """National merchant id, `ID` and 13 digits; None where the code carries none."""
    criteria: str | None
    dynamic: bool
    """Made for one payment (tag 01 is 12)."""
    amount: Decimal | None
    """In rupiah; codes of others may carry sen."""
    tip: Mapping[str, str]
    """Tags 55 to 57, which make the buyer pay more than the amount; empty in nearly all codes."""
    additional: Mapping[str, str]
    """Template 62 by sub-tag: `01` bill, `03` store, `05` reference, `07` terminal, and so on."""

    @property
    def is_sample(self) -> bool:
        """Whether its acquirer's number is nobody's, as in every code made for showing.

        `93600000` is not in Bank Indonesia's list of acquirers, so no paying app routes it.
        """
        return any((account.pan or "").startswith(_NOBODYS_NUMBER) for account in self.accounts)
