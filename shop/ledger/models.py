"""The journal: entries that balance, never change, and carry running balances.

An entry's postings are written first and its header last. Database triggers refuse a header whose
postings do not sum to zero, a posting for a header that already stands, and any UPDATE or DELETE.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.core import clock, ids
from shop.core.db import Base, one_of
from shop.core.money import Rupiah
from shop.core.moves import MoveRow
from shop.ledger.states import AccountKind, EntryKind, PayoutState, PayoutWay


class Account(Base):
    """A place money can be, with the running sum of its postings (debit positive), in rupiah.

    `last_number` is the number of its newest posting; `member_id` whose it is inside a group,
    `holder_id` the courier or the pick-up point that carries it.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        one_of("kind", AccountKind),
        CheckConstraint("(kind IN ('member', 'advance')) = (member_id IS NOT NULL)", name="whose"),
        CheckConstraint("(kind = 'carried') = (holder_id IS NOT NULL)", name="carried_by"),
        Index("ix_accounts_seller", "seller_id", "kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    seller_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sellers.id"))
    member_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seller_members.id"))
    holder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cash_holders.id"))
    balance: Mapped[int] = mapped_column(BigInteger, default=0)
    last_number: Mapped[int] = mapped_column(BigInteger, default=0)


class Entry(Base):
    """One thing that happened to money. Immutable; `key` makes a repetition impossible.

    `month` is the first day of the Jakarta month of `occurred_at`; `consigned_id` is the record
    of consigned pieces (or of their money) that it is about, `group_id` that of what happened
    inside a group. `reverses_id` is the entry that this one undoes; `note` says why.
    """

    __tablename__ = "entries"
    __table_args__ = (
        one_of("kind", EntryKind),
        Index("ix_entries_seller_order", "seller_order_id"),
        Index("ix_entries_kind_month", "kind", "month"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    occurred_at: Mapped[datetime]
    month: Mapped[date]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    order_id: Mapped[uuid.UUID | None]
    seller_order_id: Mapped[uuid.UUID | None]
    payment_id: Mapped[uuid.UUID | None]
    payout_id: Mapped[uuid.UUID | None]
    consigned_id: Mapped[uuid.UUID | None]
    group_id: Mapped[uuid.UUID | None]
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("entries.id"), unique=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    postings: Mapped[list[Posting]] = relationship(
        primaryjoin="Entry.id == foreign(Posting.entry_id)", viewonly=True, lazy="raise"
    )


class Posting(Base):
    """One leg of an entry: `amount` rupiah, debit positive, credit negative.

    `number` counts the legs of the account from 1 without a gap, and `balance` is the account's
    running balance with this leg in it.
    """

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="not_nothing"),
        UniqueConstraint("entry_id", "account_id"),
        UniqueConstraint("account_id", "number"),
        Index("ix_postings_seller", "seller_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    entry_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("entries.id", deferrable=True, initially="DEFERRED")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    seller_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sellers.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    balance: Mapped[int] = mapped_column(BigInteger)
    account: Mapped[Account] = relationship(lazy="raise")


class ClosedMonth(Base):
    """A month whose books are shut: no entry of it can be posted any more (a trigger refuses it).

    Once shut it stays so; corrections are entries of an open month.
    """

    __tablename__ = "closed_months"

    month: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    entries: Mapped[int]


class FeeRule(Base):
    """What the programme keeps of a sale from a moment on.

    `basis_points` ten-thousandths of each line and `flat` rupiah of each line, never more than half
    of it. A rule of one seller comes before one of a category, that before the general one; the
    newest of each kind holds. `ended` says that from this moment on there is none of its kind.
    """

    __tablename__ = "fee_rules"
    __table_args__ = (
        CheckConstraint("basis_points BETWEEN 0 AND 5000", name="fee_sane"),
        CheckConstraint("flat BETWEEN 0 AND 100000", name="flat_sane"),
        CheckConstraint("seller_id IS NULL OR category_slug IS NULL", name="one_kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    basis_points: Mapped[int]
    flat: Mapped[Rupiah] = mapped_column(default=Rupiah(0))
    seller_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sellers.id"))
    category_slug: Mapped[str | None] = mapped_column(ForeignKey("categories.slug"))
    ended: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[datetime] = mapped_column(unique=True)
    set_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))


class PayoutBatch(Base):
    """Payouts made together, usually on a Friday: prepared by one person, approved by another.

    A batch that is refused (`refused_at`) gives everything back.
    """

    __tablename__ = "payout_batches"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    refused_at: Mapped[datetime | None]
    refused_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    payouts: Mapped[list[Payout]] = relationship(back_populates="batch")


class Payout(Base):
    """What one seller gets in a batch, and to which account it goes.

    It claims the legs of her payable account from `first_number` to `last_number`, both included.
    Money in her hand is signed for on a photo.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        UniqueConstraint("batch_id", "seller_id"),
        one_of("state", PayoutState),
        one_of("way", PayoutWay),
        CheckConstraint("amount > 0", name="pays_something"),
        CheckConstraint(
            "state <> 'paid' OR (paid_at IS NOT NULL AND reference <> '')", name="paid_has_proof"
        ),
        Index("ix_payouts_seller", "seller_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.new_id)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payout_batches.id"))
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sellers.id"))
    amount: Mapped[Rupiah]
    state: Mapped[str] = mapped_column(String(10), default=PayoutState.CLAIMED.value)
    way: Mapped[str] = mapped_column(String(8), default=PayoutWay.BANK.value)
    first_number: Mapped[int | None] = mapped_column(BigInteger)
    last_number: Mapped[int | None] = mapped_column(BigInteger)
    bank_name: Mapped[str] = mapped_column(String(40))
    bank_account: Mapped[str] = mapped_column(String(30))
    bank_holder: Mapped[str] = mapped_column(String(80))
    signature_sha256: Mapped[str | None] = mapped_column(ForeignKey("pictures.sha256"))
    reference: Mapped[str] = mapped_column(String(60), default="")
    paid_at: Mapped[datetime | None]
    batch: Mapped[PayoutBatch] = relationship(back_populates="payouts")


class PayoutColumn(Base):
    """The column at this place (from 1) of the table the bank takes in: what in it, its heading."""

    __tablename__ = "payout_columns"
    __table_args__ = (CheckConstraint("place > 0", name="placed"),)

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(String(20), unique=True)
    heading: Mapped[str] = mapped_column(String(60))


class PayoutEvent(MoveRow, Base):
    """A move in the life of a payout."""

    __tablename__ = "payout_events"

    thing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payouts.id"), index=True)
