"""People and what they may do."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of


class Role(StrEnum):
    """What a member of the programme's staff does. Sellers' roles hang on their seller."""

    FACILITATOR = "facilitator"
    MANAGER = "manager"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Language(StrEnum):
    """The languages of the shop."""

    INDONESIAN = "id"
    ENGLISH = "en"


class Person(Base):
    """Somebody who can sign in, by phone number (E.164) and password."""

    __tablename__ = "people"
    __table_args__ = (
        one_of("language", Language),
        CheckConstraint("phone LIKE '+%'", name="phone_e164"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    phone: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default=Language.INDONESIAN.value)
    whatsapp_ok_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    disabled_at: Mapped[datetime | None]
    grants: Mapped[list[RoleGrant]] = relationship(
        foreign_keys="RoleGrant.person_id", back_populates="person"
    )

    @property
    def roles(self) -> frozenset[Role]:
        """The staff roles this person holds now."""
        return frozenset(Role(g.role) for g in self.grants if g.revoked_at is None)


class RoleGrant(Base):
    """A role given to a person, and taken back, by whom and when."""

    __tablename__ = "role_grants"
    __table_args__ = (
        one_of("role", Role),
        Index(
            "uq_role_grants_current",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    granted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id], back_populates="grants")


class SignIn(Base):
    """A signed-in device. Its cookie holds the token, the database only the token's hash."""

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    seller_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[Person] = relationship()


class SignInAttempt(Base):
    """A try at signing in, kept to slow down guessing per account and per address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_phone_at", "phone", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    phone: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(45), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    succeeded: Mapped[bool]


class AuditLine(Base):
    """Who did what to which thing, for acts that others must be able to look up."""

    __tablename__ = "audit_lines"
    __table_args__ = (Index("ix_audit_lines_thing", "thing_kind", "thing_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str] = mapped_column(String(60))
    thing_kind: Mapped[str] = mapped_column(String(30))
    thing_id: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Notification(Base):
    """Something a person (or the buyer of an order) should know, one row for each and event.

    `key` is who and what happened: the same event never becomes a second row. It is shown in the
    studio or on the order's page, and sent by the ways in `sends`.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (order_id IS NULL)", name="one_reader"),
        Index("ix_notifications_person_seen", "person_id", "seen_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(140), unique=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    seller_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    link: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    sends: Mapped[list[NotificationSend]] = relationship(back_populates="notification")


class Channel(StrEnum):
    """By which way something is sent to a person."""

    MAIL = "mail"
    PUSH = "push"
    WHATSAPP = "whatsapp"


class SendState(StrEnum):
    """How far a message came. `accepted` by the carrier is not yet `delivered`."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class NotificationSend(Base):
    """One message of a notification by one way to one address.

    `key` keeps the same message from being written down twice; `carrier_id` is the name the
    carrier gave it. `state` only goes forward; until `busy_until` a worker is at it.
    """

    __tablename__ = "notification_sends"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("state", SendState),
        Index("ix_notification_sends_state", "state", "channel"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    notification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notifications.id"), index=True)
    key: Mapped[str] = mapped_column(String(140), unique=True)
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=SendState.WAITING.value)
    subscription_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("push_subscriptions.id"))
    carrier_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    busy_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    notification: Mapped[Notification] = relationship(back_populates="sends")


class PushSubscription(Base):
    """A browser that wants to be told, of a person or of whoever follows an order.

    One browser (`endpoint`) may follow several orders, each with a row of its own.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        UniqueConstraint("endpoint", "person_id"),
        UniqueConstraint("endpoint", "order_id"),
        CheckConstraint("(person_id IS NULL) <> (order_id IS NULL)", name="one_reader"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(600))
    public_key: Mapped[str] = mapped_column(String(120))
    secret: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    gone_at: Mapped[datetime | None]
