"""Money that fits no payment, photos of slips, and ways to pay switched off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ways_off",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=True),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("off_by", sa.Uuid(), nullable=True),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("on_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "method IN ('cash', 'transfer', 'qris', 'card', 'gateway')",
            name=op.f("ck_ways_off_method_known"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_ways_off_ends_after")),
        sa.ForeignKeyConstraint(["off_by"], ["people.id"], name=op.f("fk_ways_off_off_by_people")),
        sa.ForeignKeyConstraint(["on_by"], ["people.id"], name=op.f("fk_ways_off_on_by_people")),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_ways_off_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ways_off")),
    )
    op.create_index(
        "uq_ways_off_hers",
        "ways_off",
        ["seller_id", "method"],
        unique=True,
        sqlite_where=sa.text("until IS NULL AND seller_id IS NOT NULL"),
        postgresql_where=sa.text("until IS NULL AND seller_id IS NOT NULL"),
    )
    op.create_index(
        "uq_ways_off_ours",
        "ways_off",
        ["method"],
        unique=True,
        sqlite_where=sa.text("until IS NULL AND seller_id IS NULL"),
        postgresql_where=sa.text("until IS NULL AND seller_id IS NULL"),
    )
    op.create_table(
        "strays",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("rest_id", sa.Uuid(), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("came_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "kind = 'wrong' OR payment_id IS NOT NULL", name=op.f("ck_strays_meant_for")
        ),
        sa.CheckConstraint(
            "kind IN ('double', 'short', 'over', 'wrong')", name=op.f("ck_strays_kind_known")
        ),
        sa.CheckConstraint("method IN ('transfer', 'qris')", name=op.f("ck_strays_method_known")),
        sa.CheckConstraint(
            "state <> 'refunded' OR (sent_at IS NOT NULL AND reference <> '')",
            name=op.f("ck_strays_refunded_has_proof"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'asked', 'due', 'refunded', 'topped_up', 'fund', 'reopened', "
            "'matched')",
            name=op.f("ck_strays_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('due', 'refunded') OR decided_at IS NOT NULL",
            name=op.f("ck_strays_somebody_decided"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_strays_amount_positive")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_strays_decided_by_people")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["strays.id"], name=op.f("fk_strays_from_id_strays")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_strays_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["people.id"], name=op.f("fk_strays_recorded_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["rest_id"], ["payments.id"], name=op.f("fk_strays_rest_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strays")),
        sa.UniqueConstraint("key", name=op.f("uq_strays_key")),
        sa.UniqueConstraint("rest_id", name=op.f("uq_strays_rest_id")),
    )
    op.create_index(op.f("ix_strays_payment_id"), "strays", ["payment_id"], unique=False)
    op.create_index("ix_strays_state", "strays", ["state", "came_at"], unique=False)
    op.create_table(
        "payment_slips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_slips_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["pictures.sha256"], name=op.f("fk_payment_slips_sha256_pictures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_slips")),
        sa.UniqueConstraint(
            "payment_id", "sha256", name=op.f("uq_payment_slips_payment_id_sha256")
        ),
    )
    op.create_table(
        "stray_events",
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_stray_events_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["thing_id"], ["strays.id"], name=op.f("fk_stray_events_thing_id_strays")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_events")),
    )
    op.create_index(op.f("ix_stray_events_thing_id"), "stray_events", ["thing_id"], unique=False)


def downgrade() -> None:
    op.drop_table("stray_events")
    op.drop_table("payment_slips")
    op.drop_table("strays")
    op.drop_table("ways_off")
