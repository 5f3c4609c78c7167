"""The same code with an amount, and whether a code may be shown as it is."""

from __future__ import annotations

from shop.payments.qris.code import MOST, QrisCode
from shop.payments.qris.faults import BadQris, QrisFault
from shop.payments.qris.tlv import Field, crc, joined

_DYNAMIC = Field("01", "12")
_DROPPED = ("54", "55", "56", "57")


def with_amount(code: QrisCode, rupiah: int) -> str:
    """The text of `code` for one payment of exactly `rupiah`, and nothing on top of it.

    Tag 01 becomes 12, the amount goes before the first tag above 54, tags 55 to 57 are never in it,
    every other field stays as it is, the check sum is made anew. Raises `BadQris`:
    `ALREADY_DYNAMIC`, `BAD_AMOUNT` (not a whole number of at least 1), `OVER_LIMIT`.
    """
    if code.dynamic:
        raise BadQris(QrisFault.ALREADY_DYNAMIC, "01")
    if type(rupiah) is not int or rupiah < 1:
        raise BadQris(QrisFault.BAD_AMOUNT, "54")
    if rupiah > MOST:
        raise BadQris(QrisFault.OVER_LIMIT, "54")
    kept = [field for field in code.fields if field.tag not in _DROPPED]
    if any(field.tag == "01" for field in kept):
        kept = [_DYNAMIC if field.tag == "01" else field for field in kept]
    else:
        kept.insert(1, _DYNAMIC)
    place = next(number for number, field in enumerate(kept) if field.tag > "54")
    kept.insert(place, Field("54", str(rupiah)))
    body = joined(kept[:-1]) + "6304"
    return body + crc(body)


def check_offered(code: QrisCode) -> None:
    """Whether buyers may be shown `code` as it is, to type the amount themselves.

    Raises `BadQris`: `ALREADY_DYNAMIC` where the amount is fixed already, `HAS_TIP` where it makes
    the buyer pay a fee, which Bank Indonesia forbids.
    """
    if code.dynamic or code.amount is not None:
        raise BadQris(QrisFault.ALREADY_DYNAMIC, "01" if code.dynamic else "54")
    if code.tip:
        raise BadQris(QrisFault.HAS_TIP, min(code.tip))
