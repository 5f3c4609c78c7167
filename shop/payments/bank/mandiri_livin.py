"""Bank Mandiri, Livin: two headings alike, day first, no balance."""

from __future__ import annotations

from shop.payments.bank.columns import Role, Shape, spellings

SHAPE = Shape(
    bank="mandiri",
    channel="livin",
    known_by=(
        spellings("accountno", "accountnumber"),
        spellings("date"),
        spellings("valdate", "valuedate"),
        spellings("transactioncode"),
        spellings("debit"),
        spellings("credit"),
    ),
    names={
        Role.DAY: ("date",),
        Role.DESCRIPTION: ("description",),
        Role.DEBIT: ("debit",),
        Role.CREDIT: ("credit",),
        Role.BALANCE: ("balance", "saldo"),
        Role.SEQUENCE: ("referenceno",),
        Role.ACCOUNT: ("accountno", "accountnumber"),
        Role.CURRENCY: ("ccy", "currency"),
    },
)
