"""Bank statements as Indonesian banks export them, read line by line. Knows no database.

Sources of the shapes: the exports of KlikBCA, Mandiri Kopra and Livin, BNI and BNIDirect, BRI and
BSI as public importers and their tests hold them; workbooks by ECMA-376.
"""

from __future__ import annotations

from shop.payments.bank.column_map import ColumnMap, Place
from shop.payments.bank.faults import BadStatement, BankFault
from shop.payments.bank.read import read, suggest_map
from shop.payments.bank.sheet import MOST_BYTES
from shop.payments.bank.statement import DailyQris, Line, SetAside, Statement, daily_qris

__all__ = [
    "MOST_BYTES",
    "BadStatement",
    "BankFault",
    "ColumnMap",
    "DailyQris",
    "Line",
    "Place",
    "SetAside",
    "Statement",
    "daily_qris",
    "read",
    "suggest_map",
]
