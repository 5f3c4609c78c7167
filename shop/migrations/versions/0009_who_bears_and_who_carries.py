"""Kinds of money for promotions, disputes, credit, and cash that a courier or a point carries."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime
from shop.migrations.by_hand import (
    create_triggers_of_books,
    drop_triggers_of_books,
    refuse_shut_months_again,
)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ACCOUNTS = (
    "bank", "qris", "card", "cash", "held", "payable", "in_transit", "fee", "surplus", "suspense",
    "refunds", "goodwill", "point", "own", "gateway", "acquiring", "credit", "pool", "fund",
    "member", "advance",
)  # fmt: skip
_NEW_ACCOUNTS = ("promotion", "disputed", "carried")
_ENTRIES = (
    "order_paid", "cash_received", "completion", "fee", "cash_kept", "cash_owed", "made_good",
    "late_payment", "refund_due", "refund_paid", "consigned_sold", "consigned_paid",
    "payout_claimed", "payout_paid", "payout_returned", "stray", "stray_ended", "own_received",
    "own_kept", "acquired", "moved", "transferred", "shared", "advanced", "member_paid",
    "fund_income", "fund_spent", "lot_settled", "reversal",
)  # fmt: skip
_NEW_ENTRIES = ("promoted", "credited", "disputed", "dispute_ended", "carried", "handed_in")


def upgrade() -> None:
    drop_triggers_of_books(op.get_bind())
    op.create_table(
        "cash_holders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('courier', 'point')", name=op.f("ck_cash_holders_kind_known")
        ),
        sa.CheckConstraint(
            "(kind = 'point') = (point_id IS NOT NULL)", name=op.f("ck_cash_holders_point_named")
        ),
        sa.CheckConstraint(
            "phone = '' OR phone LIKE '+%'", name=op.f("ck_cash_holders_phone_e164")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"], ["pickup_points.id"], name=op.f("fk_cash_holders_point_id_pickup_points")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_cash_holders_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_holders")),
        sa.UniqueConstraint("point_id", name=op.f("uq_cash_holders_point_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_cash_holders_person_id")),
    )
    _know("accounts", _ACCOUNTS + _NEW_ACCOUNTS)
    with op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("holder_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_accounts_holder_id_cash_holders"), "cash_holders", ["holder_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_accounts_carried_by"), "(kind = 'carried') = (holder_id IS NOT NULL)"
        )
    _know("entries", _ENTRIES + _NEW_ENTRIES)
    create_triggers_of_books(op.get_bind())
    refuse_shut_months_again(op.get_bind())


def downgrade() -> None:
    drop_triggers_of_books(op.get_bind())
    _know("entries", _ENTRIES)
    with op.batch_alter_table("accounts") as batch:
        batch.drop_constraint(op.f("ck_accounts_carried_by"), type_="check")
        batch.drop_constraint(op.f("fk_accounts_holder_id_cash_holders"), type_="foreignkey")
        batch.drop_column("holder_id")
    _know("accounts", _ACCOUNTS)
    op.drop_table("cash_holders")
    create_triggers_of_books(op.get_bind())
    refuse_shut_months_again(op.get_bind())


def _know(table: str, values: Sequence[str]) -> None:
    """Let `kind` hold one of `values`."""
    name = op.f(f"ck_{table}_kind_known")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        quoted = ", ".join(f"'{value}'" for value in values)
        batch.create_check_constraint(name, f"kind IN ({quoted})")
