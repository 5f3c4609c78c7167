"""What pages say about money that fits no payment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l

from shop.core.i18n import day_time
from shop.core.money import rupiah
from shop.payments.models_stray import Stray
from shop.payments.states_stray import StrayKind, StrayState

gettext: Callable[..., str] = flask_babel.gettext

KINDS: dict[str, Any] = {
    StrayKind.DOUBLE: _l("Terbayar dua kali"),
    StrayKind.SHORT: _l("Kurang"),
    StrayKind.OVER: _l("Kelebihan"),
    StrayKind.WRONG: _l("Belum ketemu pesanannya"),
}
STATES: dict[str, tuple[Any, str]] = {
    StrayState.OPEN: (_l("Menunggu diputuskan"), "wait"),
    StrayState.ASKED: (_l("Menunggu kekurangannya"), "wait"),
    StrayState.DUE: (_l("Harus dikirim balik"), "wait"),
    StrayState.REFUNDED: (_l("Sudah dikirim balik"), "good"),
    StrayState.TOPPED_UP: (_l("Kekurangannya sudah masuk"), "good"),
    StrayState.FUND: (_l("Masuk kas program"), ""),
    StrayState.REOPENED: (_l("Pesanannya dibuka lagi"), "good"),
    StrayState.CREDITED: (_l("Jadi saldo pembeli"), "good"),
    StrayState.MATCHED: (_l("Sudah ketemu pesanannya"), "good"),
    StrayState.UNDONE: (_l("Dibatalkan, mutasinya dicari lagi"), ""),
}
"""The words of a state, and the look of its badge."""


def told(strays: Sequence[Stray]) -> list[tuple[str, str, bool]]:
    """What the buyer reads: what came odd, what happens with it, whether it waits for something."""
    return [found for stray in strays if (found := _told(stray))]


def _told(stray: Stray) -> tuple[str, str, bool] | None:
    amount, state = rupiah(stray.amount), StrayState(stray.state)
    if state is StrayState.ASKED and stray.rest is not None:
        title = gettext(
            "%(amount)s sudah masuk, tinggal %(rest)s lagi",
            amount=amount, rest=rupiah(stray.rest.amount),
        )  # fmt: skip
        return title, gettext("Kirim tepat sejumlah itu. Tiga angka terakhirnya baru."), True
    if state in (StrayState.DUE, StrayState.REFUNDED):
        return _goes_back(stray)
    if state is StrayState.CREDITED:
        title = gettext("%(amount)s jadi saldo Anda", amount=amount)
        return title, gettext("Bisa dipakai untuk pesanan berikutnya."), False
    if state is StrayState.FUND:
        title = gettext("Kelebihan %(amount)s masuk kas program", amount=amount)
        return title, gettext("Terima kasih."), False
    if state is not StrayState.OPEN:
        return None
    return {
        StrayKind.DOUBLE: (
            gettext("Pesanan ini terbayar dua kali"),
            gettext(
                "%(amount)s yang kedua kami simpan. Petugas menghubungi Anda untuk"
                " mengembalikannya.",
                amount=amount,
            ),
            True,
        ),
        StrayKind.OVER: (
            gettext("Anda mengirim %(amount)s lebih banyak", amount=amount),
            gettext("Kelebihannya kami simpan. Petugas menghubungi Anda."),
            True,
        ),
        StrayKind.SHORT: (
            gettext("Yang masuk baru %(amount)s", amount=amount),
            gettext("Itu kurang dari yang harus dibayar. Tunggu dulu: petugas memberi tahu Anda."),
            True,
        ),
    }.get(StrayKind(stray.kind))


def _goes_back(stray: Stray) -> tuple[str, str, bool]:
    title = gettext("%(amount)s dikembalikan", amount=rupiah(stray.amount))
    if stray.sent_at is not None:
        return title, gettext("Sudah dikirim %(when)s.", when=day_time(stray.sent_at)), False
    return title, gettext("Petugas menghubungi Anda lewat WhatsApp untuk mengirimnya."), True
