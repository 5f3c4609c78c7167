"""What the people of a cooperative type about its lots."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from shop.core import clock, ids
from shop.core.forms import (
    AtMost,
    Between,
    DayField,
    Form,
    MoneyField,
    Needed,
    RadioField,
    SelectField,
    TextField,
    WholeField,
    as_choices,
    tidy,
)
from shop.lots.deliver import Brought
from shop.lots.hold import LONGEST_KEY
from shop.lots.pool import Terms
from shop.lots.states import WEIGHED, Grade, RecordKind
from shop.lots.words import RECORDS
from shop.lots.write_down import Written

MOST = 1_000_000_000
MOST_PER_KG = 10_000_000
MOST_GRAMS = 10_000_000
_WEIGHT = re.compile(r"([0-9]{1,5})(?:[,.]([0-9]{1,3}))?\s*(?:kg)?", re.ASCII | re.IGNORECASE)
_A_THOUSAND = re.compile(r"[0-9]{1,3}\.[0-9]{3}\s*(?:kg)?", re.ASCII | re.IGNORECASE)


class KilogramField(WholeField):
    """Kilograms as people write them, `12,5`; `data` is whole grams.

    `1.500` is refused: it may be a ton and a half, or a kilogram and a half.
    """

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was typed. Raises `ValueError` where it is no weight from 1 g to 10 t."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        found = None if _A_THOUSAND.fullmatch(typed) else _WEIGHT.fullmatch(typed)
        grams = int(found[1]) * 1_000 + int((found[2] or "").ljust(3, "0")) if found else 0
        if not 0 < grams <= MOST_GRAMS:
            raise ValueError(gettext("Tulis beratnya, misalnya 12,5."))
        self.data = grams


class Keyed(Form):
    """A form that does its work once, however often it is sent."""

    key = HiddenField(default=ids.new_token)

    def own_key(self) -> str:
        """The form's own key; one that cannot be ours is replaced."""
        known = self.key.data or ""
        return known if 0 < len(known) <= LONGEST_KEY and ":" not in known else ids.new_token()


class NoteForm(Keyed):
    """What a member brought; the photo of the scale comes beside it."""

    product = SelectField(_l("Barang"))
    member = SelectField(_l("Siapa yang menyetor"))
    kilograms = KilogramField(_l("Berat, kg"), [Needed()])
    grade = RadioField(
        _l("Mutu"), choices=as_choices([(one.value, one.value) for one in Grade]),
        default=Grade.A.value,
    )  # fmt: skip
    day = DayField(_l("Tanggal"), [Needed()], default=clock.today)
    provisional = MoneyField(
        _l("Harga sementara per kg"), [Needed(), Between(1, MOST_PER_KG, money=True)]
    )
    farm_gate = MoneyField(
        _l("Harga tengkulak per kg hari itu"), [Between(1, MOST_PER_KG, money=True)]
    )

    def brought(self, photo: str | None) -> Brought:
        """What was brought, once it is valid."""
        return Brought(
            uuid.UUID(self.product.data), uuid.UUID(self.member.data), self.kilograms.data or 0,
            Grade(self.grade.data), self.day.data, self.provisional.data or 0,
            self.farm_gate.data, photo,
        )  # fmt: skip


class RecordForm(Keyed):
    """Something of a lot beside notes and sales; its proof comes beside it."""

    kind = SelectField(_l("Apa"), choices=as_choices(RECORDS.items()))
    amount = MoneyField(_l("Berapa rupiah"), [Between(1, MOST, money=True)])
    kilograms = KilogramField(_l("Berapa kg"))
    note = TextField(_l("Keterangan"), [Needed(), AtMost(200)])
    day = DayField(_l("Tanggal"), [Needed()], default=clock.today)

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for money where money moved, for weight where goods did, and for a past day."""
        good = bool(super().validate(extra_validators))
        if self.kind.data not in RECORDS:
            return False
        kind = RecordKind(self.kind.data)
        if kind in WEIGHED and not self.kilograms.data:
            self.kilograms.errors = [gettext("Tulis beratnya, misalnya 12,5.")]
        if kind is not RecordKind.SHRINK and not self.amount.data:
            self.amount.errors = [gettext("Tulis angka saja, misalnya 15000.")]
        if self.day.data is not None and self.day.data > clock.today():
            self.day.errors = [gettext("Hari ini atau sebelumnya.")]
        return good and not self.errors

    def written(self, proof: str | None) -> Written:
        """What happened, once it is valid; what its kind has no use for is left out."""
        kind = RecordKind(self.kind.data)
        return Written(
            kind,
            0 if kind is RecordKind.SHRINK else self.amount.data or 0,
            (self.kilograms.data or 0) if kind in WEIGHED else 0,
            self.note.data, self.day.data, proof,
        )  # fmt: skip


class SettleForm(Form):
    """The outcome that was seen, and why somebody gets less than her provisional price."""

    seal = HiddenField()
    why = TextAreaField(_l("Kenapa kurang dari harga sementara?"), [AtMost(300)], filters=[tidy])


class WordsForm(Form):
    """Why something is withdrawn."""

    words = TextAreaField(_l("Kenapa ditarik?"), [Needed(), AtMost(300)], filters=[tidy])


class TermsForm(Form):
    """How a product is sold by lots."""

    product = SelectField(_l("Barang"))
    weight_a = WholeField(_l("Mutu A"), [Needed(), Between(1, 1_000)], default=100)
    weight_b = WholeField(_l("Mutu B"), [Needed(), Between(1, 1_000)], default=80)
    weight_c = WholeField(_l("Mutu C"), [Needed(), Between(1, 1_000)], default=60)
    fee = WholeField(_l("Potongan koperasi, berapa persen"), [Needed(), Between(0, 50)], default=5)

    def terms(self) -> Terms:
        """What was decided, once it is valid."""
        weights = (self.weight_a.data or 0, self.weight_b.data or 0, self.weight_c.data or 0)
        return Terms(dict(zip(Grade, weights, strict=True)), (self.fee.data or 0) * 100)


def offer(field: Any, rows: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Give a field what can be chosen, by id."""
    field.choices = as_choices([(str(id_), name) for id_, name in rows])
