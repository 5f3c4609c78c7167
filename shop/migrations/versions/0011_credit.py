"""Credit of buyers: whose it is, what of a payment is paid from it, and where codes go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime
from shop.migrations.by_hand import allow_changes, refuse_changes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STRAYS = (
    "open", "asked", "due", "refunded", "topped_up", "fund", "reopened", "matched"
)  # fmt: skip
_REFUNDS = ("due", "paid")


def upgrade() -> None:
    with op.batch_alter_table("shop_settings") as batch:
        batch.add_column(
            sa.Column("codes_are_credit", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("payments") as batch:
        batch.add_column(sa.Column("buyer_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("credit", sa.BigInteger(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column("code_is_credit", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.create_foreign_key(
            op.f("fk_payments_buyer_id_people"), "people", ["buyer_id"], ["id"]
        )
        batch.create_check_constraint(op.f("ck_payments_credit_not_negative"), "credit >= 0")
        batch.create_check_constraint(
            op.f("ck_payments_credit_is_somebodys"),
            "buyer_id IS NOT NULL OR (credit = 0 AND NOT code_is_credit)",
        )
        batch.create_check_constraint(
            op.f("ck_payments_credit_pays_the_programme"),
            "(credit = 0 AND NOT code_is_credit) OR (collector_id IS NULL AND method <> 'cash')",
        )
        batch.create_index("ix_payments_buyer", ["buyer_id", "state"])
    op.execute(
        "UPDATE payments SET buyer_id = "
        "(SELECT orders.buyer_id FROM orders WHERE orders.id = payments.order_id)"
    )
    for table, name in (
        ("shop_settings", "codes_are_credit"), ("payments", "credit"),
        ("payments", "code_is_credit"),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch:
            batch.alter_column(name, server_default=None)
    op.create_table(
        "credit_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('code', 'stray', 'used', 'undone')", name=op.f("ck_credit_lines_kind_known")
        ),
        sa.CheckConstraint(
            "amount <> 0 AND (kind <> 'used' OR amount < 0)"
            " AND (kind NOT IN ('code', 'stray') OR amount > 0)",
            name=op.f("ck_credit_lines_amount_fits"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_credit_lines_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_credit_lines_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_credit_lines_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_lines")),
        sa.UniqueConstraint("entry_id", "kind", name=op.f("uq_credit_lines_entry_id_kind")),
    )
    op.create_index("ix_credit_lines_person", "credit_lines", ["person_id", "happened_at"])
    refuse_changes(op.get_bind(), "credit_lines")
    _know("strays", (*_STRAYS, "credited"))
    _know("refunds", (*_REFUNDS, "withdrawn"))


def downgrade() -> None:
    withdrawn = "SELECT id FROM refunds WHERE state = 'withdrawn'"
    op.execute(f"DELETE FROM refund_events WHERE thing_id IN ({withdrawn})")
    op.execute("DELETE FROM refunds WHERE state = 'withdrawn'")
    _know("refunds", _REFUNDS)
    op.execute("UPDATE strays SET state = 'fund' WHERE state = 'credited'")
    _know("strays", _STRAYS)
    allow_changes(op.get_bind(), "credit_lines")
    op.drop_table("credit_lines")
    with op.batch_alter_table("payments") as batch:
        batch.drop_index("ix_payments_buyer")
        for name in ("credit_not_negative", "credit_is_somebodys", "credit_pays_the_programme"):
            batch.drop_constraint(op.f(f"ck_payments_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_payments_buyer_id_people"), type_="foreignkey")
        for name in ("code_is_credit", "credit", "buyer_id"):
            batch.drop_column(name)
    with op.batch_alter_table("shop_settings") as batch:
        batch.drop_column("codes_are_credit")


def _know(table: str, states: tuple[str, ...]) -> None:
    """Let `state` hold one of these."""
    name = op.f(f"ck_{table}_state_known")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        quoted = ", ".join(f"'{state}'" for state in states)
        batch.create_check_constraint(name, f"state IN ({quoted})")
