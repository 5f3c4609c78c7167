"""BRI: balances before and after on every line; the bank lengthens remarks from day to day."""

from __future__ import annotations

from shop.payments.bank.columns import Role, Shape, spellings

CMS = Shape(
    bank="bri",
    channel="cms",
    known_by=(
        spellings("tgltran", "tgltransaksi"),
        spellings("mutasidebet", "mutasidebit"),
        spellings(
            "mutasikredit",
        ),
    ),
    names={
        Role.DAY: ("tgltran", "tgltransaksi"),
        Role.TIME: ("jamtran", "jamtransaksi"),
        Role.DESCRIPTION: ("desktran", "desktransaksi", "trremk", "remarkcustom"),
        Role.DEBIT: ("mutasidebet", "mutasidebit"),
        Role.CREDIT: ("mutasikredit",),
        Role.OPENING: ("saldoawalmutasi",),
        Role.BALANCE: ("saldoakhirmutasi",),
        Role.SEQUENCE: ("seq",),
        Role.ACCOUNT: ("norek", "norekening"),
        Role.CURRENCY: ("ccy", "matauang"),
    },
)
INTERNET = Shape(
    bank="bri",
    channel="internet",
    known_by=(
        spellings("tanggaltransaksi", "tgltransaksi"),
        spellings("uraiantransaksi"),
        spellings("teller"),
        spellings("debet", "debit"),
        spellings("kredit"),
    ),
    names={
        Role.DAY: ("tanggaltransaksi", "tgltransaksi"),
        Role.DESCRIPTION: ("uraiantransaksi",),
        Role.DEBIT: ("debet", "debit"),
        Role.CREDIT: ("kredit",),
        Role.BALANCE: ("saldo",),
    },
)
