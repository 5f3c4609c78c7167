"""What staff type about money that fits no payment."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    SelectField,
    TextField,
    as_choices,
)
from shop.core.money import MAX_PRICE
from shop.payments.states import Method
from shop.payments.words_ways import NAMES

_MOST = MAX_PRICE * 10


class StrayForm(Form):
    """Money as the bank's or the acquirer's list shows it. `key` is the form's own."""

    key = HiddenField(validators=[Needed(), AtMost(60)])
    method = SelectField(
        _l("Masuk lewat"),
        choices=as_choices((way.value, NAMES[way]) for way in (Method.TRANSFER, Method.QRIS)),
    )
    amount = MoneyField(_l("Uang yang masuk"), [Needed(), Between(1, _MOST, money=True)])
    number = TextField(
        _l("Nomor pesanan, kalau tahu"), [AtMost(20)],
        description=_l("Belum tahu? Kosongkan, cari nanti."),
    )  # fmt: skip
    note = TextField(
        _l("Catatan mutasi"), [AtMost(200)],
        description=_l("Nama pengirim dan tanggalnya, seperti di mutasi."),
    )  # fmt: skip
