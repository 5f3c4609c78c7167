"""The sentence at the head of the dashboard: no more than the figures carry.

A number before and after is a change; it says nothing of what would have happened without the
course, so no rule here speaks of an effect.
"""

from __future__ import annotations

from flask_babel import gettext, ngettext

from shop.core.money import rupiah
from shop.impact.curve import ENOUGH, Curve


def headline(curve: Curve) -> str:
    """Did training turn into income? In one sentence, from the latest month that is firm."""
    point = curve.firm
    if curve.people == 0:
        return str(gettext("Belum ada lulusan yang bisa dihitung di bagian ini."))
    if point is None or point.spread is None:
        return str(
            gettext(
                "Belum bisa dijawab: belum ada %(enough)d lulusan yang sebulan penuh lewat "
                "sejak sertifikatnya.",
                enough=ENOUGH,
            )
        )
    when = ngettext("%(num)d bulan", "%(num)d bulan", point.month)
    if point.spread.median <= 0:
        return str(
            gettext(
                "%(when)s setelah sertifikat, separuh lulusan atau lebih belum mendapat apa-apa "
                "dari toko ini.",
                when=when,
            )
        )
    return str(
        gettext(
            "%(when)s setelah sertifikat, separuh lulusan mendapat %(median)s atau lebih sebulan "
            "dari toko ini.",
            when=when,
            median=rupiah(point.spread.median),
        )
    )
