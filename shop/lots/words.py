"""Words for what the pages of lots show."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from shop.core.i18n import language
from shop.lots.states import LotState, NoteState, RecordKind

NOTES = {
    NoteState.TOLD.value: (_l("Menunggu dicek anggota"), "wait"),
    NoteState.CONFIRMED.value: (_l("Sudah dicek anggota"), "good"),
    NoteState.WITHDRAWN.value: (_l("Ditarik"), ""),
}
LOTS = {
    LotState.OPEN.value: (_l("Masih berjalan"), "wait"),
    LotState.SETTLED.value: (_l("Sudah dihitung"), "good"),
}
RECORDS = {
    RecordKind.TRANSPORT.value: _l("Biaya angkut"),
    RecordKind.PACKING.value: _l("Biaya kemasan"),
    RecordKind.OTHER.value: _l("Biaya lain"),
    RecordKind.ELSEWHERE.value: _l("Dijual di luar toko ini"),
    RecordKind.SHRINK.value: _l("Susut, busuk atau hilang"),
}


def kilograms(grams: int) -> str:
    """Grams as kilograms: `12500` is `12,5` (`12.5` in English)."""
    whole, rest = divmod(abs(grams), 1_000)
    english = language() == "en"
    text = f"{whole:,}" if english else f"{whole:,}".replace(",", ".")
    if rest:
        text += ("." if english else ",") + f"{rest:03d}".rstrip("0")
    return f"−{text}" if grams < 0 else text
