"""Bank Mandiri for business, Kopra and the older MCM: one account may hold several currencies."""

from __future__ import annotations

from shop.payments.bank.columns import Role, Shape, spellings

KOPRA = Shape(
    bank="mandiri",
    channel="kopra",
    known_by=(
        spellings("accountno", "accountnumber"),
        spellings("ccy", "currency"),
        spellings("postdate", "postingdate"),
        spellings("creditamount", "credit"),
        spellings("debitamount", "debit"),
    ),
    names={
        Role.DAY: ("postdate", "postingdate"),
        Role.DESCRIPTION: (
            "remarks",
            "remark",
            "additionaldesc",
            "additionaldescription",
            "description",
        ),
        Role.CREDIT: ("creditamount", "credit"),
        Role.DEBIT: ("debitamount", "debit"),
        Role.BALANCE: ("closebalance", "closingbalance", "balance"),
        Role.ACCOUNT: ("accountno", "accountnumber"),
        Role.CURRENCY: ("ccy", "currency"),
    },
)
CASH_MANAGEMENT = Shape(
    bank="mandiri",
    channel="mcm",
    known_by=(
        spellings("postingdate", "postdate"),
        spellings("remark", "remarks"),
        spellings("referenceno", "reference"),
        spellings("debit"),
        spellings("credit"),
    ),
    names={
        Role.DAY: ("postingdate", "postdate"),
        Role.DESCRIPTION: ("remark", "remarks", "additionaldesc"),
        Role.DEBIT: ("debit",),
        Role.CREDIT: ("credit",),
        Role.BALANCE: ("balance", "closebalance"),
        Role.CURRENCY: ("ccy", "currency"),
    },
)
