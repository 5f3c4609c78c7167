"""The form that says which columns a bank's file has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField
from wtforms.validators import ValidationError

from shop.core.csv_file import FORMULA
from shop.core.forms import AtMost, Between, Form, Optional, TextField, WholeField
from shop.ledger.bank_file import FIELDS, Column

NAMES = {
    "seller": _l("Nama penjual"),
    "bank": _l("Bank"),
    "account": _l("Nomor rekening"),
    "holder": _l("Atas nama"),
    "amount": _l("Jumlah dalam rupiah"),
    "note": _l("Nomor daftar bayar"),
    "phone": _l("Nomor HP"),
    "state": _l("Keadaan"),
    "reference": _l("Nomor referensi bank"),
}
_LONGEST = 40


class _ColumnForm(wtforms.Form):
    """The place of one column, empty for none, and its heading."""

    place = WholeField(_l("Urutan"), [Optional(), Between(1, len(FIELDS))])
    heading = TextField(_l("Judul kolom"), [AtMost(_LONGEST)])

    def validate_heading(self, field: Any) -> None:
        """Raise `ValidationError` for a heading that a spreadsheet would run, or none at all."""
        if (field.data or "").startswith(FORMULA):
            raise ValidationError(gettext("Judul tidak boleh mulai dengan tanda hitung."))
        if self.place.data and not field.data:
            raise ValidationError(gettext("Bagian ini perlu diisi."))


class ColumnsForm(Form):
    """One row for each thing that can stand in a column, in the order of `FIELDS`."""

    columns = FieldList(FormField(_ColumnForm), min_entries=len(FIELDS), max_entries=len(FIELDS))

    @classmethod
    def showing(cls, chosen: Sequence[Column]) -> ColumnsForm:
        """The form with what is chosen now."""
        places = {column.field: place for place, column in enumerate(chosen, 1)}
        headings = {column.field: column.heading for column in chosen}
        rows = [
            {"place": places.get(field), "heading": headings.get(field, field)} for field in FIELDS
        ]
        return cls(formdata=None, columns=rows)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The words for each field, and its part of the form."""
        return [(NAMES[field], row) for field, row in zip(FIELDS, self.columns, strict=True)]

    @property
    def chosen(self) -> list[Column]:
        """The columns in their order."""
        placed = [
            (row.form.place.data, field, row.form.heading.data)
            for field, row in zip(FIELDS, self.columns, strict=True)
            if row.form.place.data
        ]
        return [Column(field, heading) for _, field, heading in sorted(placed)]

    def validate_columns(self, field: Any) -> None:
        """Raise `ValidationError` where there is no column, or two are to stand in one place."""
        places = [row.form.place.data for row in field if row.form.place.data]
        if not places:
            raise ValidationError(gettext("Pilih paling sedikit satu kolom."))
        if len(places) != len(set(places)):
            raise ValidationError(gettext("Dua kolom punya urutan yang sama."))
