"""What sellers and staff type about consigned goods."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from shop.catalog.models import Variant
from shop.consignment.leave import LONGEST_KEY, MOST_PIECES, Left
from shop.consignment.models import Consignment
from shop.consignment.queries import left
from shop.consignment.record import Counted
from shop.consignment.states import PaidBy
from shop.consignment.take_back import LONGEST_REASON
from shop.core import ids
from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    RadioField,
    SelectField,
    TextField,
    WholeField,
    as_choices,
)
from shop.core.money import rupiah
from shop.sellers.models import PickupPoint


class LeaveForm(Form):
    """What is left where; `leave_form` adds pieces and share of each thing."""

    key = HiddenField()
    point = SelectField(_l("Di mana"), [Needed()])
    note = TextField(_l("Catatan untuk tempat itu"), [AtMost(300)])

    things: Sequence[Variant] = ()

    def own_key(self) -> str:
        """The form's own key; one that cannot be ours is replaced."""
        return _key(self.key.data)

    def pieces_of(self, variant: Variant) -> Any:
        """The field with how many."""
        return self[f"pieces_{variant.id.hex}"]

    def share_of(self, variant: Variant) -> Any:
        """The field with what the place keeps of each."""
        return self[f"share_{variant.id.hex}"]

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for at least one thing, and a share within its price."""
        good = bool(super().validate(extra_validators))
        for variant in self.things:
            share = self.share_of(variant)
            if share.data is not None and share.data > variant.price:
                share.errors = [
                    gettext("Paling banyak harganya, %(price)s.", price=rupiah(variant.price))
                ]
        if self.things and not self.left() and not self.errors:
            self.pieces_of(self.things[0]).errors = [gettext("Isi paling sedikit satu barang.")]
        return good and not self.errors

    def left(self) -> list[Left]:
        """The things of which some are left, once it is valid."""
        return [
            Left(variant.id, pieces, self.share_of(variant).data or 0)
            for variant in self.things
            if (pieces := self.pieces_of(variant).data)
        ]


def leave_form(
    things: Sequence[Variant], points: Sequence[PickupPoint], **kwargs: Any
) -> LeaveForm:
    """The form for these things and places."""
    fields: dict[str, Any] = {}
    for variant in things:
        fields[f"pieces_{variant.id.hex}"] = WholeField(_l("Berapa"), [Between(0, MOST_PIECES)])
        fields[f"share_{variant.id.hex}"] = MoneyField(
            _l("Bagian tempat per buah"), [Between(0, 100_000_000, money=True)]
        )
    made: LeaveForm = type("LeaveFormOfSeller", (LeaveForm,), fields)(**kwargs)
    made.things = things
    made.point.choices = as_choices(
        [("", gettext("Pilih tempat")), *((str(point.id), point.name) for point in points)]
    )
    return made


class CountForm(Form):
    """What became of the pieces; `count_form` adds three numbers for each line."""

    key = HiddenField()
    paid_by = RadioField(
        _l("Uang yang laku di mana?"),
        choices=as_choices(
            [
                (PaidBy.POINT.value, _l("Masih di tempat titip")),
                (PaidBy.SELLER.value, _l("Sudah saya terima tunai")),
            ]
        ),
        default=PaidBy.POINT.value,
    )

    consignment: Consignment

    def own_key(self) -> str:
        """The form's own key; one that cannot be ours is replaced."""
        return _key(self.key.data)

    def fields_of(self, line_id: uuid.UUID) -> list[Any]:
        """Sold, back, lost of a line."""
        return [self[f"{kind}_{line_id.hex}"] for kind in ("sold", "returned", "lost")]

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for something, and for no more than lies there."""
        good = bool(super().validate(extra_validators))
        for line in self.consignment.lines:
            fields = self.fields_of(line.id)
            if sum(field.data or 0 for field in fields) > left(line):
                self.too_many(line.id, left(line))
        if not self.counted() and not self.errors:
            first = next((x for x in self.consignment.lines if left(x)), self.consignment.lines[0])
            self.fields_of(first.id)[0].errors = [gettext("Isi paling sedikit satu angka.")]
        return good and not self.errors

    def too_many(self, line_id: uuid.UUID, there: int) -> None:
        """Say beside the first number of a line that less lies there."""
        self.fields_of(line_id)[0].errors = [
            gettext("Yang masih di sana hanya %(left)d.", left=there)
        ]

    def counted(self) -> list[Counted]:
        """The lines of which something is said, once it is valid."""
        found = [
            Counted(line.id, *(field.data or 0 for field in self.fields_of(line.id)))
            for line in self.consignment.lines
        ]
        return [one for one in found if any(True for _ in one.kinds())]


def count_form(consignment: Consignment, **kwargs: Any) -> CountForm:
    """The form for the lines of this consignment."""
    words = {"sold": _l("Laku"), "returned": _l("Kembali"), "lost": _l("Hilang, rusak")}
    fields: dict[str, Any] = {
        f"{kind}_{line.id.hex}": WholeField(label, [Between(0, MOST_PIECES)])
        for line in consignment.lines
        for kind, label in words.items()
    }
    made: CountForm = type("CountFormOfConsignment", (CountForm,), fields)(**kwargs)
    made.consignment = consignment
    return made


class BackForm(Form):
    """Why a count is taken back."""

    reason = TextField(
        _l("Alasan"), [Needed(), AtMost(LONGEST_REASON)], description=_l("Misalnya: salah ketik.")
    )


class HandedOnForm(Form):
    """Money that the place handed on."""

    key = HiddenField()
    amount = MoneyField(_l("Uang yang diterima"), [Needed(), Between(1, 1_000_000_000, money=True)])

    def own_key(self) -> str:
        """The form's own key; one that cannot be ours is replaced."""
        return _key(self.key.data)

    def too_much(self, outstanding: int) -> None:
        """Say that less is there."""
        self.amount.errors = [
            gettext("Yang masih di tempat titip hanya %(sum)s.", sum=rupiah(outstanding))
        ]


def _key(typed: str | None) -> str:
    known = typed or ""
    return known if 0 < len(known) <= LONGEST_KEY and ":" not in known else ids.new_token()
