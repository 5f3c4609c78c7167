"""Forms about delivery: fees by zone, what a seller offers, pick-up points."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from shop.core.forms import (
    AtMost,
    Between,
    Form,
    MoneyField,
    Needed,
    Optional,
    PhoneField,
    SelectField,
    SelectMultipleField,
    TextField,
    WholeField,
    as_choices,
)
from shop.core.i18n import chosen
from shop.core.regions import Zone, all_kelurahan, all_zones, kelurahan_choices
from shop.sellers.deliver import Terms, terms_of
from shop.sellers.keep_points import PointFacts
from shop.sellers.models import PickupPoint, Seller

MOST_FEE = 500_000
"""Rupiah: no ride in or around Tanjungpinang costs more."""
MOST_PER_KG = 100_000
MOST_KG = 200
MOST_FREE_OVER = 100_000_000
_USUAL = Terms(0)


def zones_in_reach() -> list[Zone]:
    """The zones that buyers can live in."""
    lived_in = {kelurahan.zone for kelurahan in all_kelurahan().values()}
    return [zone for zone in all_zones().values() if zone.code in lived_in]


class TermsForm(Form):
    """What bringing to each zone costs; the zones add their fields (`terms_form`)."""

    @property
    def offered(self) -> list[Zone]:
        """The zones to draw, in order."""
        return zones_in_reach()

    def ticked(self, zone: str) -> bool:
        """Whether a zone is delivered to."""
        box = self._fields.get(f"on_{zone}")
        return box is None or bool(box.data)

    def terms(self) -> dict[str, Terms]:
        """What was typed for the ticked zones, once it is valid."""
        return {
            zone.code: Terms(
                self[f"fee_{zone.code}"].data,
                self[f"free_{zone.code}"].data,
                (self[f"kg_{zone.code}"].data or _USUAL.carries_g // 1000) * 1000,
                self[f"perkg_{zone.code}"].data or 0,
            )
            for zone in zones_in_reach()
            if self.ticked(zone.code)
        }


class DeliveryForm(TermsForm):
    """All ways in which a seller's goods reach buyers."""

    arranges = BooleanField(_l("Tempat lain juga bisa, ongkosnya disepakati dulu dengan pembeli"))
    points = SelectMultipleField(
        _l("Tempat ambil yang Anda antari"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def point_ids(self) -> list[uuid.UUID]:
        """The ticked points, once the form is valid."""
        return [uuid.UUID(hex=value) for value in self.points.data or ()]


class PointForm(Form):
    """A pick-up point."""

    name = TextField(_l("Nama tempat"), [Needed(), AtMost(80)])
    kelurahan_code = SelectField(_l("Kelurahan"), [Needed()])
    address = TextField(_l("Alamat"), [Needed(), AtMost(200)])
    hours = TextField(_l("Jam buka"), [Needed(), AtMost(80)])
    hours_en = TextField(_l("Jam buka, dalam bahasa Inggris"), [AtMost(80)])
    phone = PhoneField(_l("Nomor HP, boleh kosong"), [Optional()])
    consigns = BooleanField(_l("Menerima titip jual"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kelurahan_code.choices = as_choices(
            [("", gettext("Pilih kelurahan")), *kelurahan_choices()]
        )

    def facts(self) -> PointFacts:
        """What was typed, once it is valid."""
        return {
            "name": self.name.data,
            "kelurahan_code": self.kelurahan_code.data,
            "address": self.address.data,
            "hours": self.hours.data,
            "hours_en": self.hours_en.data,
            "phone": self.phone.e164,
            "consigns": bool(self.consigns.data),
        }


def delivery_form(
    seller: Seller,
    points: Sequence[PickupPoint],
    proposed: Mapping[str, Terms],
    **kwargs: Any,
) -> DeliveryForm:
    """The seller's form, showing what she has; zones without a fee show the proposed one."""
    own = {zone.zone: terms_of(zone) for zone in seller.zones}
    fields: dict[str, Any] = {}
    for zone in zones_in_reach():
        fields[f"on_{zone.code}"] = BooleanField(chosen(zone, "name"), default=zone.code in own)
        fields |= _fields(zone.code, own.get(zone.code) or proposed.get(zone.code))
    kwargs = {
        "arranges": seller.arranges,
        "points": [point.id.hex for point in seller.points],
    } | kwargs
    made: DeliveryForm = type("DeliveryFormOfSeller", (DeliveryForm,), fields)(**kwargs)
    made.points.choices = as_choices((point.id.hex, point.name) for point in points)
    return made


def terms_form(proposed: Mapping[str, Terms], **kwargs: Any) -> TermsForm:
    """The programme's form, showing what it proposes."""
    fields: dict[str, Any] = {}
    for zone in zones_in_reach():
        fields |= _fields(zone.code, proposed.get(zone.code))
    made: TermsForm = type("TermsFormOfProgramme", (TermsForm,), fields)(**kwargs)
    return made


def fill_in(form: TermsForm, proposed: Mapping[str, Terms]) -> None:
    """Write what the programme proposes over the fees in the form; the ticks stay."""
    for zone, terms in proposed.items():
        if f"fee_{zone}" not in form:
            continue
        for name, value in _values(terms).items():
            field = form[f"{name}_{zone}"]
            field.data, field.raw_data = value, None


def _fields(zone: str, terms: Terms | None) -> dict[str, Any]:
    values = _values(terms) if terms else {}
    return {
        f"fee_{zone}": MoneyField(
            _l("Ongkir"), [_fee_if_ticked, Between(0, MOST_FEE, money=True)],
            default=values.get("fee"),
        ),
        f"kg_{zone}": WholeField(
            _l("Sampai berapa kg"), [Between(1, MOST_KG)],
            default=values.get("kg", _USUAL.carries_g // 1000),
        ),
        f"perkg_{zone}": MoneyField(
            _l("Tiap kg lebihnya"), [Between(0, MOST_PER_KG, money=True)],
            default=values.get("perkg"),
        ),
        f"free_{zone}": MoneyField(
            _l("Gratis mulai"), [Between(1, MOST_FREE_OVER, money=True)],
            default=values.get("free"),
        ),
    }  # fmt: skip


def _values(terms: Terms) -> dict[str, int | None]:
    return {
        "fee": terms.fee,
        "kg": max(1, terms.carries_g // 1000),
        "perkg": terms.per_kg or None,
        "free": terms.free_over,
    }


def _fee_if_ticked(form: Any, field: Any) -> None:
    """A zone that is delivered to has a fee, be it 0."""
    if form.ticked(field.name.removeprefix("fee_")) and field.data is None and not field.errors:
        raise ValidationError(gettext("Tulis ongkirnya. Gratis? Tulis 0."))
