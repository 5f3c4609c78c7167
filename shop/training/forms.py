"""What staff write down about courses and the people in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from shop.core import clock
from shop.core.forms import (
    AtMost,
    Between,
    DayField,
    Form,
    MoneyField,
    Needed,
    Optional,
    PhoneField,
    SelectField,
    TextField,
    WholeField,
    as_choices,
    tidy,
)
from shop.core.money import MAX_PRICE
from shop.core.regions import kelurahan_choices
from shop.training.models import AgencyKind, BaselineKind

AGENCY_KINDS = {
    AgencyKind.GOVERNMENT.value: _l("Kantor pemerintah"),
    AgencyKind.NGO.value: _l("Yayasan atau lembaga masyarakat"),
}
BASELINE_KINDS = {
    "": _l("Belum ditanyakan"),
    BaselineKind.MEASURED.value: _l("Ditanyakan sebelum kursus mulai"),
    BaselineKind.RECALLED.value: _l("Diingat kembali sesudahnya"),
}


class PickField(SelectField):
    """One of several values with their words."""

    def __init__(
        self,
        label: Any,
        validators: Any = (),
        *,
        choices: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            label,
            validators,
            choices=as_choices((choices or {}).items()),
            **more,
        )


class AgencyForm(Form):
    """A new agency."""

    name = TextField(_l("Nama lembaga"), [Needed(), AtMost(120)])
    kind = PickField(_l("Jenis lembaga"), choices=AGENCY_KINDS)


class CourseForm(Form):
    """A new course; its agencies are set by the view."""

    title = TextField(_l("Judul kursus"), [Needed(), AtMost(120)])
    title_en = TextField(_l("Judul dalam bahasa Inggris"), [Needed(), AtMost(120)])
    agency = PickField(_l("Diberikan oleh"), [Needed()])
    skill = TextField(
        _l("Keterampilan"), [Needed(), AtMost(40)], description=_l("Misalnya: kue kering")
    )
    hours = WholeField(_l("Lama, jam"), [Needed(), Between(1, 2000)])
    description = TextAreaField(_l("Keterangan"), [AtMost(2000)], filters=[tidy])

    @property
    def slug(self) -> str:
        """The title as an address."""
        plain = unicodedata.normalize("NFKD", self.title.data).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "kursus"


class CohortForm(Form):
    """A new cohort of a course."""

    name = TextField(
        _l("Nama angkatan"), [Needed(), AtMost(80)], description=_l("Misalnya: Angkatan 3, 2026")
    )
    starts_on = DayField(_l("Hari pertama"), [Needed()])
    ends_on = DayField(_l("Hari terakhir"), [Needed()])
    place = TextField(_l("Tempat"), [AtMost(120)])

    def validate_ends_on(self, field: DayField) -> None:
        """Raise `ValidationError` where it ends before it starts."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("Hari terakhir tidak boleh sebelum hari pertama."))


class ParticipantForm(Form):
    """Somebody new in the programme."""

    name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    phone = PhoneField(_l("Nomor HP (boleh kosong)"))
    kelurahan = PickField(
        _l("Kelurahan"),
        [Needed()],
        choices={"": _l("Pilih kelurahan"), **dict(kelurahan_choices())},
    )
    household_size = WholeField(
        _l("Jumlah anggota keluarga serumah (boleh kosong)"), [Optional(), Between(1, 30)]
    )
    baseline_income = MoneyField(
        _l("Pendapatannya sebulan sebelum kursus (boleh kosong)"),
        [Optional(), Between(0, MAX_PRICE, money=True)],
    )
    baseline_kind = PickField(_l("Dari mana angka itu diketahui"), choices=BASELINE_KINDS)

    def validate_baseline_kind(self, field: PickField) -> None:
        """Raise `ValidationError` where the figure or how it is known is missing."""
        if (self.baseline_income.data is None) != (not field.data):
            raise ValidationError(
                gettext("Isi pendapatan dan dari mana diketahui, atau kosongkan keduanya.")
            )


class FinishForm(Form):
    """The day on which those who are ticked finished; no later than today."""

    finished_on = DayField(_l("Lulus pada"), [Needed()], default=clock.today)

    def reaches(self, starts_on: date) -> bool:
        """Whether the day lies between the first day of the cohort and today."""
        day = self.finished_on.data
        return day is not None and starts_on <= day <= clock.today()


class DropForm(Form):
    """Why somebody left a course."""

    reason = TextField(
        _l("Mengapa keluar?"),
        [Needed(), AtMost(400)],
        description=_l("Misalnya: menjaga anak, pindah rumah, bekerja"),
    )
