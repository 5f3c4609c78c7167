"""Forms about payments and the shop's settings."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import StopValidation, ValidationError

from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    Optional,
    PhoneField,
    SelectField,
    TextField,
    WholeField,
    tidy,
)
from shop.core.money import MAX_PRICE
from shop.ledger.fees import HIGHEST
from shop.sellers.banks import LONGEST, SHORTEST, all_banks


class ConfirmForm(Form):
    """What staff saw in the bank's list."""

    evidence = TextField(_l("Catatan mutasi"), [AtMost(200)])


class ReferenceForm(Form):
    """By what a transfer we made can be found."""

    reference = TextField(_l("Nomor referensi bank"), [Needed(), AtMost(60)])


def an_address(_form: Any, field: Any) -> None:
    """Refuse what cannot be an e-mail address. Raises `ValidationError`."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", field.data or ""):
        raise ValidationError(gettext("Alamat email belum benar, misalnya toko@contoh.id."))


def an_account(_form: Any, field: Any) -> None:
    """Refuse what cannot be an account number. Raises `ValidationError`."""
    digits = re.sub(r"[\s.-]", "", field.data or "")
    if not re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", digits):
        raise ValidationError(gettext("Tulis nomor rekening dengan angka saja."))
    field.data = digits


class SettingsForm(Form):
    """What staff can change about the shop."""

    name = TextField(_l("Nama toko"), [Needed(), AtMost(60)])
    tagline = TextField(_l("Semboyan"), [Needed(), AtMost(160)])
    tagline_en = TextField(_l("Semboyan dalam bahasa Inggris"), [Needed(), AtMost(160)])
    contact_phone = PhoneField(_l("Nomor HP program"), [Needed(), AtMost(20)])
    contact_email = TextField(_l("Email program"), [Optional(), AtMost(254), an_address])
    bank_name = SelectField(_l("Bank"), [Needed()])
    bank_account = TextField(_l("Nomor rekening"), [Needed(), an_account])
    bank_holder = TextField(_l("Atas nama"), [Needed(), AtMost(80)])
    unpaid_hours = WholeField(_l("Waktu untuk membayar, jam"), [Needed(), Between(1, 240)])
    unaccepted_hours = WholeField(
        _l("Waktu penjual untuk menjawab, jam"), [Needed(), Between(1, 240)]
    )
    unseen_hours = WholeField(
        _l("Belum dilihat penjual sampai pendamping dikabari, jam"), [Needed(), Between(1, 240)]
    )
    completed_after_days = WholeField(
        _l("Selesai sendiri setelah diserahkan, hari"), [Needed(), Between(1, 30)]
    )
    payout_minimum = MoneyField(
        _l("Paling sedikit untuk dibayarkan"), [Between(0, MAX_PRICE, money=True)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bank_name.choices = [(bank.short, bank.name) for bank in all_banks().values()]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the settings keep it."""
        values = {k: v for k, v in self.data.items() if k != "csrf_token"}
        values["contact_phone"] = self.contact_phone.e164
        values["contact_email"] = values["contact_email"] or None
        values["payout_minimum"] = values["payout_minimum"] or 0
        return values


class PercentField(StringField):
    """A percentage with at most two decimals, kept in ten-thousandths in `basis_points`."""

    basis_points: int = 0

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was typed."""
        self.data: str = tidy(valuelist[0]) if valuelist else self.data or ""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Raise `StopValidation` where it is not a percentage the programme can keep."""
        text = str(self.data or "").rstrip("% ").replace(",", ".")
        try:
            wanted = Decimal(text) * 100
        except InvalidOperation:
            wanted = Decimal(-1)
        if not wanted.is_finite() or wanted != int(wanted) or not 0 <= wanted <= HIGHEST:
            raise StopValidation(gettext("Isi angka dari 0 sampai 50, misalnya 2,5."))
        self.basis_points = int(wanted)


class FeeForm(Form):
    """What the programme keeps of a sale from now on."""

    percent = PercentField(_l("Potongan program, persen"))


class QrisForm(Form):
    """The programme's QRIS picture; whose it is stands in its code."""

    picture = FileField(_l("Foto QRIS"), [FileRequired(_l("Pilih atau ambil fotonya dulu."))])


class AllowForm(Form):
    """Switching on what may need an agreement of the programme."""

    warning_read = BooleanField(_l("Saya sudah membaca ini dan memastikan programnya boleh"))
