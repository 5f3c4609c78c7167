"""What a seller says of the cash of an order that others take to her buyer, or keep for him."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.core.forms import Form, RadioField, as_choices
from shop.sellers.models_holder import CashHolder, HolderKind

HERSELF = "me"


class CarrierForm(Form):
    """In whose hand the buyer's cash comes."""

    who = RadioField(_l("Uang tunai diterima oleh"), default=HERSELF)

    def offer(self, holders: Iterable[CashHolder]) -> None:
        """Let these be chosen beside the seller herself."""
        self.who.choices = as_choices(
            [(HERSELF, gettext("Saya")), *((one.id.hex, _named(one)) for one in holders)]
        )

    @property
    def carrier_id(self) -> uuid.UUID | None:
        """Who was chosen, once the form is valid; none for the seller herself."""
        return None if self.who.data == HERSELF else uuid.UUID(hex=self.who.data)


def _named(holder: CashHolder) -> str:
    if holder.kind == HolderKind.COURIER:
        return str(gettext("Kurir %(name)s", name=holder.name))
    return str(gettext("Titik %(name)s", name=holder.name))
