"""What buyers type about standing orders, and why others stop them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from shop.catalog.models import Variant
from shop.core import clock, ids
from shop.core.forms import (
    AtMost,
    Between,
    DayField,
    Form,
    Mailable,
    Needed,
    Optional,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    WholeField,
    as_choices,
)
from shop.core.regions import all_kelurahan, kelurahan_choices
from shop.orders.states import DeliveryKind
from shop.orders.words import METHODS
from shop.payments.states import Method
from shop.sellers.models import PickupPoint, Seller
from shop.standing import words
from shop.standing.models import StandingOrder
from shop.standing.start import FURTHEST
from shop.standing.wanted import LONGEST_KEY, Wanted


class StandingForm(Form):
    """What, on which day, how it comes and is paid; `standing_form` adds the pieces."""

    key = HiddenField()
    agreed = HiddenField()
    weekday = SelectField(_l("Tiap hari apa"), coerce=int)
    starts_on = DayField(_l("Mulai tanggal"), [Needed()])
    ends_on = DayField(
        _l("Sampai tanggal"), [Optional()], description=_l("Kosongkan kalau terus-menerus.")
    )
    way = RadioField(_l("Antar atau ambil"))
    kelurahan = SelectField(_l("Kelurahan"), validate_choice=False)
    address = TextField(_l("Jalan, nomor, patokan"), [AtMost(300)])
    method = RadioField(_l("Cara bayar"))
    buyer_name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    buyer_phone = PhoneField(_l("Nomor HP (WhatsApp)"), [Needed()])
    buyer_email = TextField(_l("Email, boleh kosong"), [AtMost(254), Mailable()])
    whatsapp_ok = BooleanField(_l("Kirim kabar pesanan ini lewat WhatsApp"))
    note = TextField(_l("Pesan untuk penjual"), [AtMost(300)])

    seller: Seller
    things: Sequence[Variant] = ()

    def pieces_of(self, variant: Variant) -> Any:
        """The field with how many."""
        return self[f"pieces_{variant.id.hex}"]

    def own_key(self) -> str:
        """The form's own key; one that cannot be ours is replaced."""
        typed = self.key.data or ""
        return typed if 0 < len(typed) <= LONGEST_KEY else ids.new_token()

    def agreed_sum(self) -> int:
        """The sum that the form showed; -1, which is never right, where it showed none."""
        typed = self.agreed.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 11 else -1

    def lines(self) -> tuple[tuple[uuid.UUID, int], ...]:
        """What is wanted, so far as it can be read."""
        return tuple(
            (variant.id, pieces)
            for variant in self.things
            if 0 < (pieces := self.pieces_of(variant).data or 0) <= 1_000
        )

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for something, for a place where it is brought, and for days in order."""
        good = bool(super().validate(extra_validators))
        if not self.lines() and self.things and not self.pieces_of(self.things[0]).errors:
            self.pieces_of(self.things[0]).errors = [gettext("Isi paling sedikit satu barang.")]
        if self.starts_on.data and self.starts_on.data > clock.today() + FURTHEST:
            self.starts_on.errors = [gettext("Paling lambat setahun dari sekarang.")]
        if self.way.data == DeliveryKind.DELIVERY:
            if self.kelurahan.data not in all_kelurahan():
                self.kelurahan.errors = [gettext("Pilih kelurahan tujuan antar.")]
            if not self.address.data:
                self.address.errors = [
                    gettext("Tulis jalan dan patokan, supaya pengantar menemukan.")
                ]
        return good and not self.errors

    def wanted(self, *, language: str, buyer_id: uuid.UUID | None) -> Wanted:
        """What the form says; for a sum, also where something is still missing."""
        way = _chosen(self.way, DeliveryKind.PICKUP.value)
        kind, _, point = way.partition(":")
        starts_on = self.starts_on.data or clock.today()
        known = self.kelurahan.data in all_kelurahan()
        return Wanted(
            seller_id=self.seller.id,
            lines=self.lines(),
            weekday=int(self.weekday.data or 0),
            starts_on=starts_on,
            ends_on=self.ends_on.data,
            delivery_kind=DeliveryKind(kind),
            method=Method(_chosen(self.method, Method.CASH.value)),
            buyer_name=self.buyer_name.data or "",
            buyer_phone=self.buyer_phone.e164,
            buyer_id=buyer_id,
            buyer_email=self.buyer_email.data or None,
            whatsapp_ok=bool(self.whatsapp_ok.data),
            language=language,
            point_id=uuid.UUID(point) if point else None,
            kelurahan_code=self.kelurahan.data if known else None,
            address=self.address.data or "",
            note=self.note.data or "",
        )


def standing_form(
    seller: Seller,
    things: Sequence[Variant],
    points: Sequence[PickupPoint],
    methods: Sequence[Method],
    pieces: Mapping[uuid.UUID, int] | None = None,
    **kwargs: Any,
) -> StandingForm:
    """The form for what this seller has, with `pieces` of some of it."""
    fields: dict[str, Any] = {
        f"pieces_{variant.id.hex}": WholeField(
            _l("Berapa"), [Between(0, 1_000)], default=(pieces or {}).get(variant.id)
        )
        for variant in things
    }
    made: StandingForm = type("StandingFormOfSeller", (StandingForm,), fields)(**kwargs)
    made.seller, made.things = seller, things
    made.weekday.choices = as_choices([(str(day), words.weekday(day)) for day in range(7)])
    ways = [(DeliveryKind.PICKUP.value, gettext("Ambil di penjual"))]
    ways += [
        (f"{DeliveryKind.POINT.value}:{point.id}", gettext("Ambil di %(place)s", place=point.name))
        for point in points
    ]
    if seller.zones:
        ways.append((DeliveryKind.DELIVERY.value, gettext("Antar")))
    made.way.choices = as_choices(ways)
    made.method.choices = as_choices([(way.value, METHODS[way][0]) for way in methods])
    made.kelurahan.choices = as_choices([("", gettext("Pilih kelurahan")), *kelurahan_choices()])
    if not made.is_submitted():
        made.way.data = _chosen(made.way, ways[0][0])
        made.method.data = _chosen(made.method, methods[0].value)
    return made


def _chosen(field: RadioField, otherwise: str) -> str:
    """What is chosen, if it is on the list."""
    offered = [choice.value for choice in field.choices or ()]
    return str(field.data) if field.data in offered else otherwise


def typed_before(standing: StandingOrder) -> dict[str, Any]:
    """What a standing order says now, as the form's values."""
    way = standing.delivery_kind
    return {
        "weekday": standing.weekday,
        "starts_on": standing.starts_on,
        "ends_on": standing.ends_on,
        "way": f"{way}:{standing.point_id}" if standing.point_id else way,
        "kelurahan": standing.kelurahan_code or "",
        "address": standing.address,
        "method": standing.method,
        "buyer_name": standing.buyer_name,
        "buyer_phone": standing.buyer_phone,
        "buyer_email": standing.buyer_email or "",
        "whatsapp_ok": standing.whatsapp_ok_at is not None,
        "note": standing.note,
    }


class ReasonForm(Form):
    """Why no more orders are made."""

    reason = TextField(_l("Alasannya, dibaca pembeli"), [Needed(), AtMost(300)])


class DayForm(Form):
    """One of the coming days."""

    day = DayField(_l("Hari"), [Needed()])
