"""The figures of the dashboard as tables: what a page draws, a chart shows and a file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.core.i18n import chosen, month_name
from shop.core.regions import kelurahan_name
from shop.impact.curve import Curve, since_certificate
from shop.impact.facts import Earned, Facts, SellerFacts
from shop.impact.figures import Spread, spread
from shop.impact.table import Column, Row, Table
from shop.sellers.models import SellerKind

KINDS = {
    SellerKind.INDIVIDUAL.value: _l("perorangan"),
    SellerKind.GROUP.value: _l("KUBE"),
    SellerKind.COOPERATIVE.value: _l("koperasi"),
}


def period_words(facts: Facts) -> str:
    """The period in words."""
    first, last = month_name(facts.filters.first), month_name(facts.filters.last)
    if first == last:
        return first
    return str(gettext("%(first)s sampai %(last)s", first=first, last=last))


def by_month(facts: Facts) -> Table:
    """Income of all sellers in each month, how many earned, and their spread."""
    rows = []
    for month in facts.filters.months:
        cells = [c for s in facts.sellers if (c := facts.earned.get(s.id, {}).get(month))]
        active = [cell.income for cell in cells if cell.income > 0]
        rows.append(Row((month, len(active), *_sums(cells), *_spread(spread(active))), len(active)))
    return Table(
        "months",
        gettext("Pendapatan tiap bulan"),
        gettext(
            "Jumlah pendapatan semua penjual menurut bulan pesanan selesai; ongkos antar sudah "
            "termasuk di dalamnya. Penjual aktif: yang "
            "pendapatannya lebih dari Rp0 di bulan itu. Median dan seperempat dihitung dari "
            "mereka, paling sedikit lima."
        ),
        period_words(facts),
        (
            Column("month", _l("Bulan"), "month"),
            Column("active_sellers", _l("Penjual aktif"), "count"),
            *_SUMS,
            Column("lower_quarter", _l("Seperempat bawah"), "money"),
            Column("median", _l("Median"), "money"),
            Column("upper_quarter", _l("Seperempat atas"), "money"),
        ),
        rows,
    )


def by_seller(facts: Facts) -> Table:
    """What each seller earned in the period, by name: no ranking of neighbours."""
    titles = {course.id: chosen(course, "title") for course in facts.courses}
    rows = [
        Row(
            (
                seller.name,
                str(KINDS[seller.kind]),
                kelurahan_name(seller.kelurahan),
                ", ".join(sorted(titles[course] for course in seller.courses)),
                _active_months(facts, seller),
                *_sums(facts.earned.get(seller.id, {}).values()),
            )
        )
        for seller in facts.sellers
    ]
    return Table(
        "sellers",
        gettext("Tiap penjual"),
        gettext(
            "Urut nama. Kursus: yang sertifikatnya dipegang anggota penjual itu sekarang. Bulan "
            "aktif: bulan dengan pendapatan lebih dari Rp0. Angka per orang: jangan dibawa keluar "
            "program."
        ),
        period_words(facts),
        (
            Column("seller", _l("Penjual")),
            Column("kind", _l("Jenis")),
            Column("kelurahan", _l("Kelurahan")),
            Column("courses", _l("Kursus")),
            Column("active_months", _l("Bulan aktif"), "count"),
            *_SUMS,
        ),
        rows,
    )


def by_group(facts: Facts) -> Table:
    """What each group and cooperative earned in the period."""
    rows = [
        Row(
            (
                seller.name,
                str(KINDS[seller.kind]),
                seller.members,
                _active_months(facts, seller),
                *_sums(facts.earned.get(seller.id, {}).values()),
            ),
            seller.members,
        )
        for seller in facts.sellers
        if seller.kind != SellerKind.INDIVIDUAL
    ]
    return Table(
        "groups",
        gettext("Kelompok dan koperasi"),
        gettext(
            "Pendapatan kelompok seluruhnya, sebelum dibagi kepada anggota. Anggota: yang tercatat "
            "sekarang."
        ),
        period_words(facts),
        (
            Column("group", _l("Kelompok")),
            Column("kind", _l("Jenis")),
            Column("members", _l("Anggota"), "count"),
            Column("active_months", _l("Bulan aktif"), "count"),
            *_SUMS,
        ),
        rows,
    )


def by_course(facts: Facts) -> Table:
    """What sellers earned whose members hold each course's certificate."""
    rows = []
    for course in facts.courses:
        if facts.course not in (None, course):
            continue
        sellers = [seller for seller in facts.sellers if course.id in seller.courses]
        totals = [_sums(facts.earned.get(seller.id, {}).values()) for seller in sellers]
        incomes = [total[1] for total in totals if total[1] > 0]
        graduates = sum(course.id in graduate.issued for graduate in facts.graduates)
        rows.append(
            Row(
                (
                    chosen(course, "title"),
                    graduates,
                    len(sellers),
                    len(incomes),
                    *(sum(parts) for parts in zip((0, 0, 0), *totals, strict=True)),
                    *_spread(spread(incomes)),
                ),
                len(incomes),
            )
        )
    return Table(
        "courses",
        gettext("Tiap kursus"),
        gettext(
            "Penjual dihitung pada setiap kursus yang sertifikatnya dipegang anggotanya; kelompok "
            "dihitung sebagai satu penjual. Karena satu penjual bisa punya beberapa sertifikat, "
            "baris-baris ini tidak dijumlahkan. Median: pendapatan seluruh masa ini, dari penjual "
            "yang aktif, paling sedikit lima."
        ),
        period_words(facts),
        (
            Column("course", _l("Kursus")),
            Column("graduates", _l("Lulusan"), "count"),
            Column("sellers", _l("Penjual"), "count"),
            Column("active_sellers", _l("Penjual aktif"), "count"),
            *_SUMS,
            Column("lower_quarter", _l("Seperempat bawah"), "money"),
            Column("median", _l("Median"), "money"),
            Column("upper_quarter", _l("Seperempat atas"), "money"),
        ),
        rows,
    )


def by_month_since(facts: Facts) -> Table:
    """Graduates' income by months since their certificate."""
    return curve_table(facts, since_certificate(facts))


def curve_table(facts: Facts, curve: Curve) -> Table:
    """The points of a curve as a table."""
    return Table(
        "since-certificate",
        gettext("Sebelum dan sesudah sertifikat"),
        gettext(
            "Lulusan yang berjualan sendiri atau belum berjualan, menurut bulan sejak sertifikat "
            "(0: bulan terbitnya). Yang tidak berjualan di bulan itu dihitung Rp0. Hanya bulan "
            "yang sudah lewat penuh dan sejak penjualan pertama toko ini."
        ),
        period_words(facts),
        (
            Column("months_since_certificate", _l("Bulan ke-"), "count"),
            Column("graduates", _l("Lulusan"), "count"),
            Column("with_income", _l("Ada pendapatan"), "count"),
            Column("lower_quarter", _l("Seperempat bawah"), "money"),
            Column("median", _l("Median"), "money"),
            Column("upper_quarter", _l("Seperempat atas"), "money"),
        ),
        [Row((p.month, p.n, p.earning, *_spread(p.spread)), p.n) for p in curve.points],
    )


TABLES: Mapping[str, Callable[[Facts], Table]] = {
    "months": by_month,
    "sellers": by_seller,
    "groups": by_group,
    "courses": by_course,
    "since-certificate": by_month_since,
}

_SUMS = (
    Column("completed_orders", _l("Pesanan selesai"), "count"),
    Column("income", _l("Pendapatan"), "money"),
    Column("of_which_delivery", _l("Ongkos antar"), "money"),
)


def _sums(cells: Iterable[Earned]) -> tuple[int, int, int]:
    """Orders, income and the delivery money in it."""
    cells = list(cells)
    return (
        sum(cell.orders for cell in cells),
        sum(cell.income for cell in cells),
        sum(cell.delivery for cell in cells),
    )


def _spread(found: Spread | None) -> tuple[int | None, int | None, int | None]:
    return (found.lower, found.median, found.upper) if found else (None, None, None)


def _active_months(facts: Facts, seller: SellerFacts) -> int:
    return sum(cell.income > 0 for cell in facts.earned.get(seller.id, {}).values())
