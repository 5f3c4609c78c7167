"""Counts of consigned goods that take one back, and consent in standing orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COUNTS = "consignment_counts"


def upgrade() -> None:
    with op.batch_alter_table(_COUNTS) as batch:
        batch.add_column(sa.Column("reverses_id", sa.Uuid(), nullable=True))
        batch.add_column(
            sa.Column("reason", sa.String(length=300), nullable=False, server_default="")
        )
        batch.create_foreign_key(
            op.f("fk_consignment_counts_reverses_id_consignment_counts"),
            _COUNTS, ["reverses_id"], ["id"],
        )  # fmt: skip
        batch.create_unique_constraint(op.f("uq_consignment_counts_reverses_id"), ["reverses_id"])
        batch.create_check_constraint(
            op.f("ck_consignment_counts_undoing_has_reason"),
            "(reverses_id IS NULL) = (reason = '')",
        )
    with op.batch_alter_table(_COUNTS) as batch:
        batch.alter_column("reason", server_default=None)
    with op.batch_alter_table("standing_orders") as batch:
        batch.add_column(sa.Column("buyer_email", sa.String(length=254), nullable=True))
        batch.add_column(sa.Column("whatsapp_ok_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("standing_orders") as batch:
        batch.drop_column("whatsapp_ok_at")
        batch.drop_column("buyer_email")
    with op.batch_alter_table(_COUNTS) as batch:
        batch.drop_constraint(op.f("ck_consignment_counts_undoing_has_reason"), type_="check")
        batch.drop_constraint(op.f("uq_consignment_counts_reverses_id"), type_="unique")
        batch.drop_constraint(
            op.f("fk_consignment_counts_reverses_id_consignment_counts"), type_="foreignkey"
        )
        batch.drop_column("reason")
        batch.drop_column("reverses_id")
