"""Any other statement: headings as treasurers and other banks write them, and maps of columns."""

from __future__ import annotations

from shop.payments.bank.column_map import ColumnMap, Place
from shop.payments.bank.columns import Role, Shape, headings_of, resolve, tells_money
from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.sheet import Row, Sheet, squash, text

SHAPE = Shape(
    bank="general",
    channel="",
    known_by=(),
    names={
        Role.DAY: (
            *("tanggaltransaksi", "tgltransaksi", "tgltxn", "tgltrx", "tanggaltrx", "tanggal"),
            *("tgl", "tglposting", "tanggalposting", "transactiondate", "trxdate", "txndate"),
            *("postingdate", "postdate", "date", "tanggalwaktu", "tanggaldanwaktu", "waktu"),
            *("waktutransaksi", "datetime", "hari", "day"),
        ),
        Role.TIME: ("jam", "jamtransaksi", "waktu", "trxtime", "time", "transactiontime"),
        Role.CREDIT: (
            *("kredit", "credit", "masuk", "uangmasuk", "danamasuk", "pemasukan", "penerimaan"),
            *("mutasikredit", "creditamount", "setoran", "deposit", "deposits", "cr", "in"),
        ),
        Role.DEBIT: (
            *("debet", "debit", "keluar", "uangkeluar", "danakeluar", "pengeluaran", "penarikan"),
            *("mutasidebet", "mutasidebit", "debitamount", "withdrawal", "withdrawals", "db"),
            *("dr", "out"),
        ),
        Role.AMOUNT: (
            *("jumlah", "nominal", "amount", "mutasi", "nilai", "jumlahtransaksi"),
            *("transactionamount", "nilaitransaksi", "nominaltransaksi"),
        ),
        Role.SIDE: (
            *("dk", "kd", "dbcr", "crdb", "drcr", "dc", "cd", "debitkredit", "debetkredit"),
            *("debitcredit", "tipe", "jenis", "type", "jenistransaksi", "tipetransaksi", "posisi"),
        ),
        Role.BALANCE: (
            *("saldo", "balance", "saldoakhir", "runningbalance", "closebalance", "sisasaldo"),
            *("closingbalance", "endingbalance", "ledgerbalance", "availablebalance"),
        ),
        Role.DESCRIPTION: (
            *("keterangan", "uraian", "uraiantransaksi", "keterangantransaksi", "deskripsi"),
            *("description", "transactiondescription", "remark", "remarks", "rincian"),
            *("rinciantransaksi", "detail", "details", "berita", "catatan", "narasi"),
            *("transaksi", "nama", "pengirim"),
        ),
        Role.SEQUENCE: (
            *("nojurnal", "journalno", "noreferensi", "noref", "referensi", "referenceno"),
            *("reference", "norefcek", "trxid", "transactionid", "idtransaksi", "notransaksi"),
        ),
        Role.ACCOUNT: ("norekening", "norek", "accountno", "accountnumber", "nomorrekening"),
        Role.CURRENCY: ("matauang", "kodematauang", "ccy", "currency", "valuta"),
    },
)


def suggest(row: Row) -> ColumnMap | None:
    """The map that the headings of a row suggest, None where they do not tell day and amount.

    A column without a heading of its own is named by its number.
    """
    headings = headings_of(row)
    found = resolve(SHAPE.names, headings)
    if not tells_money(found):
        return None
    both = Role.DEBIT in found and Role.CREDIT in found
    left_out = (Role.AMOUNT, Role.SIDE) if both else (Role.DEBIT, Role.CREDIT)

    def places(role: Role) -> tuple[Place, ...]:
        return tuple(
            text(row.cells[at]) if headings[at] and headings.count(headings[at]) == 1 else at + 1
            for at in (() if role in left_out else found.get(role, ()))
        )

    def place(role: Role) -> Place | None:
        return next(iter(places(role)), None)

    return ColumnMap(
        day=places(Role.DAY)[0],
        description=places(Role.DESCRIPTION),
        amount=place(Role.AMOUNT),
        side=place(Role.SIDE),
        debit=place(Role.DEBIT),
        credit=place(Role.CREDIT),
        balance=place(Role.BALANCE),
        time=place(Role.TIME),
        sequence=place(Role.SEQUENCE),
        account=place(Role.ACCOUNT),
        currency=place(Role.CURRENCY),
    )


def by_map(chosen: ColumnMap, headings: list[str]) -> dict[Role, tuple[int, ...]] | None:
    """Where the columns of a map stand under these headings, None where one is missing."""
    found: dict[Role, tuple[int, ...]] = {}
    for role, places in chosen.places().items():
        for place in places:
            at = place - 1 if isinstance(place, int) else _index(headings, place)
            if at is None:
                return None
            found[role] = (*found.get(role, ()), at)
    return found


def _index(headings: list[str], name: str) -> int | None:
    wanted = squash(name)
    return headings.index(wanted) if wanted in headings else None


def names(role: Role) -> set[str]:
    """How a role's heading is written."""
    return set(SHAPE.names[role])


def needs_headings(chosen: ColumnMap) -> bool:
    """Whether a map names any column by its heading."""
    return any(isinstance(place, str) for places in chosen.places().values() for place in places)


def first_missing(chosen: ColumnMap, sheet: Sheet) -> BadStatement:
    """What to say where no row has the headings of a map: the first that stands nowhere."""
    there = {heading for row in sheet.rows[:100] for heading in headings_of(row)}
    for places in chosen.places().values():
        for place in places:
            if isinstance(place, str) and squash(place) not in there:
                return BadStatement(BankFault.BAD_MAP, None, place)
    return BadStatement(BankFault.UNKNOWN_HEADINGS)
