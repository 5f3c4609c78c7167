"""What a code says, as plain values for machines."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from shop.payments.qris.code import QrisCode
from shop.payments.qris.faults import QrisFault
from shop.payments.qris.rules import is_template
from shop.payments.qris.tlv import BrokenTlv, crc, split

_KINDS = {
    QrisFault.NOT_QRIS: "not_qris",
    QrisFault.OTHER_COUNTRY: "valid_emvco_not_qris",
    QrisFault.OTHER_CURRENCY: "valid_emvco_not_qris",
    QrisFault.NO_ACCOUNT: "valid_emvco_not_qris",
    QrisFault.INVALID_CRC: "invalid_crc",
    QrisFault.INVALID_DUPLICATE: "invalid_duplicate",
    QrisFault.OVER_LIMIT: "valid_crc_business_error",
}


def kind(found: QrisCode | QrisFault) -> str:
    """The sort of code it is, in one word, sound ones included."""
    if isinstance(found, QrisFault):
        return _KINDS.get(found, "invalid")
    return "valid_qris_dynamic" if found.dynamic else "valid_qris_static"


def as_written(payload: str) -> dict[str, Any]:
    """The code tag by tag and its check sum, as far as it can be cut into fields."""
    stated = payload[-4:] if payload[-8:-4] == "6304" else None
    due = None if stated is None else crc(payload[:-4])
    return {
        "payload": payload,
        "payload_len": len(payload),
        "crc_in_payload": stated,
        "crc_computed": due,
        "crc_ok": stated is not None and stated.upper() == due,
        "parsed": _cut(payload),
    }


def as_read(code: QrisCode) -> dict[str, Any]:
    """Everything a sound code says, by name and by tag."""
    return {
        "kind": kind(code),
        "merchant_name": code.name,
        "merchant_city": code.city,
        "postal_code": code.postcode,
        "country": code.country,
        "currency": code.currency,
        "mcc": code.mcc,
        "nmid": code.nmid,
        "criteria": code.criteria,
        "dynamic": code.dynamic,
        "amount": _plain(code.amount),
        "tip": dict(code.tip),
        "additional": dict(code.additional),
        "accounts": [asdict(account) for account in code.accounts],
        "sample": code.is_sample,
        **as_written(code.text),
    }


def _plain(amount: Decimal | None) -> int | str | None:
    """Whole rupiah as a number, sen as text; None where the buyer types the amount."""
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else str(amount)


def _cut(text: str) -> dict[str, Any] | None:
    """Values by tag, those of templates again by tag; of a repeated tag the last one."""
    try:
        fields = split(text)
    except BrokenTlv:
        return None
    return {
        tag: (_cut(value) or value) if is_template(tag) or tag >= "80" else value
        for tag, value in fields
    }
