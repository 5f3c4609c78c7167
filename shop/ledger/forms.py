"""Forms about payouts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import ValidationError

from shop.core.forms import (
    AtMost,
    DayField,
    Form,
    Needed,
    Optional,
    RadioField,
    TextField,
    as_choices,
)
from shop.ledger.journal.export import Format


class BatchForm(Form):
    """Prepare a batch; `key` was drawn when the page was shown, so pressing twice makes one."""

    key = TextField("", [Needed(), AtMost(60)])
    everybody = BooleanField("")


class RefuseForm(Form):
    """Why a batch is not approved."""

    reason = TextField(_l("Kenapa ditolak"), [Needed(), AtMost(300)])


class PaidForm(Form):
    """The bank's reference of a payout, or of a whole batch."""

    reference = TextField(_l("Nomor referensi bank"), [Needed(), AtMost(60)])


class SignedForm(Form):
    """The photo of what a seller signed for money in her hand."""

    photo = FileField(_l("Foto tanda tangan"), [FileRequired(_l("Pilih atau ambil fotonya dulu."))])


class ReturnedForm(Form):
    """Why the bank sent a payout back."""

    reason = TextField(_l("Kenapa kembali"), [Needed(), AtMost(300)])


class JournalForm(Form):
    """In which format the journal leaves the building, and of which days. It changes nothing."""

    class Meta:
        """Its values stand in the address."""

        csrf = False

    format = RadioField(
        _l("Bentuk"),
        choices=as_choices(
            [
                (Format.TRIAL_BALANCE.value, _l("Neraca saldo, untuk dibaca")),
                (Format.TRIAL_BALANCE_CSV.value, _l("Neraca saldo, CSV")),
                (Format.CSV.value, _l("Seluruh jurnal, CSV untuk lembar kerja")),
                (Format.BEANCOUNT.value, _l("Seluruh jurnal, Beancount")),
                (Format.HLEDGER.value, _l("Seluruh jurnal, hledger")),
            ]
        ),
        default=Format.TRIAL_BALANCE.value,
    )
    dari = DayField(_l("Dari tanggal"), [Optional()])
    sampai = DayField(_l("Sampai tanggal"), [Optional()])
    nama = BooleanField(_l("Sertakan nama penjual, anggota dan catatan"))

    def validate_sampai(self, field: Any) -> None:
        """Raise `ValidationError` where the last day comes before the first."""
        if self.dari.data and field.data and field.data < self.dari.data:
            raise ValidationError(gettext("Tanggal ini sebelum tanggal pertama."))
