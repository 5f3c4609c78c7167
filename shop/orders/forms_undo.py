"""What staff and sellers type when pieces will not come or money goes back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    RadioField,
    TextField,
    WholeField,
    as_choices,
)
from shop.core.ids import new_id
from shop.core.money import rupiah
from shop.orders.chosen_lines import (
    MOST_RUPIAH,
    BadShare,
    NothingChosen,
    StillInTheHouse,
    TooManyPieces,
    TooMuchBack,
)
from shop.orders.worth import LineWorth, PartWorth

CANCEL, REFUND, RETURN = "cancel", "refund", "return"
VERBS: Mapping[str, Any] = {
    CANCEL: _l("Batalkan barang yang belum diserahkan"),
    REFUND: _l("Kembalikan uang saja"),
    RETURN: _l("Semua barang kembali, semua uang kembali"),
}
SELLER, PROGRAMME, SPLIT = "seller", "programme", "split"
BEARERS = ((SELLER, _l("Penjual")), (PROGRAMME, _l("Program")), (SPLIT, _l("Dibagi")))

Fault = TooManyPieces | TooMuchBack | BadShare | NothingChosen | StillInTheHouse


class LinesForm(Form):
    """So many pieces of each line of a part, and why."""

    key = HiddenField(default=lambda: new_id().hex)
    reason = TextField(_l("Alasan"), [Needed(), AtMost(300)])
    lines: Sequence[LineWorth] = ()

    @classmethod
    def fields_of(cls, line: LineWorth) -> dict[str, Any]:
        """The fields about one line."""
        return {
            f"pieces_{line.line.id.hex}": WholeField(_l("Berapa buah"), [Between(0, line.live)])
        }

    @classmethod
    def about(cls, found: PartWorth, **more: Any) -> Any:
        """The form for a part: figures for each of its lines."""
        fields: dict[str, Any] = {"lines": tuple(found.lines.values()), **more}
        for line in found.lines.values():
            fields |= cls.fields_of(line)
        return type(cls.__name__, (cls,), fields)()

    def pieces_of(self, line: LineWorth) -> Any:
        """The field for the pieces of a line."""
        return self[f"pieces_{line.line.id.hex}"]

    @property
    def pieces(self) -> dict[uuid.UUID, int]:
        """How many pieces of which line."""
        typed = ((line.line.id, self.pieces_of(line).data or 0) for line in self.lines)
        return {line_id: pieces for line_id, pieces in typed if pieces}

    def foreign(self, typed: Iterable[str]) -> bool:
        """Whether one of these names of fields is about a line of another order."""
        return any(name.startswith("pieces_") and name not in self._fields for name in typed)

    def blame(self, fault: Fault) -> None:
        """Put what is wrong beside the field it is about."""
        field, words = self.reason, gettext("Pilih dulu barang atau jumlah uangnya.")
        if isinstance(fault, TooManyPieces):
            field = self[f"pieces_{fault.line_id.hex}"]
            words = gettext("Paling banyak %(most)s.", most=fault.left)
        elif isinstance(fault, TooMuchBack):
            name = f"rupiah_{fault.line_id.hex}" if fault.line_id else "delivery"
            field = self._fields.get(name, self.reason)
            words = gettext("Paling banyak %(most)s.", most=rupiah(fault.left))
        elif isinstance(fault, BadShare) and "share" in self:
            field = self["share"]
            words = gettext("Paling banyak %(most)s.", most=rupiah(fault.most))
        elif isinstance(fault, StillInTheHouse):
            field = next(self.pieces_of(line) for line in self.lines if self.pieces_of(line).data)
            words = gettext("Belum diserahkan: batalkan barangnya, atau tulis rupiah saja.")
        elif self.lines:
            field = self.pieces_of(self.lines[0])
        field.errors = [words]


class DeclineForm(LinesForm):
    """What of a part the seller cannot make. Where no figure is sent, it is all of it."""

    @classmethod
    def fields_of(cls, line: LineWorth) -> dict[str, Any]:
        """One figure, the whole line at first."""
        field = WholeField(_l("Berapa yang tidak bisa"), [Between(0, line.live)], default=line.live)
        return {f"pieces_{line.line.id.hex}": field}

    @property
    def all(self) -> bool:
        """Whether nothing of the part is left."""
        fields = [self.pieces_of(line) for line in self.lines]
        return not any(field.raw_data for field in fields) or all(
            field.data == line.live for field, line in zip(fields, self.lines, strict=True)
        )


class UndoForm(LinesForm):
    """What staff undo of a part, how much goes back, and at whose cost."""

    verb = RadioField(_l("Apa yang dilakukan?"), choices=as_choices(VERBS.items()))
    delivery = MoneyField(_l("Dari ongkos antar"), [Between(0, MOST_RUPIAH, money=True)])
    bearer = RadioField(_l("Siapa yang menanggung?"), choices=as_choices(BEARERS), default=SELLER)
    share = MoneyField(_l("Bagian penjual kalau dibagi"), [Between(0, MOST_RUPIAH, money=True)])
    restock = BooleanField(_l("Barangnya sudah kembali ke penjual dan bisa dijual lagi"))

    @classmethod
    def fields_of(cls, line: LineWorth) -> dict[str, Any]:
        """Pieces and rupiah."""
        money = MoneyField(_l("Berapa rupiah"), [Between(0, line.left, money=True)])
        return {**super().fields_of(line), f"rupiah_{line.line.id.hex}": money}

    @classmethod
    def offering(cls, found: PartWorth, verbs: Sequence[str]) -> UndoForm:
        """The form for a part of which this can be done now.

        Nothing is chosen beforehand where there is a choice: one of them gives everything back.
        """
        form: UndoForm = cls.about(found)
        form.verb.choices = as_choices((verb, VERBS[verb]) for verb in verbs)
        if not form.is_submitted():
            form.verb.data = verbs[0] if len(verbs) == 1 else None
        return form

    def rupiah_of(self, line: LineWorth) -> Any:
        """The field for the rupiah of a line."""
        return self[f"rupiah_{line.line.id.hex}"]

    @property
    def back(self) -> dict[uuid.UUID, tuple[int, int]]:
        """Pieces and rupiah of each line; rupiah left empty are the price of the pieces."""
        found = {}
        for line in self.lines:
            pieces, typed = self.pieces_of(line).data or 0, self.rupiah_of(line).data
            taken = line.price_of(pieces) if typed is None else typed
            if pieces or taken:
                found[line.line.id] = (pieces, taken)
        return found

    def amount(self, found: PartWorth) -> int:
        """How many rupiah go back, by what is typed."""
        if self.verb.data == RETURN:
            return found.left
        if self.verb.data == REFUND:
            return sum(taken for _, taken in self.back.values()) + (self.delivery.data or 0)
        pieces = self.pieces
        if sum(pieces.values()) == found.live:
            kept = 0 if self.delivery.data is None else found.delivery_left - self.delivery.data
            return found.left - kept
        price = sum(found.lines[line].price_of(n) for line, n in pieces.items())
        return price + (self.delivery.data or 0)

    def seller_share(self, amount: int) -> int:
        """What the seller bears of `amount` rupiah."""
        split = self.share.data or 0
        return {SELLER: amount, PROGRAMME: 0}.get(self.bearer.data, split)

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for the share where the cost is split."""
        good = bool(super().validate(extra_validators))
        if self.bearer.data == SPLIT and self.share.data is None and not self.share.errors:
            self.share.errors = [gettext("Tulis berapa yang ditanggung penjual.")]
        return good and not self.errors
