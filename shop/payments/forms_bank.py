"""Forms about bank statements and their lines."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from shop.core.forms import AtMost, Form, Needed, SelectField, TextField, as_choices
from shop.payments.bank import BadStatement, ColumnMap, Place
from shop.payments.bank.sheet import Row, squash
from shop.payments.bank.words import fault_message

_ROLES = ("day", "description", "debit", "credit", "amount", "side", "balance", "time")
"""The columns that the form asks for, in its order."""


class StatementForm(Form):
    """The file as the bank gave it."""

    file = FileField(
        _l("Berkas mutasi dari bank"), [FileRequired(_l("Pilih dulu berkas mutasinya."))]
    )


class AsideForm(Form):
    """Why a line is nothing of ours."""

    reason = TextField(_l("Alasan disisihkan"), [Needed(), AtMost(200)])


class UndoForm(Form):
    """Why a line was matched by mistake."""

    why = TextField(_l("Alasan dibatalkan"), [Needed(), AtMost(200)])


class OrderForm(Form):
    """For which order money came, where the sum does not tell."""

    number = TextField(_l("Nomor pesanan"), [Needed(), AtMost(12)])


class MapForm(Form):
    """Which column is which, in the statement of a bank that is not known here."""

    bank = TextField(_l("Nama bank"), [Needed(), AtMost(40)])
    day = SelectField(_l("Tanggal"), [Needed()])
    description = SelectField(_l("Keterangan"), [Needed()])
    debit = SelectField(_l("Uang keluar (debit)"))
    credit = SelectField(_l("Uang masuk (kredit)"))
    amount = SelectField(_l("Jumlah, kalau keluar dan masuk satu kolom"))
    side = SelectField(_l("Keluar atau masuk (DB/CR), kalau di kolom sendiri"))
    balance = SelectField(_l("Saldo"))
    time = SelectField(_l("Jam"))
    day_order = SelectField(
        _l("Urutan tanggal"),
        choices=as_choices(
            [
                ("dmy", _l("hari, bulan, tahun")),
                ("mdy", _l("bulan, hari, tahun")),
                ("ymd", _l("tahun, bulan, hari")),
            ]
        ),
    )

    def offer(self, head: Row | None, width: int) -> None:
        """Let staff choose among the columns under these headings, or by their numbers."""
        self.head = head
        cells = head.cells if head else []
        names = [str(cells[at]).strip() if at < len(cells) else "" for at in range(width)]
        columns = [
            (str(at), name or gettext("Kolom %(number)d", number=at))
            for at, name in enumerate(names, 1)
        ]
        for role in _ROLES:
            needed = role in ("day", "description")
            first = [] if needed else [("", gettext("tidak ada"))]
            self[role].choices = as_choices([*first, *columns])

    def propose(self, chosen: ColumnMap) -> None:
        """Set what the headings suggest."""
        for role in _ROLES:
            place = getattr(chosen, role)
            place = place[0] if isinstance(place, tuple) and place else place
            if place is not None and place != ():
                self[role].data = self._number(place)

    def column_map(self) -> ColumnMap | None:
        """The map that was chosen; None where it is none, with the fault beside its field."""
        places = {role: self._place(self[role].data) for role in _ROLES}
        words = places.pop("description")
        try:
            return ColumnMap(
                description=(words,) if words is not None else (),
                day_order=self.day_order.data,
                **places,
            )
        except BadStatement as refused:
            self.amount.errors = [
                gettext("Pilih kolom uang keluar dan uang masuk, atau satu kolom jumlah saja.")
                if refused.found == "amount"
                else fault_message(refused)
            ]
            return None

    def _place(self, chosen: str | None) -> Any:
        """The column by its heading, where no other has the same, else by its number."""
        if not chosen:
            return None
        at = int(chosen)
        names = [squash(cell) for cell in self.head.cells] if self.head else []
        name = names[at - 1] if at <= len(names) else ""
        return name if name and names.count(name) == 1 else at

    def _number(self, place: Place) -> str:
        if isinstance(place, int):
            return str(place)
        names = [squash(cell) for cell in self.head.cells] if self.head else []
        wanted = squash(place)
        return str(names.index(wanted) + 1) if wanted in names else ""


def heading_row(rows: list[Row], suggested: ColumnMap | None) -> Row | None:
    """The row that names the columns: the suggested map's, else the one with most words."""
    if suggested is not None and isinstance(suggested.day, str):
        wanted = squash(suggested.day)
        for row in rows:
            if wanted in [squash(cell) for cell in row.cells]:
                return row
    worded = [row for row in rows if _words(row) > 2]
    return max(worded, key=_words, default=None)


def _words(row: Row) -> int:
    return sum(any(one.isalpha() for one in squash(cell)) for cell in row.cells)
