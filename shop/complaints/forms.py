"""What buyers, sellers and staff type about a complaint."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from shop.complaints.decide import Back, Bearer, Cost
from shop.complaints.words import KINDS, OFFERS
from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    RadioField,
    WholeField,
    as_choices,
    tidy,
)
from shop.core.ids import new_id
from shop.orders.worth import LineWorth, PartWorth

LONGEST = 1000
FEWEST_WORDS = 3
MOST_RUPIAH = 1_000_000_000


class AFewWords:
    """At least three words: one alone tells nobody what happened."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise `ValidationError` where less was written."""
        if len((field.data or "").split()) < FEWEST_WORDS:
            raise ValidationError(
                gettext("Ceritakan sedikit lebih banyak, paling sedikit tiga kata.")
            )


class ProblemForm(Form):
    """What is wrong with what was handed over; the photos come beside it."""

    key = HiddenField(default=lambda: new_id().hex)
    kind = RadioField(_l("Apa masalahnya?"), choices=as_choices(KINDS.items()))
    text = TextAreaField(
        _l("Ceritakan apa yang terjadi"), [Needed(), AFewWords(), AtMost(LONGEST)], filters=[tidy]
    )


class AnswerForm(Form):
    """The seller's word."""

    text = TextAreaField(
        _l("Jawaban Anda"), [Needed(), AFewWords(), AtMost(LONGEST)], filters=[tidy],
        description=_l("Dibaca pembeli dan petugas. Hanya bisa dijawab sekali."),
    )  # fmt: skip
    offer = RadioField(_l("Apa yang Anda tawarkan?"), choices=as_choices(OFFERS.items()))


VERDICTS: tuple[tuple[str, Any], ...] = (
    ("refuse", _l("Tidak dikabulkan, uangnya untuk penjual")),
    ("all", _l("Semua uangnya kembali ke pembeli")),
    ("some", _l("Sebagian uangnya kembali ke pembeli")),
)
BEARERS: tuple[tuple[str, Any], ...] = (
    (Bearer.SELLER, _l("Penjual")),
    (Bearer.PROGRAMME, _l("Program")),
    (Bearer.SPLIT, _l("Dibagi")),
)


class DecisionForm(Form):
    """What staff decide, how much goes back, at whose cost, and why."""

    verdict = RadioField(_l("Keputusan"), choices=as_choices(VERDICTS))
    delivery = MoneyField(_l("Dari ongkos antar"), [Between(0, MOST_RUPIAH, money=True)])
    bearer = RadioField(
        _l("Siapa yang menanggung?"), choices=as_choices(BEARERS), default=Bearer.SELLER.value
    )
    share = MoneyField(_l("Bagian penjual kalau dibagi"), [Between(0, MOST_RUPIAH, money=True)])
    restock = BooleanField(_l("Barangnya sudah kembali ke penjual dan bisa dijual lagi"))
    reason = TextAreaField(
        _l("Alasan"), [Needed(), AFewWords(), AtMost(LONGEST)], filters=[tidy],
        description=_l("Dibaca pembeli dan penjual."),
    )  # fmt: skip

    lines: Sequence[LineWorth] = ()
    delivery_left = 0

    @classmethod
    def about(cls, found: PartWorth) -> DecisionForm:
        """The form for a part: two figures for each of its lines."""
        fields: dict[str, Any] = {"lines": tuple(found.lines.values())}
        for line in found.lines.values():
            fields[f"pieces_{line.line.id.hex}"] = WholeField(
                _l("Berapa buah"), [Between(0, line.live)]
            )
            fields[f"rupiah_{line.line.id.hex}"] = MoneyField(
                _l("Berapa rupiah"), [Between(0, line.left, money=True)]
            )
        form: DecisionForm = type("DecisionOfPart", (cls,), fields)()
        form.delivery_left = found.delivery_left
        return form

    def pieces_of(self, line_id: uuid.UUID) -> Any:
        """The field for the pieces of a line."""
        return self[f"pieces_{line_id.hex}"]

    def rupiah_of(self, line_id: uuid.UUID) -> Any:
        """The field for the rupiah of a line."""
        return self[f"rupiah_{line_id.hex}"]

    @property
    def back(self) -> Back:
        """What was chosen to go back; rupiah left empty are the price of the pieces."""
        lines = {}
        for line in self.lines:
            pieces = self.pieces_of(line.line.id).data or 0
            rupiah = self.rupiah_of(line.line.id).data
            taken = line.price_of(pieces) if rupiah is None else rupiah
            if pieces or taken:
                lines[line.line.id] = (pieces, taken)
        return Back(lines, self.delivery.data or 0)

    @property
    def cost(self) -> Cost:
        """Who bears it."""
        return Cost(Bearer(self.bearer.data), self.share.data or 0)

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for the figures that the decision needs. The verdict names them."""
        good = bool(super().validate(extra_validators))
        if self.verdict.data == "some":
            if (self.delivery.data or 0) > self.delivery_left:
                self.delivery.errors = [gettext("Lebih dari ongkos antar yang dibayar.")]
            elif good and not self.back.amount:
                self.verdict.errors = [gettext("Tulis berapa yang kembali di bawah ini.")]
        split = self.verdict.data != "refuse" and self.bearer.data == Bearer.SPLIT
        if split and self.share.data is None and not self.share.errors:
            self.share.errors = [gettext("Tulis berapa yang ditanggung penjual.")]
        return good and not self.errors
