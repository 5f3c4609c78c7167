"""Forms about what the programme keeps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.core.forms import Between, Form, MoneyField, Optional, SelectField, as_choices
from shop.ledger.fees import EVERYBODY, MOST_FLAT, For
from shop.payments.forms import PercentField


class WhomForm(Form):
    """Whom a rule is for."""

    whom = SelectField(_l("Untuk siapa"), validate_choice=True)

    def offer(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """Set whom it can be for."""
        words = {"category": _l("Jenis barang: %(name)s"), "seller": _l("Penjual: %(name)s")}
        named = [(key, str(words[kind]) % {"name": name}) for key, name, kind in choices]
        self.whom.choices = as_choices([("", gettext("Semua penjual dan barang")), *named])

    @property
    def target(self) -> For:
        """Whom it is for, as the rules keep it."""
        kind, _, which = (self.whom.data or "").partition(":")
        if kind == "s":
            return uuid.UUID(which), None
        return (None, which) if kind == "c" else EVERYBODY


class RuleForm(WhomForm):
    """What is kept of each sale from now on: a percentage, and a flat sum of each line."""

    percent = PercentField(_l("Persen dari harga barang"))
    flat = MoneyField(
        _l("Ditambah jumlah tetap tiap barang"), [Optional(), Between(0, MOST_FLAT, money=True)]
    )
