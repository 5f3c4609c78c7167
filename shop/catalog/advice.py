"""What is still missing about a product, what looks odd, and why it matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.catalog.facts import FOOD_SHELVES, PACKED_SHELVES, Storage
from shop.catalog.models import Product
from shop.catalog.states import HalalKind, PermitKind

_DRY_DAYS = 7
"""Food that keeps longer than this at room temperature falls under P-IRT (Per BPOM 22/2018)."""
_PIRT = re.compile(r"(P-?IRT\s*)?(\d{13}-?\d{2}|\d{12})", re.IGNORECASE)
_BPOM_MD = re.compile(r"(BPOM\s*)?MD\s*\d{12,15}", re.IGNORECASE)
_HALAL = re.compile(r"ID\s*\d{12,18}", re.IGNORECASE)


@dataclass(frozen=True)
class Advice:
    """One thing to look at: the field to fill in (its id on the page), a title and the reason."""

    field: str
    title: Any
    why: Any


def advice_for(product: Product) -> list[Advice]:
    """What would help buyers most, the most important first."""
    food = product.category_slug in FOOD_SHELVES
    found = [*_odd_numbers(product)]
    if len(product.photos) < 2:
        found.append(
            Advice("photos", _l("Foto kedua"), _l("Pembeli ingin melihat isinya dari dekat."))
        )
    if not product.description:
        found.append(
            Advice("description", _l("Cerita barangnya"), _l("Rasanya, isinya, untuk siapa."))
        )
    if not product.unit:
        found.append(
            Advice("unit", _l("Dijual per apa"), _l("Per bungkus, per kotak, atau per buah?"))
        )
    found += _about_food(product) if food else _about_things(product)
    if not product.name_en:
        found.append(
            Advice("name_en", _l("Nama Inggris"), _l("Tamu dari Singapura dan Batam mencarinya."))
        )
    return found


def _about_food(product: Product) -> Iterator[Advice]:
    if not product.ingredients and product.permit_kind != PermitKind.FRESH_PRODUCE:
        yield Advice(
            "ingredients",
            _l("Bahan dan alergen"),
            _l("Pembeli perlu tahu apa yang boleh mereka makan."),
        )
    if not product.weight_g:
        yield Advice("weight_g", _l("Berat bersih"), _l("Supaya pembeli tahu banyaknya."))
    if product.shelf_life_days is None:
        yield Advice(
            "shelf_life_days", _l("Tahan berapa hari"), _l("Supaya tidak dimakan terlambat.")
        )
    if _needs_pirt(product):
        yield Advice(
            "permit_kind",
            _l("Nomor P-IRT"),
            _l("Wajib untuk makanan kering kemasan. Pendamping bisa membantu mengurusnya."),
        )
    if product.halal_kind in (HalalKind.NOT_CERTIFIED, HalalKind.NOT_FOOD):
        yield Advice(
            "halal_kind",
            _l("Sertifikat halal"),
            _l("Wajib untuk makanan sejak Oktober 2026, gratis lewat pendamping."),
        )


def _about_things(product: Product) -> Iterator[Advice]:
    if not product.materials:
        yield Advice(
            "materials", _l("Bahan dan ukuran"), _l("Dari apa dibuat, dan sebesar apa barangnya.")
        )


def _needs_pirt(product: Product) -> bool:
    return (
        product.category_slug in PACKED_SHELVES
        and product.permit_kind == PermitKind.NONE
        and product.storage == Storage.ROOM
        and (product.shelf_life_days is None or product.shelf_life_days > _DRY_DAYS)
    )


def _odd_numbers(product: Product) -> Iterator[Advice]:
    """Numbers that do not look as such numbers do: said, never refused, since forms of them change.

    Forms: P-IRT of 15 digits (13-2) or, before 2018, 12; BPOM MD; halal `ID` and digits.
    """
    shape = {PermitKind.PIRT: _PIRT, PermitKind.BPOM_MD: _BPOM_MD}.get(
        PermitKind(product.permit_kind)
    )
    if shape and not shape.fullmatch(product.permit_number):
        yield Advice(
            "permit_number",
            _l("Periksa nomor izinnya"),
            _l("Biasanya P-IRT 15 angka, misalnya 2062172010001-29, atau MD dan 12 angka."),
        )
    if product.halal_kind == HalalKind.CERTIFIED and not _HALAL.fullmatch(product.halal_number):
        yield Advice(
            "halal_number",
            _l("Periksa nomor halalnya"),
            _l("Biasanya ID dan 17 angka. Nomor KH bukan nomor sertifikat."),
        )
