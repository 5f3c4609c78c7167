"""Tanjungpinang's kelurahan, their kecamatan and delivery zones, from `shop/data/regions.json`."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"

_BOATS = ("pompong", "boat")


@dataclass(frozen=True)
class Kelurahan:
    """The smallest part of the city with a name people use; `code` is the ministry's."""

    code: str
    name: str
    kecamatan: str
    postal_code: str
    zone: str

    @property
    def full_name(self) -> str:
        """`Sei Jang, Bukit Bestari`: two places share a name otherwise."""
        return f"{self.name}, {self.kecamatan}"


@dataclass(frozen=True)
class Zone:
    """A delivery zone and what a ride there usually costs, in rupiah (a suggestion).

    `by_boat`: only the pompong goes there.
    """

    code: str
    name: str
    name_en: str
    usual_fee: int
    by_boat: bool = False


@functools.cache
def _regions() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / "regions.json").read_text(encoding="utf-8"))
    return data


@functools.cache
def all_kelurahan() -> dict[str, Kelurahan]:
    """All kelurahan by code, in the order of the city's list."""
    return {
        k["code"]: Kelurahan(k["code"], k["name"], part["name"], k["postal_code"], k["zone"])
        for part in _regions()["kecamatan"]
        for k in part["kelurahan"]
    }


@functools.cache
def all_zones() -> dict[str, Zone]:
    """All delivery zones by code."""
    return {
        z["id"]: Zone(z["id"], z["name_id"], z["name_en"], z["fee_idr"], z["mode"] in _BOATS)
        for z in _regions()["delivery_zones"]
    }


def kelurahan_name(code: str | None) -> str:
    """The short name of a kelurahan; empty for an unknown code."""
    found = all_kelurahan().get(code or "")
    return found.name if found else ""


def kelurahan_choices() -> list[tuple[str, str]]:
    """Choices for a form, by full name."""
    return sorted(((k.code, k.full_name) for k in all_kelurahan().values()), key=lambda c: c[1])
