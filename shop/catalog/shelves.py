"""The twelve shelves every shop of the programme has."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Category

SHELVES = (
    ("jajanan-basah", "Kue basah", "Fresh kue"),
    ("kue-kering", "Kue kering", "Cookies"),
    ("camilan", "Camilan", "Snacks"),
    ("olahan-laut", "Olahan laut", "From the sea"),
    ("siap-santap", "Siap santap", "Ready to eat"),
    ("bumbu-sambal", "Sambal dan bumbu", "Sambal and spices"),
    ("minuman", "Minuman", "Drinks"),
    ("hasil-tani", "Hasil tani", "From the farm"),
    ("kerajinan", "Kerajinan", "Crafts"),
    ("jahitan", "Jahitan", "Sewing"),
    ("paket", "Paket", "Gift sets"),
    ("jasa", "Jasa", "Services"),
)
"""Slug, Indonesian and English name, in the order in which buyers see them."""


def open_shelves(session: Session) -> None:
    """Make the shelves that are not there yet; those that are stay as staff left them."""
    known = set(session.scalars(select(Category.slug)))
    for position, (slug, name, name_en) in enumerate(SHELVES):
        if slug not in known:
            session.add(Category(slug=slug, name=name, name_en=name_en, position=position))
    session.flush()
