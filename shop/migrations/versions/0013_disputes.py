"""Refunds through Stripe, disputes of card payments, and how sellers' accounts there stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'done', 'refused')", name=op.f("ck_card_refunds_state_known")
        ),
        _refers("card_refunds", "refund_id", "refunds"),
        _refers("card_refunds", "asked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_refunds")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_card_refunds_refund_id")),
    )
    _moves("card_refund_events", "card_refunds")
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("evidence_by", UtcDateTime(timezone=True), nullable=True),
        sa.Column("heard_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reinstated_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("borne_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("borne_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('inquiry', 'open', 'review', 'won', 'lost', 'borne', 'closed')",
            name=op.f("ck_disputes_state_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_disputes_amount_positive")),
        sa.CheckConstraint(
            "reinstated_at IS NULL OR withdrawn_at IS NOT NULL",
            name=op.f("ck_disputes_back_after_away"),
        ),
        sa.CheckConstraint(
            "(state = 'borne') = (borne_at IS NOT NULL)", name=op.f("ck_disputes_borne_has_moment")
        ),
        _refers("disputes", "payment_id", "payments"),
        _refers("disputes", "borne_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_disputes_provider_id")),
    )
    op.create_index("ix_disputes_payment_id", "disputes", ["payment_id"], unique=False)
    _moves("dispute_events", "disputes")
    op.create_table(
        "connected_accounts",
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("transfers", sa.String(length=20), nullable=False),
        sa.Column("missing", sa.String(length=500), nullable=False),
        sa.Column("why", sa.String(length=80), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_connected_accounts")),
    )


def downgrade() -> None:
    op.drop_table("connected_accounts")
    op.drop_table("dispute_events")
    op.drop_table("disputes")
    op.drop_table("card_refund_events")
    op.drop_table("card_refunds")


def _moves(table: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        _refers(table, "thing_id", of),
        _refers(table, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_thing_id", table, ["thing_id"], unique=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
