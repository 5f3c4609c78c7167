"""What staff type to decide who bears a dispute that was lost."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.core.forms import AtMost, Between, Form, MoneyField, TextField
from shop.core.money import rupiah
from shop.payments.bear_dispute import RestNotSent, TooMuchBorne


class BearForm(Form):
    """A sum for each seller, in rupiah; what is left the programme bears. Empty is nothing.

    `reference` is of the bank, where more than was disputed was due to the buyer.
    """

    reference = TextField(_l("Nomor referensi bank"), [AtMost(30)])
    sellers: Sequence[uuid.UUID] = ()

    @classmethod
    def about(cls, parts: Sequence[tuple[uuid.UUID, str, int]], **more: Any) -> BearForm:
        """The form for a dispute of a payment with these parts: seller, name, rupiah."""
        fields: dict[str, Any] = {"sellers": tuple(seller for seller, _, _ in parts)}
        for seller, name, most in parts:
            fields[f"share_{seller.hex}"] = MoneyField(
                gettext("Ditanggung %(seller)s", seller=name), [Between(0, most, money=True)]
            )
        made: BearForm = type(cls.__name__, (cls,), fields)(**more)
        return made

    @property
    def fields(self) -> list[Any]:
        """The field of each seller."""
        return [self[f"share_{seller.hex}"] for seller in self.sellers]

    @property
    def shares(self) -> Mapping[uuid.UUID, int]:
        """What each seller bears."""
        return {seller: self[f"share_{seller.hex}"].data or 0 for seller in self.sellers}

    def blame(self, fault: TooMuchBorne | RestNotSent) -> None:
        """Put what is wrong beside the field it is about."""
        if isinstance(fault, RestNotSent):
            self.reference.errors = [
                gettext("Kirim dulu %(sum)s ke pembeli dengan bank.", sum=rupiah(fault.rest))
            ]
            return
        field = self[f"share_{fault.seller_id.hex}"] if fault.seller_id else self.fields[-1]
        field.errors = [gettext("Semua bersama paling banyak %(sum)s.", sum=rupiah(fault.most))]
