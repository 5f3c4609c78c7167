"""Forms: faults in the page's language beside the field, and what was typed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import wtforms
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

from shop.core.i18n import parse_phone, phone
from shop.core.money import rupiah

_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Form(FlaskForm):
    """The base of all forms."""


class Needed(DataRequired):
    """Something must be written here."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or lazy_gettext("Bagian ini perlu diisi."))

    def __call__(self, form: Any, field: Any) -> None:
        """Raise `StopValidation` where nothing was written. 0 is something; so is a wrong number,
        about which its field has said more than this could.
        """
        if not field.errors and (field.data != 0 or field.data is False):
            super().__call__(form, field)


class AtMost(Length):
    """At most `longest` characters."""

    def __init__(self, longest: int) -> None:
        super().__init__(max=longest)

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ARG002
        """Raise `ValidationError` where the text is too long."""
        if len(field.data or "") > self.max:
            raise ValidationError(
                gettext("Terlalu panjang: paling banyak %(most)d huruf.", most=self.max)
            )


class Between:
    """A whole number from `low` to `high`, shown as rupiah if `money`."""

    def __init__(self, low: int, high: int, *, money: bool = False) -> None:
        self.low, self.high, self.money = low, high, money

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise `StopValidation` where the number is out of range."""
        if field.data is None or self.low <= field.data <= self.high:
            return
        write = rupiah if self.money else str
        raise StopValidation(
            gettext(
                "Isi angka dari %(low)s sampai %(high)s.",
                low=write(self.low),
                high=write(self.high),
            )
        )


def tidy(text: str | None) -> str:
    """Text without control or direction signs and without space around it."""
    return _CONTROL.sub("", text or "").replace("\r\n", "\n").strip()


def as_choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices of a field: value and words."""
    return [SelectChoice(value, words) for value, words in pairs]


class Mailable:
    """Looks like an address that mail can be sent to."""

    def __call__(self, _form: object, field: StringField) -> None:
        """Raise `ValidationError` where it does not."""
        if field.data and not _MAIL.fullmatch(field.data):
            raise ValidationError(gettext("Alamat email ini belum benar."))


class _Chosen:
    """WTForms has no Indonesian, so a value that is not on the list gets the house's words."""

    def __init__(self, *args: Any, **more: Any) -> None:
        words = lazy_gettext("Pilih salah satu dari daftar.")
        told = {"invalid_choice_message": words, "invalid_value_message": words}
        super().__init__(*args, **{**told, **more})


class SelectField(_Chosen, wtforms.SelectField):
    """One of several, from a list that opens."""


class RadioField(_Chosen, wtforms.RadioField):
    """One of several, all of them in sight."""


class SelectMultipleField(_Chosen, wtforms.SelectMultipleField):
    """Any of several."""


class TextField(StringField):
    """Text, tidied."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was typed."""
        self.data = tidy(valuelist[0]) if valuelist else self.data or ""


class DayField(DateField):
    """A day, from the browser's own day picker."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was picked. Raises `ValueError` where it is not a day."""
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(gettext("Pilih tanggal, misalnya 24-11-2026.")) from fault


_WHOLE = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})", re.ASCII)


class WholeField(IntegerField):
    """A whole number, written with or without dots between thousands; empty is None.

    A dot anywhere else is refused: `15.5` must become neither 15 nor 155.
    """

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was typed. Raises `ValueError` where it is not a whole number."""
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        plain = re.sub(r"^rp|\s", "", text.lower())
        if not _WHOLE.fullmatch(plain):
            self.data = None
            raise ValueError(gettext("Tulis angka saja, misalnya 15000."))
        self.data = int(plain.replace(".", ""))

    def process_data(self, value: Any) -> None:
        """Take in a value from the program."""
        self.data = value

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}".replace(",", ".")


class MoneyField(WholeField):
    """Whole rupiah."""


class PhoneField(StringField):
    """A phone number, as E.164 in `e164` once it is valid."""

    data: Any
    e164: str = ""

    def process_data(self, value: Any) -> None:
        """Take in a number from the program, shown as people here write it."""
        self.data = phone(value) if value else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was typed."""
        self.data = tidy(valuelist[0]) if valuelist else self.data or ""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Raise `ValidationError` where it cannot be a phone number."""
        if not self.data:
            return
        try:
            self.e164 = parse_phone(self.data)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


__all__ = [
    "AtMost",
    "Between",
    "DayField",
    "Field",
    "Form",
    "MoneyField",
    "Needed",
    "Optional",
    "PhoneField",
    "RadioField",
    "SelectField",
    "SelectMultipleField",
    "TextField",
    "WholeField",
    "as_choices",
    "tidy",
]
