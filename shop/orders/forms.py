"""What buyers and sellers type about orders."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError

from shop.core.forms import (
    AtMost,
    Form,
    MoneyField,
    Needed,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
)
from shop.core.money import rupiah
from shop.core.regions import all_kelurahan, kelurahan_choices

LONGEST_NOTE = 300


class CheckoutForm(Form):
    """Who, where to, how to pay. What is wanted of each seller stands beside it (`till`)."""

    key = HiddenField()
    total = HiddenField()
    buyer_name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    buyer_phone = PhoneField(_l("Nomor HP (WhatsApp)"), [Needed()])
    kelurahan = SelectField(_l("Kelurahan"), validate_choice=False)
    address = TextField(
        _l("Jalan, nomor, patokan"), [AtMost(300)],
        description=_l("Hanya dilihat penjual yang mengantar."),
    )  # fmt: skip
    method = RadioField(_l("Cara bayar"), validate_choice=False)

    delivered = False
    """Whether some seller is to bring something: then the place must be known."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kelurahan.choices = [("", gettext("Pilih kelurahan")), *kelurahan_choices()]

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for the place where something is to be brought."""
        good = bool(super().validate(extra_validators))
        if self.kelurahan.data and self.kelurahan.data not in all_kelurahan():
            self.kelurahan.errors = [gettext("Pilih kelurahan dari daftar.")]
        elif self.delivered and not self.kelurahan.data:
            self.kelurahan.errors = [gettext("Pilih kelurahan tujuan antar.")]
        if self.delivered and not self.address.data:
            self.address.errors = [gettext("Tulis jalan dan patokan, supaya pengantar menemukan.")]
        if self.method.data not in [value for value, _ in self.method.choices or ()]:
            self.method.errors = [gettext("Pilih cara bayar.")]
        return good and not self.errors


class FindForm(Form):
    """Finding an order again."""

    number = TextField(
        _l("Nomor pesanan"), [Needed(), AtMost(20)], description=_l("Delapan huruf dan angka.")
    )
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
