"""Codes made by an acquirer, refunds through it, and what it paid into the bank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acquired",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("booked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("booked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("fee BETWEEN 0 AND gross", name=op.f("ck_acquired_fee_within")),
        sa.CheckConstraint("gross > 0", name=op.f("ck_acquired_gross_positive")),
        _refers("acquired", "booked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acquired")),
        sa.UniqueConstraint(
            "provider", "day", "reference", name=op.f("uq_acquired_provider_day_reference")
        ),
    )
    op.create_table(
        "gateway_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=50), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("transaction_id", sa.String(length=80), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("said", sa.String(length=80), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ask_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gateway_codes_amount_positive")),
        sa.CheckConstraint(
            "standing IN ('unknown', 'pending', 'paid', 'ended', 'returned')",
            name=op.f("ck_gateway_codes_standing_known"),
        ),
        _refers("gateway_codes", "payment_id", "payments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_codes")),
        sa.UniqueConstraint("reference", name=op.f("uq_gateway_codes_reference")),
    )
    op.create_index("ix_gateway_codes_ask", "gateway_codes", ["ask_at"], unique=False)
    op.create_index("ix_gateway_codes_payment_id", "gateway_codes", ["payment_id"], unique=False)
    op.create_table(
        "gateway_refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", sa.String(length=80), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'refused')", name=op.f("ck_gateway_refunds_state_known")
        ),
        _refers("gateway_refunds", "refund_id", "refunds"),
        _refers("gateway_refunds", "code_id", "gateway_codes"),
        _refers("gateway_refunds", "asked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_refunds")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_gateway_refunds_refund_id")),
    )
    op.create_table(
        "gateway_refund_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        _refers("gateway_refund_events", "thing_id", "gateway_refunds"),
        _refers("gateway_refund_events", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_refund_events")),
    )
    op.create_index(
        "ix_gateway_refund_events_thing_id", "gateway_refund_events", ["thing_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("gateway_refund_events")
    op.drop_table("gateway_refunds")
    op.drop_table("gateway_codes")
    op.drop_table("acquired")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
