"""Which sums of transfers and QRIS payments are waited for, or may still come."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import cast

from sqlalchemy import Table, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.payments.deadline import MAY_STILL_COME
from shop.payments.models import Payment, PaymentEvent
from shop.payments.states import Method, PaymentState

_OPEN = (PaymentState.PENDING.value, PaymentState.CLAIMED.value)
_ENDED = (PaymentState.EXPIRED.value, PaymentState.CANCELLED.value)
_BY_CODE = (Method.TRANSFER.value, Method.QRIS.value)
_PAYMENTS = cast("Table", Payment.__table__).c
_EVENTS = cast("Table", PaymentEvent.__table__).c
_OF_ALL = (
    select(_PAYMENTS.amount, _PAYMENTS.state, func.max(_EVENTS.happened_at))
    .select_from(
        Payment.__table__.outerjoin(PaymentEvent.__table__, _EVENTS.thing_id == _PAYMENTS.id)
    )
    .where(
        _PAYMENTS.amount.between(bindparam("least"), bindparam("most")),
        _PAYMENTS.method.in_(_BY_CODE),
        _PAYMENTS.state.in_(_OPEN + _ENDED),
    )
    .group_by(_PAYMENTS.amount, _PAYMENTS.state)
)
_SUMS = _OF_ALL.where(_PAYMENTS.collector_id.is_(None))
_OWN_SUMS = _OF_ALL.where(_PAYMENTS.collector_id == bindparam("collector", type_=Uuid()))


def taken(
    session: Session, total: int, collector_id: uuid.UUID | None, highest: int
) -> tuple[set[int], dict[int, datetime]]:
    """The codes up to `highest` of open payments, and of those that ended while their money may
    still come: when.

    Where both a payment that ended and an open one had a sum, the open one counts.
    """
    session.flush()  # a statement over bare tables sees only what is written
    asked = {"least": total + 1, "most": total + highest}
    if collector_id is None:
        rows = session.execute(_SUMS, asked)
    else:
        rows = session.execute(_OWN_SUMS, asked | {"collector": collector_id})
    waited_for: set[int] = set()
    ended: dict[int, datetime] = {}
    for amount, state, moment in rows:
        code = amount - total
        if state in _OPEN:
            waited_for.add(code)
        elif moment is not None and moment > clock.now() - MAY_STILL_COME:
            ended[code] = max(moment, ended.get(code, moment))
    return waited_for, ended
