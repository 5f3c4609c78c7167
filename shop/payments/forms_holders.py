"""What staff type about couriers, points and the cash they carry."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.widgets import CheckboxInput, ListWidget

from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    PhoneField,
    SelectField,
    SelectMultipleField,
    TextField,
    as_choices,
)
from shop.core.money import MAX_PRICE, rupiah
from shop.payments.queries_holders import Waiting
from shop.sellers.models import Seller

_MOST = MAX_PRICE * 10
BANK = "bank"


class CourierForm(Form):
    """A courier."""

    name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    phone = PhoneField(_l("Nomor HP, boleh kosong"))


class TakenForm(Form):
    """Of which orders the courier has the cash now."""

    payments = SelectMultipleField(
        _l("Uangnya sudah diterima"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, waiting: Iterable[Waiting]) -> None:
        """Let these be ticked."""
        self.payments.choices = as_choices(
            (one.payment_id.hex, f"{one.order_number}, {one.seller}, {rupiah(one.amount)}")
            for one in waiting
        )

    def validate_payments(self, field: SelectMultipleField) -> None:
        """Ask for one at least."""
        if not field.data:
            field.errors = [gettext("Centang dulu pesanannya.")]

    @property
    def ids(self) -> list[uuid.UUID]:
        """The ticked ones, once the form is valid."""
        return [uuid.UUID(hex=value) for value in self.payments.data or ()]


class HandInForm(Form):
    """Cash that is handed in. `key` is the form's own."""

    key = HiddenField(validators=[Needed(), AtMost(60)])
    amount = MoneyField(_l("Uang yang disetor"), [Needed(), Between(1, _MOST, money=True)])
    to = SelectField(_l("Ke mana"))
    reference = TextField(
        _l("Nomor setoran"), [AtMost(60)],
        description=_l("Dari bukti setor atau mutasi bank. Ke penjual boleh kosong."),
    )  # fmt: skip

    def offer(self, sellers: Iterable[tuple[Seller, int]]) -> None:
        """The bank, and these sellers with what each may get in rupiah."""
        self.to.choices = as_choices(
            [
                (BANK, gettext("Rekening program")),
                *((one.id.hex, _at_most(one.name, left)) for one, left in sellers),
            ]
        )

    @property
    def seller_id(self) -> uuid.UUID | None:
        """Who got it, once the form is valid; none for the bank."""
        return None if self.to.data == BANK else uuid.UUID(hex=self.to.data)


def _at_most(name: str, left: int) -> str:
    return str(gettext("%(name)s, paling banyak %(sum)s", name=name, sum=rupiah(left)))
