"""Tables that belong to no room: the shop's settings, pictures, outbox, schedule."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base
from shop.core.money import Rupiah


class Picture(Base):
    """A photograph as the shop keeps it: re-encoded, upright, without metadata, by its content.

    A `private` one has no public address: a page that knows who may see it hands it out.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="has_area"),
        CheckConstraint("bytes > 0", name="has_bytes"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    tone: Mapped[str] = mapped_column(String(12))
    bytes: Mapped[int]
    private: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    rendered_at: Mapped[datetime | None]
    renditions: Mapped[list[Rendition]] = relationship(lazy="raise", viewonly=True)


class Rendition(Base):
    """One size and format of a picture; its file's name follows from these."""

    __tablename__ = "renditions"

    picture_sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(String(4), primary_key=True)
    height: Mapped[int]
    bytes: Mapped[int]


class ShopSettings(Base):
    """What staff can change about the shop: one row.

    `qris_text` is what the programme's QRIS picture says; `qris_amount` puts the exact sum into it.
    `sellers_collect`: sellers with an account of their own are paid by buyers directly.
    `codes_are_credit`: the rupiah of unique codes are their buyers', else the programme's.
    """

    __tablename__ = "shop_settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("unpaid_hours BETWEEN 1 AND 240", name="unpaid_hours_sane"),
        CheckConstraint("unaccepted_hours BETWEEN 1 AND 240", name="unaccepted_hours_sane"),
        CheckConstraint("unseen_hours BETWEEN 1 AND 240", name="unseen_hours_sane"),
        CheckConstraint("completed_after_days BETWEEN 1 AND 30", name="completed_days_sane"),
        CheckConstraint("payout_minimum >= 0", name="payout_minimum_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    name: Mapped[str] = mapped_column(String(60))
    tagline: Mapped[str] = mapped_column(String(160))
    tagline_en: Mapped[str] = mapped_column(String(160))
    contact_phone: Mapped[str] = mapped_column(String(20))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    bank_name: Mapped[str] = mapped_column(String(40))
    bank_account: Mapped[str] = mapped_column(String(30))
    bank_holder: Mapped[str] = mapped_column(String(80))
    qris_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    qris_holder: Mapped[str] = mapped_column(String(80), default="")
    qris_text: Mapped[str] = mapped_column(String(600), default="")
    qris_amount: Mapped[bool] = mapped_column(default=False)
    sellers_collect: Mapped[bool] = mapped_column(default=False)
    codes_are_credit: Mapped[bool] = mapped_column(default=False)
    unpaid_hours: Mapped[int] = mapped_column(default=24)
    unaccepted_hours: Mapped[int] = mapped_column(default=24)
    unseen_hours: Mapped[int] = mapped_column(default=6)
    completed_after_days: Mapped[int] = mapped_column(default=3)
    payout_minimum: Mapped[Rupiah] = mapped_column(default=Rupiah(0))


class OutboxMessage(Base):
    """Work that leaves the machine or may wait, written in the transaction that causes it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "due_at", postgresql_where=text("done_at IS NULL")),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class ScheduledRun(Base):
    """When each timed job last ran, so that a missed one is made up once and staff can see it."""

    __tablename__ = "scheduled_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    claimed_until: Mapped[datetime | None]
