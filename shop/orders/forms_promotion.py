"""What is typed about a promotion."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from shop.core import clock
from shop.core.forms import (
    AtMost,
    Between,
    DayField,
    Form,
    MoneyField,
    Needed,
    Optional,
    SelectField,
    TextField,
    WholeField,
    as_choices,
)
from shop.core.money import MAX_PRICE
from shop.orders.add_promotion import ALL, MOST_BUDGET, BadPromotion, NewPromotion, WordTaken
from shop.orders.models_promotion import Target

_KINDS = (
    ("percent", _l("Persen dari harga barang")),
    ("rupiah", _l("Rupiah dari harga barang")),
    ("free", _l("Ongkos antar gratis")),
    ("cheaper", _l("Ongkos antar lebih murah, rupiah")),
)
_MONEY = Between(1, MAX_PRICE, money=True)
_FIELDS = {"basis_points": "percent", "category_slug": "scope", "product_id": "scope",
           "ends_at": "until", "subsidy_points": "share"}  # fmt: skip
"""The field of the form for a field of `NewPromotion`, where it has another name."""


class OwnPromotionForm(Form):
    """A seller's promotion of her own goods. `key` was drawn when the page was shown."""

    key = HiddenField("", [Needed(), AtMost(60)])
    name = TextField(_l("Nama promo"), [Needed(), AtMost(60)])
    name_en = TextField(_l("Nama dalam bahasa Inggris, boleh kosong"), [AtMost(60)])
    kind = SelectField(_l("Yang dikurangi"), choices=as_choices(_KINDS))
    percent = WholeField(_l("Berapa persen"), [Optional(), Between(1, 90)])
    amount = MoneyField(_l("Berapa rupiah"), [Optional(), _MONEY])
    scope = SelectField(_l("Untuk barang apa"))
    minimum = MoneyField(
        _l("Mulai belanja berapa"), [Optional(), Between(0, MAX_PRICE, money=True)]
    )
    cap = MoneyField(_l("Paling banyak tiap pesanan"), [Optional(), _MONEY])
    budget = MoneyField(
        _l("Berakhir setelah mengurangi"), [Optional(), Between(1, MOST_BUDGET, money=True)]
    )
    word = TextField(_l("Kata yang harus ditulis pembeli"), [AtMost(20)])
    since = DayField(_l("Dari tanggal"), [Optional()])
    until = DayField(_l("Sampai tanggal"), [Optional()])

    def offer(self, scopes: Sequence[tuple[str, str, str]], everything: str) -> None:
        """Set what it can be for; `everything` names the widest."""
        words = {
            "category": _l("Jenis barang: %(name)s"),
            "seller": _l("Penjual: %(name)s"),
            "product": _l("Barang: %(name)s"),
        }
        named = [(key, str(words[kind]) % {"name": name}) for key, kind, name in scopes]
        self.scope.choices = as_choices([("", everything), *named])

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for the measure that its kind needs."""
        good = bool(super().validate(extra_validators))
        kind = self.kind.data
        if kind == "percent" and self.percent.data is None and not self.percent.errors:
            self.percent.errors = [gettext("Isi berapa persen.")]
        if kind in ("rupiah", "cheaper") and self.amount.data is None and not self.amount.errors:
            self.amount.errors = [gettext("Isi berapa rupiah.")]
        return good and not self.errors

    @property
    def subsidy_points(self) -> int:
        """What the programme bears, in ten-thousandths."""
        return 0

    @property
    def wanted(self) -> NewPromotion:
        """The promotion that a valid form asks for; days are days of Tanjungpinang."""
        kind, scope = self.kind.data, self.scope.data or ""
        which = scope.partition(":")[2]
        plain = NewPromotion(
            name=self.name.data,
            name_en=self.name_en.data,
            word=self.word.data or None,
            target=Target.DELIVERY if kind in ("free", "cheaper") else Target.GOODS,
            minimum=self.minimum.data or 0,
            cap=self.cap.data,
            budget=self.budget.data,
            subsidy_points=self.subsidy_points,
            starts_at=clock.day_start(self.since.data) if self.since.data else None,
            ends_at=clock.day_start(self.until.data + timedelta(days=1))
            if self.until.data
            else None,
            category_slug=which if scope.startswith("c:") else None,
            seller_id=uuid.UUID(which) if scope.startswith("s:") else None,
            product_id=uuid.UUID(which) if scope.startswith("p:") else None,
        )
        if kind in ("percent", "free"):
            points = ALL if kind == "free" else (self.percent.data or 0) * 100
            return replace(plain, basis_points=points)
        return replace(plain, amount=self.amount.data)

    def blame(self, told: BadPromotion) -> None:
        """Put the fault beside its field."""
        fault = {
            "word": gettext("Pakai 3 sampai 20 huruf atau angka, tanpa tanda lain."),
            "until": gettext("Tanggal ini sebelum tanggal pertama, atau sudah lewat."),
        }
        name = _FIELDS.get(told.field, told.field)
        field: Any = self[name]
        if isinstance(told, WordTaken):
            field.errors = [gettext("Kata ini sedang dipakai promo lain.")]
        else:
            field.errors = [fault.get(name, gettext("Ini tidak bisa dipakai."))]


class PromotionForm(OwnPromotionForm):
    """A promotion of the programme: any goods, and whoever bears it."""

    bearer = SelectField(
        _l("Siapa yang menanggung"),
        choices=as_choices(
            [
                ("programme", _l("Program")),
                ("seller", _l("Penjual")),
                ("both", _l("Keduanya")),
            ]
        ),
    )
    share = WholeField(_l("Bagian program, persen"), [Optional(), Between(1, 99)])

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for the programme's part where both bear it."""
        good = super().validate(extra_validators)
        if self.bearer.data == "both" and self.share.data is None and not self.share.errors:
            self.share.errors = [gettext("Isi berapa persen yang ditanggung program.")]
        return good and not self.errors

    @property
    def subsidy_points(self) -> int:
        """What the programme bears, in ten-thousandths."""
        return {"programme": ALL, "seller": 0}.get(
            self.bearer.data or "", (self.share.data or 0) * 100
        )
