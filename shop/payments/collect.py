"""Which sellers collect what buyers pay for their things by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, Uuid, bindparam, select
from sqlalchemy.orm import Session

from shop.payments.states import Method
from shop.sellers.models import Seller

_SELLERS = cast("Table", Seller.__table__).c
_WITH = {
    Method.TRANSFER: _SELLERS.bank_account != "",
    Method.QRIS: _SELLERS.qris_text != "",
}
# Built once: a checkout asks.
_COLLECTING = {
    method: select(_SELLERS.id).where(
        _SELLERS.collects, able, _SELLERS.id.in_(bindparam("ids", expanding=True, type_=Uuid()))
    )
    for method, able in _WITH.items()
}


def collecting(
    session: Session, method: Method, seller_ids: Collection[uuid.UUID]
) -> frozenset[uuid.UUID]:
    """Those of these sellers to whom buyers pay directly this way, where the shop allows it.

    Only by transfer to her own account or by her own QRIS: what is paid otherwise, or in a way for
    which she has nothing to show, comes through the programme.
    """
    if method not in _COLLECTING:
        return frozenset()
    session.flush()
    return frozenset(session.scalars(_COLLECTING[method], {"ids": list(seller_ids)}))
