"""What buyers and sellers type about orders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, ValidationError

from shop.core.forms import (
    AtMost,
    Between,
    Form,
    Mailable,
    MoneyField,
    Needed,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
)
from shop.core.money import rupiah
from shop.core.regions import all_kelurahan, kelurahan_choices
from shop.orders.arrange import HIGHEST
from shop.orders.order_number import OrderNumber

LONGEST_NOTE = 300
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,12})?", re.ASCII)


class DegreesField(TextField):
    """A latitude or longitude as people and phones write it; its number is in `degrees`."""

    degrees: float | None = None

    def __init__(self, label: Any, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Raise `ValidationError` where it is no number of degrees."""
        if not self.data:
            return
        found = _DEGREES.fullmatch(self.data)
        degrees = float(self.data.replace(",", ".")) if found else None
        if degrees is None or abs(degrees) > self.most:
            raise ValidationError(gettext("Tulis angka seperti 0,9186 atau kosongkan."))
        self.degrees = round(degrees, 6)


class CheckoutForm(Form):
    """Who, where to, how to pay. What is wanted of each seller stands beside it (`till`)."""

    key = HiddenField()
    total = HiddenField()
    credit = HiddenField()
    use_credit = BooleanField(_l("Pakai saldo untuk pesanan ini"))
    buyer_name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    buyer_phone = PhoneField(_l("Nomor HP (WhatsApp)"), [Needed()])
    kelurahan = SelectField(_l("Kelurahan"), validate_choice=False)
    address = TextField(
        _l("Jalan dan nomor rumah"), [AtMost(300)],
        description=_l("Hanya dilihat penjual yang mengantar."),
    )  # fmt: skip
    landmark = TextField(
        _l("Patokan"), [AtMost(160)], description=_l("Misalnya: samping musala, pagar hijau.")
    )
    latitude = DegreesField(_l("Lintang"), 90)
    longitude = DegreesField(_l("Bujur"), 180)
    buyer_email = TextField(_l("Email, boleh kosong"), [AtMost(254), Mailable()])
    whatsapp_ok = BooleanField(_l("Kirim kabar pesanan ini lewat WhatsApp"))
    method = RadioField(_l("Cara bayar"), validate_choice=False)
    word = TextField(_l("Kata promo, boleh kosong"), [AtMost(40)])

    delivered = False
    """Whether some seller is to bring something: then the place must be known."""
    missing: Sequence[str] = ()
    """Why ways to pay are not among the choices."""
    word_fault = ""
    """Why the word takes nothing off."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kelurahan.choices = [("", gettext("Pilih kelurahan")), *kelurahan_choices()]

    @property
    def pin(self) -> tuple[float, float] | None:
        """Where the buyer put a pin: latitude and longitude."""
        north, east = self.latitude.degrees, self.longitude.degrees
        return None if north is None or east is None else (north, east)

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for the place where something is to be brought."""
        good = bool(super().validate(extra_validators))
        if self.kelurahan.data and self.kelurahan.data not in all_kelurahan():
            self.kelurahan.errors = [gettext("Pilih kelurahan dari daftar.")]
        elif self.delivered and not self.kelurahan.data:
            self.kelurahan.errors = [gettext("Pilih kelurahan tujuan antar.")]
        for this, other in ((self.latitude, self.longitude), (self.longitude, self.latitude)):
            if not this.data and other.data:
                this.errors = [gettext("Titik peta perlu dua angka, atau kosongkan keduanya.")]
        if self.delivered and not self.address.data and not self.landmark.data:
            self.address.errors = [gettext("Tulis jalan dan patokan, supaya pengantar menemukan.")]
        if self.word_fault:
            self.word.errors = [self.word_fault]
        if self.method.data not in [value for value, _ in self.method.choices or ()]:
            self.method.errors = [gettext("Pilih cara bayar.")]
        return good and not self.errors


class ArrangeForm(Form):
    """What bringing one order costs."""

    fee = MoneyField(
        _l("Ongkos antar"), [Needed(), Between(0, HIGHEST, money=True)],
        description=_l("Gratis? Tulis 0."),
    )  # fmt: skip


class FindForm(Form):
    """Finding an order again."""

    number = TextField(
        _l("Nomor pesanan"), [Needed(), AtMost(20), OrderNumber()],
        description=_l("Delapan huruf dan angka."),
    )  # fmt: skip
    phone = PhoneField(_l("Nomor HP yang dipakai memesan"), [Needed()])


class ReasonForm(Form):
    """Why something is not done."""

    reason = TextField(_l("Alasan"), [Needed(), AtMost(300)])


class CashForm(Form):
    """The cash that came into the seller's hand."""

    amount = MoneyField(_l("Uang yang diterima"), [Needed()])
    total = 0
    """What the buyer owes, in rupiah."""

    def validate_amount(self, field: MoneyField) -> None:
        """Raise `ValidationError` where it is not what the buyer owes."""
        if field.data is not None and field.data != self.total:
            raise ValidationError(
                gettext(
                    "Yang harus diterima %(total)s. Kalau kurang, jangan diserahkan dulu.",
                    total=rupiah(self.total),
                )
            )
