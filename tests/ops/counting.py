"""Comparing what a shop said yes to with what its database, its storage and the mail hold."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import wiring
from shop.accounts.models import Channel, NotificationSend, SendState
from shop.check import check_all
from shop.cli.checking import check_database
from shop.core import clock, outbox
from shop.core.db import db, only_reading
from shop.core.models import OutboxMessage, Picture
from shop.orders.models import Order, SellerOrder
from shop.orders.states import SellerOrderState
from shop.payments.models import Payment, Refund
from shop.payments.states import PaymentState, RefundState
from tests.ops.rush import Said


@dataclass(frozen=True)
class Count:
    """What became of it. After `cut`, all but `mails` and `mails_repeated` must be nothing.

    A message may come twice, where the worker was killed between sending it and writing that down;
    then both bear one Message-ID, by which mail programs know it. `mails_unkeyed` are repeated ones
    that do not, `mails_lost` those that never came, `undone` work of the outbox that is left.
    """

    acked: int
    handed_over: int
    refunded: int
    photos: int
    cut: int
    lost: int
    duplicates: int
    unconfirmed: int
    not_handed_over: int
    not_refunded: int
    photos_lost: int
    undone: int
    mails: int
    mails_lost: int
    mails_repeated: int
    mails_unkeyed: int
    faults: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong."""
        wrong = (
            self.lost, self.duplicates, self.unconfirmed, self.not_handed_over, self.not_refunded,
            self.photos_lost, self.undone, self.mails_lost, self.mails_unkeyed,
        )  # fmt: skip
        return not any(wrong) and not self.faults


def finish_outbox(app: Flask) -> None:
    """Do what killed workers had claimed, without waiting until their time is over."""
    with app.app_context(), clock.at(clock.now() + timedelta(days=2)):
        outbox.drain(db.session(), wiring.OUTBOX)
        db.session.remove()


def count_up(app: Flask, said: Said, mails: Sequence[EmailMessage] = ()) -> Count:
    """Compare what was said with what is."""
    with app.app_context(), only_reading():
        session = db.session()
        found = session.execute(select(Order.token, Order.buyer_name)).all()
        tokens = {row.token for row in found}
        names = Counter(row.buyer_name for row in found)
        pictures = len(session.scalars(select(Picture.sha256)).all())
        findings = [
            *check_all(session, app.extensions["storage"]),
            *check_database(session.connection()),
        ]
        return Count(
            acked=len(said.orders),
            handed_over=len(said.handed_over),
            refunded=len(said.refunded),
            photos=said.photos,
            cut=said.cut,
            lost=len(set(said.orders.values()) - tokens),
            duplicates=sum(times - 1 for times in names.values()),
            unconfirmed=len(said.confirmed - _in(session, Payment, PaymentState.SETTLED)),
            not_handed_over=len(said.handed_over - _in(session, SellerOrder, *_GONE)),
            not_refunded=len(said.refunded - _in(session, Refund, RefundState.PAID)),
            photos_lost=max(0, said.photos - pictures),
            undone=_undone(session),
            **_mails(session, mails),
            faults=tuple(f.line for f in findings if f.faults and "reach the disk" not in f.name),
        )


_GONE = (SellerOrderState.HANDED_OVER, SellerOrderState.COMPLETED)


def _in(session: Session, table: type, *states: str) -> set[uuid.UUID]:
    return set(session.scalars(select(table.id).where(table.state.in_(states))))  # type: ignore[attr-defined]


def _undone(session: Session) -> int:
    left = select(func.count()).where(OutboxMessage.done_at.is_(None))
    return session.scalar(left) or 0


def _mails(session: Session, mails: Sequence[EmailMessage]) -> dict[str, int]:
    """Messages are told apart by what they say: each names its order."""
    sends = session.scalars(
        select(NotificationSend.state).where(NotificationSend.channel == Channel.MAIL.value)
    ).all()
    if not mails:
        return dict.fromkeys(("mails", "mails_lost", "mails_repeated", "mails_unkeyed"), 0)
    ids: dict[tuple[str, str], list[str]] = {}
    for mail in mails:
        text = mail.get_body(("plain",))
        words = text.get_content() if text else ""
        ids.setdefault((mail["To"], words), []).append(mail["Message-ID"])
    accepted = sends.count(SendState.ACCEPTED.value)
    return {
        "mails": accepted,
        "mails_lost": len(sends) - accepted + max(0, accepted - len(ids)),
        "mails_repeated": len(mails) - len(ids),
        "mails_unkeyed": sum(len(set(found)) - 1 for found in ids.values()),
    }
