"""QRIS codes: read from text or a photo, given an amount, drawn. Knows no database.

Source of the rules: EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode, as
Indonesia uses it (QRIS); Bank Indonesia's limit for one payment is in PADG 24/1/PADG/2022.
"""

from __future__ import annotations

from shop.payments.qris.amount import check_offered, with_amount
from shop.payments.qris.code import MOST, Account, QrisCode
from shop.payments.qris.draw import picture_png, picture_svg
from shop.payments.qris.faults import BadQris, QrisFault
from shop.payments.qris.parse import read
from shop.payments.qris.photo import read_picture

__all__ = [
    "MOST",
    "Account",
    "BadQris",
    "QrisCode",
    "QrisFault",
    "check_offered",
    "picture_png",
    "picture_svg",
    "read",
    "read_picture",
    "with_amount",
]
