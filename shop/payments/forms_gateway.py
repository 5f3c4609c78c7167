"""The form about what a gateway paid into the bank."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, ValidationError

from shop.core import clock
from shop.core.forms import AtMost, Between, DayField, Form, MoneyField, Needed, TextField
from shop.core.money import rupiah

MOST = 2_000_000_000
_GIVEN = InputRequired(_l("Isi jumlahnya, boleh 0."))


class AcquiredForm(Form):
    """One line of the gateway's settlement, as its report and the bank's statement say."""

    day = DayField(_l("Hari penjualan"), [Needed()])
    gross = MoneyField(_l("Jumlah penjualan (bruto)"), [Needed(), Between(1, MOST, money=True)])
    fee = MoneyField(_l("Biaya perusahaan QRIS"), [_GIVEN, Between(0, MOST, money=True)])
    credited = MoneyField(_l("Masuk ke rekening"), [_GIVEN, Between(0, MOST, money=True)])
    reference = TextField(_l("Nomor referensi bank"), [Needed(), AtMost(60)])

    def validate_day(self, field: Any) -> None:
        """Refuse a day that has not come. Raises `ValidationError`."""
        if field.data and field.data > clock.today():
            raise ValidationError(gettext("Hari ini belum datang."))

    def validate_credited(self, field: Any) -> None:
        """Refuse three sums that do not fit together. Raises `ValidationError`."""
        gross, fee = self.gross.data, self.fee.data
        if gross is None or fee is None or field.data is None:
            return
        if field.data != gross - fee:
            raise ValidationError(
                gettext(
                    "Bruto dikurangi biaya adalah %(sum)s. Periksa ketiga angkanya.",
                    sum=rupiah(gross - fee),
                )
            )
