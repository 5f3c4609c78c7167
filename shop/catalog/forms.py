"""What sellers and staff fill in about products."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from shop.catalog.choices import ALLERGENS, HALAL, MADE, PERMITS, STORED
from shop.catalog.facts import Facts
from shop.catalog.models import Category, Product
from shop.catalog.put_up import NewThing
from shop.catalog.states import HalalKind, PermitKind, StockKind
from shop.catalog.stock import MOST_ON_HAND
from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextField,
    WholeField,
    as_choices,
    tidy,
)
from shop.core.i18n import chosen
from shop.core.ids import new_id
from shop.core.money import MAX_PRICE

PRICE = (Between(1, MAX_PRICE, money=True), Needed())
"""The range comes first: of 0 it says more than that something is missing."""


class TextArea(TextAreaField):
    """Several lines of text, tidied."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take in what was typed."""
        self.data: str = tidy(valuelist[0]) if valuelist else ""


class KeyedForm(Form):
    """A form that does its work once, however often its button is pressed."""

    key = HiddenField(default=lambda: new_id().hex)

    @property
    def drawn_key(self) -> uuid.UUID:
        """The key drawn when the form was shown; a fresh one where it came back spoilt."""
        try:
            return uuid.UUID(hex=self.key.data or "")
        except ValueError:
            return new_id()


class NewProductForm(KeyedForm):
    """Photos, a name, a price; the rest may wait."""

    name = TextField(_l("Apa namanya?"), [Needed(), AtMost(100)])
    price = MoneyField(_l("Berapa harganya?"), PRICE)
    shelf = SelectField(_l("Jenisnya"), validate_choice=True)
    unit = TextField(_l("Dijual per apa?"), [AtMost(30)])
    stock_kind = RadioField(_l("Kapan dibuat?"), choices=as_choices(MADE), default=MADE[0][0])
    on_hand = WholeField(_l("Kalau sudah jadi: ada berapa?"), [Between(0, MOST_ON_HAND)])
    description = TextArea(_l("Cerita barangnya"), [AtMost(2000)])

    def offer(self, shelves: Iterable[Category]) -> None:
        """Fill in the shelves to choose from."""
        self.shelf.choices = as_choices([("", gettext("Pilihkan untuk saya")), *_names(shelves)])

    @property
    def counted(self) -> int | None:
        """How many there are; None where it is made to order."""
        return (self.on_hand.data or 0) if self.stock_kind.data == StockKind.READY else None

    def thing(self, photos: Sequence[str]) -> NewThing:
        """What was given, with the pictures kept for it."""
        return NewThing(
            key=self.drawn_key,
            name=self.name.data or "",
            price=self.price.data or 0,
            photos=photos,
            shelf=self.shelf.data or None,
            on_hand=self.counted,
            unit=self.unit.data or "",
            description=self.description.data or "",
        )

    def validate_on_hand(self, field: Any) -> None:
        """Ask for the number where the thing is there already."""
        if self.stock_kind.data == StockKind.READY and field.data is None:
            raise ValidationError(gettext("Tulis ada berapa yang sudah jadi."))


class PriceForm(Form):
    """A new price."""

    price = MoneyField(_l("Harga"), PRICE)


class StockForm(KeyedForm):
    """What is there, or how long it takes to make."""

    stock_kind = RadioField(_l("Kapan dibuat?"), choices=as_choices(MADE))
    on_hand = WholeField(_l("Ada berapa sekarang?"), [Between(0, MOST_ON_HAND)])
    lead_days = WholeField(_l("Siap berapa hari setelah dipesan?"), [Between(0, 120)])
    most_per_order = WholeField(
        _l("Paling banyak berapa sekali pesan?"), [Between(1, 1000), Needed()]
    )

    @classmethod
    def of(cls, product: Product) -> StockForm:
        """The form as it stands for this product."""
        return cls(
            formdata=None,
            stock_kind=product.stock_kind,
            on_hand=product.variants[0].on_hand,
            lead_days=product.lead_days,
            most_per_order=product.most_per_order,
        )

    counted = NewProductForm.counted
    validate_on_hand = NewProductForm.validate_on_hand


class FactsForm(Form):
    """Everything that can be said about a product."""

    name = TextField(_l("Nama"), [Needed(), AtMost(100)])
    category_slug = SelectField(_l("Jenisnya"))
    description = TextArea(_l("Cerita barangnya"), [AtMost(2000)])
    unit = TextField(_l("Dijual per apa?"), [AtMost(30)])
    weight_g = WholeField(_l("Berat bersih, dalam gram"), [Between(1, 200_000)])
    ingredients = TextArea(_l("Bahan, yang terbanyak lebih dulu"), [AtMost(1000)])
    allergens = SelectMultipleField(
        _l("Mengandung"),
        choices=as_choices(ALLERGENS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    shelf_life_days = WholeField(_l("Tahan berapa hari?"), [Between(0, 3650)])
    storage = SelectField(_l("Disimpan di mana?"), choices=as_choices(STORED))
    materials = TextField(_l("Bahan dan ukuran"), [AtMost(200)])
    permit_kind = SelectField(_l("Izin makanan"), choices=as_choices(PERMITS))
    permit_number = TextField(_l("Nomor izin"), [AtMost(30)])
    halal_kind = SelectField(_l("Halal"), choices=as_choices(HALAL))
    halal_number = TextField(_l("Nomor sertifikat halal"), [AtMost(30)])
    name_en = TextField(_l("Nama Inggris"), [AtMost(100)])
    unit_en = TextField(_l("Satuan Inggris"), [AtMost(30)])
    description_en = TextArea(_l("Cerita Inggris"), [AtMost(2000)])

    def offer(self, shelves: Iterable[Category]) -> None:
        """Fill in the shelves to choose from."""
        self.category_slug.choices = as_choices(_names(shelves))

    def facts(self) -> Facts:
        """What was filled in, without name and shelf."""
        given = {name: self.data[name] for name in Facts.__annotations__ if name in self.data}
        return cast("Facts", given)

    def validate_permit_number(self, field: Any) -> None:
        """A permit is claimed with its number or not at all (Per BPOM 31/2018 on labels)."""
        claimed = self.permit_kind.data in (PermitKind.PIRT, PermitKind.BPOM_MD)
        if claimed and not field.data:
            raise ValidationError(gettext("Tulis nomornya, atau pilih “Belum ada”."))

    def validate_halal_number(self, field: Any) -> None:
        """A certificate is claimed with its number or not at all."""
        if self.halal_kind.data == HalalKind.CERTIFIED and not field.data:
            raise ValidationError(gettext("Tulis nomornya, atau pilih “Sertifikat sedang diurus”."))


class DeclineForm(Form):
    """Why a product is sent back."""

    reason = TextArea(_l("Apa yang perlu diperbaiki?"), [Needed(), AtMost(500)])

    @classmethod
    def blank(cls, product_id: uuid.UUID) -> DeclineForm:
        """An empty form; its field's id differs from those of the other products on the page."""
        return cls(formdata=None).beside(product_id)

    def beside(self, product_id: uuid.UUID) -> DeclineForm:
        """This form, on a page that holds one for every product."""
        self.reason.id = self.reason.label.field_id = f"reason-{product_id.hex}"
        return self


def _names(shelves: Iterable[Category]) -> list[tuple[str, str]]:
    return [(shelf.slug, chosen(shelf, "name")) for shelf in shelves]
