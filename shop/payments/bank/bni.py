"""BNI, as internet banking and BNIDirect export it; BNIDirect's workbook merges cells."""

from __future__ import annotations

from shop.payments.bank.columns import Role, Shape, spellings

SHAPE = Shape(
    bank="bni",
    channel="",
    known_by=(
        spellings("postdate", "postingdate", "tanggalposting"),
        spellings("journalno", "journalnumber", "journal", "nojurnal", "nojournal", "branch"),
        spellings("description", "transactiondescription", "keterangan", "uraian"),
    ),
    names={
        Role.DAY: ("postdate", "postingdate", "tanggalposting"),
        Role.TIME: ("posttime", "time", "jam"),
        Role.DESCRIPTION: ("description", "transactiondescription", "keterangan", "uraian"),
        Role.DEBIT: ("debit", "debitamount", "debet"),
        Role.CREDIT: ("credit", "creditamount", "kredit"),
        Role.AMOUNT: ("amount", "transactionamount", "nominal", "jumlah"),
        Role.SIDE: ("dbcr", "crdb", "dk", "dc", "drcr", "debitcredit", "type", "tipe"),
        Role.BALANCE: ("balance", "runningbalance", "endingbalance", "saldo"),
        Role.SEQUENCE: ("journalno", "journalnumber", "journal", "nojurnal", "nojournal"),
        Role.ACCOUNT: ("accountno", "accountnumber"),
        Role.CURRENCY: ("ccy", "currency"),
    },
)
