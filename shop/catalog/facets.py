"""The facets of a list as links, with words and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext

from shop.catalog.filters import SORTS, Filters
from shop.catalog.models import Category
from shop.catalog.order_day import ready_words
from shop.catalog.queries_cards import FEW_DAYS, PRICE_BANDS
from shop.core.i18n import chosen
from shop.core.money import rupiah
from shop.core.regions import kelurahan_name
from shop.sellers.models import SellerKind


@dataclass(frozen=True)
class Choice:
    """One choice of a facet, or one order of the list: a link that makes it or takes it back."""

    url: str
    label: str
    count: int | None
    current: bool
    icon: str = ""


@dataclass(frozen=True)
class Facet:
    """A facet with those of its choices that leave something."""

    name: str
    title: str
    choices: Sequence[Choice]


def url_of(filters: Filters) -> str:
    """The address of a list: a shelf has one of its own, unless something is searched for."""
    args = filters.args()
    if filters.shelf and not filters.q:
        args.pop("jenis")
        return url_for("catalog.category", slug=filters.shelf, **args)
    return url_for("catalog.search", **args)


def facets(
    filters: Filters, counts: Mapping[str, Mapping[str, int]], shelves: Iterable[Category]
) -> list[Facet]:
    """All facets that have something to choose; on a shelf's own page the shelf is none."""
    words = {"shelf": {s.slug: chosen(s, "name") for s in shelves}, **_words()}
    words["kelurahan"] = _by_count(counts.get("kelurahan", {}))
    if filters.shelf and not filters.q:
        del words["shelf"]
    made = (
        Facet(name, _titles()[name], _choices(filters, name, labels, counts.get(name, {})))
        for name, labels in words.items()
    )
    return [facet for facet in made if facet.choices]


def chips(facets: Sequence[Facet]) -> list[Choice]:
    """The way into the sheet, what is chosen, and for each other facet its fullest choice."""
    opener = Choice("#saring", gettext("Saring, urut"), None, current=False, icon="filter")
    taken = [c for facet in facets for c in facet.choices if c.current]
    open_ones = [f for f in facets if not any(c.current for c in f.choices) and f.name != "shelf"]
    best = [max(f.choices, key=lambda c: c.count or 0) for f in open_ones]
    return [opener, *taken, *best]


def orders(filters: Filters) -> list[Choice]:
    """The orders in which the list can stand."""
    words = {
        "relevance": gettext("Paling cocok"),
        "newest": gettext("Terbaru"),
        "cheapest": gettext("Termurah"),
        "dearest": gettext("Termahal"),
    }
    return [
        Choice(url_of(replace(filters, sort=s, page=1)), words[s], None, current=s == filters.sort)
        for s in SORTS
        if filters.q or s != "relevance"
    ]


def _choices(
    filters: Filters, name: str, labels: Mapping[str, str], counts: Mapping[str, int]
) -> list[Choice]:
    now = getattr(filters, name)
    if name == "ready" and now != "made":
        labels = {value: label for value, label in labels.items() if value != "made"}
    return [
        Choice(url_of(filters.choose(name, value)), label, counts.get(value, 0), value == now)
        for value, label in labels.items()
        if counts.get(value) or value == now
    ]


def _by_count(counts: Mapping[str, int]) -> dict[str, str]:
    codes = sorted(counts, key=lambda code: (-counts[code], kelurahan_name(code)))
    return {code: kelurahan_name(code) for code in codes if kelurahan_name(code)}


def _titles() -> dict[str, str]:
    return {
        "shelf": gettext("Jenis barang"),
        "ready": gettext("Kapan"),
        "band": gettext("Harga"),
        "kelurahan": gettext("Kelurahan penjual"),
        "halal": gettext("Halal"),
        "kind": gettext("Penjual"),
    }


def _words() -> dict[str, dict[str, str]]:
    low, middle, high = (rupiah(most) for most in PRICE_BANDS)
    return {
        "ready": {
            "today": ready_words(),
            "made": gettext("Dibuat sesuai pesanan"),
            "soon": gettext("Dibuat 1–%(days)d hari", days=FEW_DAYS),
            "later": gettext("Dibuat lebih lama"),
        },
        "band": {
            "0": gettext("Sampai %(price)s", price=low),
            "1": f"{low}–{middle.removeprefix('Rp')}",
            "2": f"{middle}–{high.removeprefix('Rp')}",
            "3": gettext("Di atas %(price)s", price=high),
        },
        "kelurahan": {},
        "halal": {"1": gettext("Bersertifikat halal")},
        "kind": {
            SellerKind.INDIVIDUAL.value: gettext("Perorangan"),
            SellerKind.GROUP.value: gettext("Kelompok (KUBE)"),
            SellerKind.COOPERATIVE.value: gettext("Koperasi"),
        },
    }
