"""What pages say about complaints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l

from shop.complaints.models import Complaint, ComplaintEvent
from shop.complaints.states import ComplaintKind as K
from shop.complaints.states import ComplaintState as C
from shop.complaints.states import Offer
from shop.orders.models import SellerOrder
from shop.orders.states import SellerOrderState as S

gettext: Callable[..., str] = flask_babel.gettext

KINDS: dict[str, Any] = {
    K.SPOILED: _l("Rusak, basi, atau tidak layak"),
    K.OTHER_GOODS: _l("Bukan yang saya pesan"),
    K.TOO_FEW: _l("Jumlahnya kurang"),
    K.ABSENT: _l("Belum saya terima"),
    K.OTHER: _l("Masalah lain"),
}
"""What can be wrong, in the buyer's own words."""

OFFERS: dict[str, Any] = {
    Offer.NOTHING: _l("Tidak menawarkan apa-apa"),
    Offer.MONEY_BACK: _l("Setuju uangnya dikembalikan"),
    Offer.AGAIN: _l("Mengganti dengan barang baru"),
}
"""What a seller can offer with her answer."""

STATES: dict[str, tuple[Any, str]] = {
    C.OPEN: (_l("Belum dijawab penjual"), "wait"),
    C.ANSWERED: (_l("Menunggu keputusan petugas"), "wait"),
    C.GRANTED: (_l("Dikabulkan"), "good"),
    C.REFUSED: (_l("Tidak dikabulkan"), "fault"),
    C.WITHDRAWN: (_l("Dicabut pembeli"), ""),
}
"""Where a complaint stands, and the look of its badge."""

CORNERS: dict[str, Any] = {
    "waiting": _l("Menunggu"),
    "granted": _l("Dikabulkan"),
    "refused": _l("Tidak dikabulkan"),
    "withdrawn": _l("Dicabut"),
}
"""The names of the staff's corners."""


def waits(complaint: Complaint) -> bool:
    """Whether nobody has decided it yet."""
    return complaint.state in (C.OPEN, C.ANSWERED)


def headline(part: SellerOrder, found: Sequence[Complaint]) -> str:
    """Where the buyer's report stands, or what she can do, in one sentence."""
    if part.state == S.HANDED_OVER:
        return gettext("Ada masalah dengan barangnya?")
    return {
        C.OPEN: gettext("Laporan Anda diterima, uangnya ditahan"),
        C.ANSWERED: gettext("Penjual sudah menjawab, petugas segera memutuskan"),
        C.GRANTED: gettext("Laporan Anda dikabulkan"),
        C.REFUSED: gettext("Laporan Anda tidak dikabulkan"),
    }.get(C(found[0].state) if found else C.WITHDRAWN, _elsewhere(part))


def _elsewhere(part: SellerOrder) -> str:
    if part.state == S.COMPLETED:
        return gettext("Pesanan ini sudah selesai. Ada masalah? Hubungi kami")
    return gettext("Masalah bisa dilaporkan setelah barangnya diserahkan")


_EVENTS: dict[str, Any] = {
    C.ANSWERED: _l("Dijawab penjual"),
    C.GRANTED: _l("Dikabulkan petugas"),
    C.REFUSED: _l("Tidak dikabulkan petugas"),
    C.WITHDRAWN: _l("Dicabut pembeli"),
}


def event(found: ComplaintEvent) -> str:
    """What happened to a complaint."""
    return str(_EVENTS.get(C(found.target), found.target))
