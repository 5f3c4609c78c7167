"""Order numbers as people type them: what is mistyped is said without looking anything up."""

from __future__ import annotations

import re
from collections.abc import Callable

import flask_babel
from wtforms import Field, ValidationError

from shop.core import ids

LENGTH = 8
gettext: Callable[..., str] = flask_babel.gettext


def tidied(text: str) -> str:
    """The number in capitals, without the blanks and strokes people put between its signs."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def fault_of(text: str) -> str:
    """What is wrong with a typed number, in the page's language; empty where it may be one."""
    number = tidied(text)
    for place, sign in enumerate(number[:LENGTH], start=1):
        if sign not in ids.ALPHABET:
            return gettext(
                "Periksa lagi huruf ke-%(place)d: “%(sign)s” tidak ada di nomor pesanan.",
                place=place,
                sign=sign,
            )
    if len(number) < LENGTH:
        return gettext("Nomor ini belum lengkap: baru %(n)d dari 8 huruf dan angka.", n=len(number))
    if len(number) > LENGTH:
        return gettext("Nomor ini terlalu panjang: ada %(n)d, seharusnya 8.", n=len(number))
    if not ids.is_number(number):
        return gettext("Ada yang salah ketik di nomor ini. Cocokkan lagi satu per satu.")
    return ""


class OrderNumber:
    """Can be the number of an order: complete, and its check sign fits."""

    def __call__(self, _form: object, field: Field) -> None:
        """Raise `ValidationError` where it cannot."""
        if fault := fault_of(field.data or ""):
            raise ValidationError(fault)
