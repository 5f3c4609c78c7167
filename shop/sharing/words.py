"""Words for what the pages of a group show."""

from __future__ import annotations

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from shop.ledger.figures import percent
from shop.sellers.models import ShareBasis, ShareRule
from shop.sharing.states import AdvanceKind, FellBack, FundKind, PaidState, Purpose

BASES = {
    ShareBasis.EQUAL.value: _l("Sama rata"),
    ShareBasis.WEIGHT.value: _l("Menurut bobot yang disepakati"),
    ShareBasis.MADE.value: _l("Menurut siapa yang membuat"),
    ShareBasis.KILOGRAMS.value: _l("Menurut kilogram yang disetor"),
}
FELL_BACK = {
    FellBack.NO_RECORD.value: _l(
        "Ada yang tidak dicatat siapa pembuatnya, jadi bagian itu dibagi sama rata."
    ),
    FellBack.NO_WEIGHTS.value: _l("Tidak ada yang punya bobot, jadi dibagi sama rata."),
    FellBack.NO_KILOGRAMS.value: _l("Tidak ada setoran yang tercatat, jadi dibagi sama rata."),
    FellBack.NOBODY.value: _l("Belum ada anggota hari itu, jadi semuanya masuk kas."),
}
STATES = {
    PaidState.TOLD.value: (_l("Menunggu jawabannya"), "wait"),
    PaidState.CONFIRMED.value: (_l("Sudah diterima"), "good"),
    PaidState.DISPUTED.value: (_l("Katanya belum diterima"), "fault"),
    PaidState.TAKEN_BACK.value: (_l("Dibatalkan"), ""),
}
ADVANCES = {
    AdvanceKind.MONEY.value: _l("Kasbon uang"),
    AdvanceKind.INPUTS.value: _l("Bahan dibelikan dari uang bersama"),
    AdvanceKind.STOCK.value: _l("Bahan dari persediaan kas"),
    AdvanceKind.REPAID.value: _l("Anggota mengembalikan"),
}
FUND = {
    FundKind.INCOME.value: _l("Uang masuk kas"),
    FundKind.SPENT.value: _l("Uang keluar dari kas"),
}
PURPOSES = {
    Purpose.RESERVE.value: _l("Cadangan"),
    Purpose.USAGE.value: _l("Jasa usaha anggota"),
    Purpose.CAPITAL.value: _l("Jasa simpanan anggota"),
    Purpose.BOARD.value: _l("Pengurus"),
    Purpose.STAFF.value: _l("Karyawan"),
    Purpose.EDUCATION.value: _l("Pendidikan"),
    Purpose.SOCIAL.value: _l("Sosial"),
}


def counted(rule: ShareRule, weight: int) -> str:
    """With how much a member counts in a sale; empty where all count alike."""
    if rule.basis == ShareBasis.MADE:
        return str(ngettext("%(num)d buah", "%(num)d buah", weight)) if weight else ""
    if rule.basis == ShareBasis.WEIGHT:
        return str(gettext("bobot %(weight)d", weight=weight))
    if rule.basis == ShareBasis.KILOGRAMS:
        return str(gettext("%(weight)s kg", weight=percent(weight // 10)))
    return ""
