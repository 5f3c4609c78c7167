"""BSI: a number for each line, `K` and `D` in a column of their own."""

from __future__ import annotations

from shop.payments.bank.columns import Role, Shape, spellings

SHAPE = Shape(
    bank="bsi",
    channel="",
    known_by=(
        spellings("trxid", "transactionid"),
        spellings("tanggal", "trxdate", "tgltrx"),
        spellings("dk", "dbcr", "drcr"),
        spellings("mutasi", "jumlah", "nominal", "amount"),
    ),
    names={
        Role.DAY: ("tanggal", "trxdate", "tgltrx"),
        Role.TIME: ("trxtime", "jam", "waktu"),
        Role.DESCRIPTION: ("keterangan", "description", "deskripsi"),
        Role.AMOUNT: ("mutasi", "jumlah", "nominal", "amount"),
        Role.SIDE: ("dk", "dbcr", "drcr"),
        Role.BALANCE: ("saldo", "balance"),
        Role.SEQUENCE: ("trxid", "transactionid"),
        Role.ACCOUNT: ("norekening", "norek"),
        Role.CURRENCY: ("matauang", "ccy"),
    },
)
