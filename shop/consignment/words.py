"""What pages say about consigned goods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l

from shop.consignment.queries import Happened
from shop.consignment.states import ConsignmentState, CountKind, PaidBy
from shop.core.money import rupiah

gettext: Callable[..., str] = flask_babel.gettext

STATES: dict[str, tuple[Any, str]] = {
    ConsignmentState.OPEN: (_l("Masih di tempat titip"), "wait"),
    ConsignmentState.CLOSED: (_l("Selesai"), "good"),
}
"""The words of a state, and the look of its badge."""


def happened(one: Happened) -> str:
    """One line of the history."""
    if one.reason:
        return gettext("Dibatalkan: %(reason)s", reason=one.reason)
    return what(one)


def then(one: Happened) -> str:
    """What follows where a count is taken back."""
    if one.kind == CountKind.SOLD:
        return gettext("Barangnya dihitung masih di sana, dan uangnya tidak dihitung lagi.")
    if one.kind == CountKind.RETURNED:
        return gettext("Barangnya dihitung masih di sana, dan keluar lagi dari stok Anda.")
    return gettext("Barangnya dihitung masih di sana.")


def what(one: Happened) -> str:
    """What was counted or handed on."""
    about: dict[str, Any] = {"n": one.pieces, "thing": one.name, "sum": rupiah(one.amount)}
    if one.kind == CountKind.RETURNED:
        return gettext("%(n)d %(thing)s kembali", **about)
    if one.kind == CountKind.LOST:
        return gettext("%(n)d %(thing)s hilang atau rusak", **about)
    if one.kind == CountKind.SOLD:
        said = {
            PaidBy.POINT: _l("%(n)d %(thing)s laku, %(sum)s di tempat titip"),
            PaidBy.SELLER: _l("%(n)d %(thing)s laku, %(sum)s tunai di penjual"),
            PaidBy.PROGRAMME: _l("%(n)d %(thing)s laku, %(sum)s di rekening program"),
        }
        return str(said[PaidBy(one.with_whom)]) % about
    if one.with_whom == PaidBy.SELLER:
        return gettext("%(sum)s diterima penjual dari tempat titip", **about)
    return gettext("%(sum)s masuk rekening program dari tempat titip", **about)
