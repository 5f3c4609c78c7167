"""What a buyer has chosen on a list, and how the address carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shop.catalog.search import LONGEST_QUESTION
from shop.core.paging import page_number

FACETS = {
    "shelf": "jenis",
    "ready": "siap",
    "band": "harga",
    "kelurahan": "kel",
    "halal": "halal",
    "kind": "penjual",
}
"""The facets of a list, and the names under which the address carries a choice."""
SORTS = {
    "relevance": "cocok",
    "newest": "terbaru",
    "cheapest": "termurah",
    "dearest": "termahal",
}
"""The orders of a list, and their names in the address."""
_SORT, _PAGE, _LONGEST = "urut", "hal", 40


@dataclass(frozen=True)
class Filters:
    """One choice a facet at most; empty means any. `q` is what was typed, tidied and cut."""

    q: str = ""
    shelf: str = ""
    ready: str = ""
    band: str = ""
    kelurahan: str = ""
    halal: str = ""
    kind: str = ""
    sort: str = "newest"
    page: int = 1

    @property
    def usual_sort(self) -> str:
        """The order that holds if none was chosen."""
        return "relevance" if self.q else "newest"

    @property
    def narrowed(self) -> bool:
        """Whether anything is chosen beside question and shelf."""
        return any(getattr(self, facet) for facet in FACETS if facet != "shelf")

    def choose(self, facet: str, value: str) -> Filters:
        """The same with `value` chosen, or taken back if it was; from the first page."""
        taken_back = getattr(self, facet) == value
        return replace(self, page=1, **{facet: "" if taken_back else value})

    def on_page(self, number: int) -> Filters:
        """The same on another page."""
        return replace(self, page=number)

    def bare(self) -> Filters:
        """Question, shelf and order alone."""
        return Filters(q=self.q, shelf=self.shelf, sort=self.sort)

    def args(self) -> dict[str, Any]:
        """The query of the address that carries all of this."""
        found = {name: getattr(self, facet) for facet, name in FACETS.items()}
        found["q"] = self.q
        found[_SORT] = SORTS[self.sort] if self.sort != self.usual_sort else ""
        found[_PAGE] = self.page if self.page > 1 else ""
        return {name: value for name, value in found.items() if value}


def read_filters(args: Mapping[str, str], shelf: str = "") -> Filters:
    """The filters of an address; what makes no sense is left out."""
    chosen = {facet: args.get(name, "")[:_LONGEST] for facet, name in FACETS.items()}
    sane: dict[str, Any] = {f: value for f, value in chosen.items() if value.isprintable()}
    if shelf:
        sane["shelf"] = shelf
    filters = Filters(q=tidy_question(args.get("q", "")), **sane)
    wanted = next((s for s, name in SORTS.items() if name == args.get(_SORT)), "")
    sort = wanted if wanted and (filters.q or wanted != "relevance") else filters.usual_sort
    return replace(filters, sort=sort, page=page_number(args.get(_PAGE)))


def tidy_question(text: str) -> str:
    """What was typed, without signs that cannot be seen, in one line of a sane length."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text[: LONGEST_QUESTION * 4])
    return " ".join(seen.split())[:LONGEST_QUESTION].strip()
