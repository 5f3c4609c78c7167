"""BCA, KlikBCA: days without a year, `PEND` for what is not booked, footers with the balances."""

from __future__ import annotations

import re

from shop.payments.bank.columns import Role, Shape, spellings

SHAPE = Shape(
    bank="bca",
    channel="klikbca",
    known_by=(
        spellings("tanggaltransaksi", "tanggal", "tgl", "transactiondate", "date"),
        spellings("keterangan", "description"),
        spellings("cabang", "cbg", "branch"),
        spellings("jumlah", "mutasi", "amount"),
    ),
    names={
        Role.DAY: ("tanggaltransaksi", "tanggal", "tgl", "transactiondate", "date"),
        Role.DESCRIPTION: ("keterangan", "description"),
        Role.AMOUNT: ("jumlah", "mutasi", "amount"),
        Role.SIDE: ("dbcr", "crdb", "dk", "jenis", "tipe"),
        Role.BALANCE: ("saldo", "balance"),
    },
)
_DAY_IN_REMARK = re.compile(r"\b(\d{2})(\d{2})/[A-Z0-9]+/", re.IGNORECASE)


def day_of_pending(description: str) -> str | None:
    """The day that the remark of a pending line repeats (`0611/FTSCY/…`), as `06/11`."""
    found = _DAY_IN_REMARK.search(description)
    return f"{found[1]}/{found[2]}" if found else None
