"""Who carries a buyer's cash for her seller: a courier, or a pick-up point."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payments") as batch:
        batch.add_column(sa.Column("carrier_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_payments_carrier_id_cash_holders"), "cash_holders", ["carrier_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_payments_only_cash_is_carried"), "carrier_id IS NULL OR method = 'cash'"
        )
        batch.create_index("ix_payments_carrier", ["carrier_id"])


def downgrade() -> None:
    with op.batch_alter_table("payments") as batch:
        batch.drop_index("ix_payments_carrier")
        batch.drop_constraint(op.f("ck_payments_only_cash_is_carried"), type_="check")
        batch.drop_constraint(op.f("fk_payments_carrier_id_cash_holders"), type_="foreignkey")
        batch.drop_column("carrier_id")
