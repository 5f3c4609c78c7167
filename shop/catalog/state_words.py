"""How sellers and staff are told where products stand, and the row of states to look through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from shop.catalog.states import ProductState

STATE_NAMES: Mapping[str, Any] = {
    ProductState.LIVE.value: _l("Dijual"),
    ProductState.WAITING.value: _l("Menunggu dilihat"),
    ProductState.DECLINED.value: _l("Perlu diperbaiki"),
    ProductState.DRAFT.value: _l("Belum dijual"),
    ProductState.HIDDEN.value: _l("Disembunyikan"),
}
"""In the order in which they are looked through."""


@dataclass(frozen=True)
class StateChip:
    """A link to the products in one state, or in all."""

    url: str
    label: Any
    current: bool
    count: int


def state_chips(
    endpoint: str, counts: Mapping[str, int], state: str | None, words: str | None = None
) -> list[StateChip]:
    """Links to all products and to those in each state that has any."""
    everything = StateChip(
        url_for(endpoint, q=words or None), _l("Semua"), not state, sum(counts.values())
    )
    return [
        everything,
        *(
            StateChip(
                url_for(endpoint, state=one, q=words or None), name, one == state,
                counts.get(one, 0),
            )
            for one, name in STATE_NAMES.items()
            if counts.get(one) or one == state
        ),
    ]  # fmt: skip


def known_state(text: str | None) -> str | None:
    """The state asked for in an address, if it is one."""
    return text if text in STATE_NAMES else None
