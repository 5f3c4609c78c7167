"""Room for every way money moves: who collects, whose it is in a group, when months are shut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime
from shop.migrations.by_hand import (
    create_shut_months,
    create_triggers_of_books,
    drop_shut_months,
    drop_triggers_of_books,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WAITED_FOR = "state IN ('pending', 'claimed') AND method IN ('transfer', 'qris')"
_ACCOUNTS = (
    "bank", "qris", "card", "cash", "held", "payable", "in_transit", "fee", "surplus", "suspense",
    "refunds", "goodwill", "point",
)  # fmt: skip
_NEW_ACCOUNTS = ("own", "gateway", "acquiring", "credit", "pool", "fund", "member", "advance")
_ENTRIES = (
    "order_paid", "cash_received", "completion", "fee", "cash_kept", "cash_owed", "made_good",
    "late_payment", "refund_due", "refund_paid", "consigned_sold", "consigned_paid",
    "payout_claimed", "payout_paid", "payout_returned",
)  # fmt: skip
_NEW_ENTRIES = (
    "stray", "stray_ended", "own_received", "own_kept", "acquired", "moved", "transferred",
    "shared", "advanced", "member_paid", "fund_income", "fund_spent", "lot_settled", "reversal",
)  # fmt: skip
_METHODS = ("cash", "transfer", "qris", "card")


def upgrade() -> None:
    drop_triggers_of_books(op.get_bind())
    op.create_table(
        "closed_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["people.id"], name=op.f("fk_closed_months_closed_by_people")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_months")),
    )
    _know("accounts", "kind", _ACCOUNTS + _NEW_ACCOUNTS)
    _add("accounts", [_refers("member_id", "seller_members")])
    with op.batch_alter_table("accounts") as batch:
        batch.create_check_constraint(
            op.f("ck_accounts_whose"),
            "(kind IN ('member', 'advance')) = (member_id IS NOT NULL)",
        )
    _know("entries", "kind", _ENTRIES + _NEW_ENTRIES)
    _add(
        "entries",
        [sa.Column("group_id", sa.Uuid()), _refers("reverses_id", "entries"), _text("note", 300)],
    )
    with op.batch_alter_table("entries") as batch:
        batch.create_unique_constraint(op.f("uq_entries_reverses_id"), ["reverses_id"])
    _add(
        "fee_rules",
        [
            _with("flat", sa.BigInteger(), "0"),
            _refers("seller_id", "sellers"),
            sa.Column("category_slug", sa.String(40)),
            _with("ended", sa.Boolean(), sa.false()),
        ],
    )
    with op.batch_alter_table("fee_rules") as batch:
        batch.create_foreign_key(
            op.f("fk_fee_rules_category_slug_categories"),
            "categories", ["category_slug"], ["slug"],
        )  # fmt: skip
        batch.create_check_constraint(op.f("ck_fee_rules_flat_sane"), "flat BETWEEN 0 AND 100000")
        batch.create_check_constraint(
            op.f("ck_fee_rules_one_kind"), "seller_id IS NULL OR category_slug IS NULL"
        )
    _know("orders", "method", (*_METHODS, "gateway"))
    _know("standing_orders", "method", (*_METHODS, "gateway"))
    _know("payments", "method", (*_METHODS, "gateway"))
    _add("payments", [_refers("collector_id", "sellers")])
    op.drop_index("uq_payments_open_amount", table_name="payments")
    _open_index("uq_payments_open_amount", ["amount"], f"{_WAITED_FOR} AND collector_id IS NULL")
    _open_index("uq_payments_open_collected", ["collector_id", "amount"], _WAITED_FOR)
    _add(
        "payout_batches",
        [
            sa.Column("approved_at", UtcDateTime(timezone=True)),
            _refers("approved_by", "people"),
            sa.Column("refused_at", UtcDateTime(timezone=True)),
            _refers("refused_by", "people"),
        ],
    )
    # What was made before two people were needed counts as approved by who made it.
    op.execute("UPDATE payout_batches SET approved_at = made_at, approved_by = made_by")
    _add(
        "payouts",
        [
            _with("way", sa.String(8), "bank"),
            sa.Column("first_number", sa.BigInteger()),
            sa.Column("last_number", sa.BigInteger()),
            _refers("signature_sha256", "pictures", "sha256"),
        ],
    )
    _know("payouts", "way", ("bank", "cash", "stripe"), new=True)
    _add(
        "sellers",
        [
            _with("collects", sa.Boolean(), sa.false()),
            _refers("qris_sha256", "pictures", "sha256"),
            _text("qris_text", 600),
            _with("payout_way", sa.String(8), "bank"),
            _with("payout_every", sa.String(8), "week"),
            sa.Column("payout_minimum", sa.BigInteger()),
            sa.Column("stripe_account", sa.String(60)),
        ],
    )
    with op.batch_alter_table("sellers") as batch:
        batch.create_unique_constraint(op.f("uq_sellers_stripe_account"), ["stripe_account"])
        batch.create_check_constraint(
            op.f("ck_sellers_payout_sane"), "payout_minimum IS NULL OR payout_minimum >= 0"
        )
    _know("sellers", "payout_way", ("bank", "cash", "stripe"), new=True)
    _know("sellers", "payout_every", ("week", "month", "asked"), new=True)
    _add(
        "shop_settings",
        [
            _text("qris_text", 600),
            _with("qris_amount", sa.Boolean(), sa.false()),
            _with("sellers_collect", sa.Boolean(), sa.false()),
        ],
    )
    _bases({"sales": "made", "work": "weight"}, ("equal", "weight", "made", "kilograms"))
    create_triggers_of_books(op.get_bind())
    create_shut_months(op.get_bind())


def downgrade() -> None:
    drop_shut_months(op.get_bind())
    drop_triggers_of_books(op.get_bind())
    _bases({"made": "sales", "weight": "work", "kilograms": "sales"}, ("equal", "sales", "work"))
    _drop("shop_settings", ["qris_text", "qris_amount", "sellers_collect"])
    _drop(
        "sellers",
        [
            "collects", "qris_sha256", "qris_text", "payout_way", "payout_every",
            "payout_minimum", "stripe_account",
        ],
        checks=["payout_way_known", "payout_every_known", "payout_sane"],
        unique=["uq_sellers_stripe_account"],
        foreign=["fk_sellers_qris_sha256_pictures"],
    )  # fmt: skip
    _drop(
        "payouts",
        ["way", "first_number", "last_number", "signature_sha256"],
        checks=["way_known"],
        foreign=["fk_payouts_signature_sha256_pictures"],
    )
    _drop(
        "payout_batches",
        ["approved_at", "approved_by", "refused_at", "refused_by"],
        foreign=[
            "fk_payout_batches_approved_by_people",
            "fk_payout_batches_refused_by_people",
        ],
    )
    op.drop_index("uq_payments_open_collected", table_name="payments")
    op.drop_index("uq_payments_open_amount", table_name="payments")
    _drop("payments", ["collector_id"], foreign=["fk_payments_collector_id_sellers"])
    _open_index("uq_payments_open_amount", ["amount"], _WAITED_FOR)
    _know("payments", "method", _METHODS)
    _know("standing_orders", "method", _METHODS)
    _know("orders", "method", _METHODS)
    _drop(
        "fee_rules",
        ["flat", "seller_id", "category_slug", "ended"],
        checks=["flat_sane", "one_kind"],
        foreign=["fk_fee_rules_seller_id_sellers", "fk_fee_rules_category_slug_categories"],
    )
    _drop(
        "entries",
        ["group_id", "reverses_id", "note"],
        unique=["uq_entries_reverses_id"],
        foreign=["fk_entries_reverses_id_entries"],
    )
    _know("entries", "kind", _ENTRIES)
    _drop(
        "accounts", ["member_id"], checks=["whose"],
        foreign=["fk_accounts_member_id_seller_members"],
    )  # fmt: skip
    _know("accounts", "kind", _ACCOUNTS)
    op.drop_table("closed_months")
    create_triggers_of_books(op.get_bind())


def _with(name: str, kind: Any, value: Any) -> sa.Column[Any]:
    """A column that rows which stand already fill with `value`."""
    return sa.Column(name, kind, nullable=False, server_default=value)


def _text(name: str, length: int) -> sa.Column[Any]:
    return _with(name, sa.String(length), "")


def _refers(name: str, table: str, column: str = "id") -> sa.Column[Any]:
    kind = sa.String(64) if column == "sha256" else sa.Uuid()
    return sa.Column(name, kind, info={"refers": (table, column)})


def _add(table: str, columns: Sequence[sa.Column[Any]]) -> None:
    """Add columns; the value for old rows does not stay as a default of the database."""
    filled = [column for column in columns if column.server_default is not None]
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
        for column in columns:
            if refers := column.info.get("refers"):
                name = op.f(f"fk_{table}_{column.name}_{refers[0]}")
                batch.create_foreign_key(name, refers[0], [column.name], [refers[1]])
    if filled:
        with op.batch_alter_table(table) as batch:
            for column in filled:
                batch.alter_column(column.name, server_default=None)


def _drop(
    table: str,
    columns: Sequence[str],
    *,
    checks: Sequence[str] = (),
    unique: Sequence[str] = (),
    foreign: Sequence[str] = (),
) -> None:
    with op.batch_alter_table(table) as batch:
        for name in checks:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name in unique:
            batch.drop_constraint(op.f(name), type_="unique")
        for name in foreign:
            batch.drop_constraint(op.f(name), type_="foreignkey")
        for column in columns:
            batch.drop_column(column)


def _know(table: str, column: str, values: Sequence[str], *, new: bool = False) -> None:
    """Let `column` hold one of `values`."""
    name = op.f(f"ck_{table}_{column}_known")
    with op.batch_alter_table(table) as batch:
        if not new:
            batch.drop_constraint(name, type_="check")
        quoted = ", ".join(f"'{value}'" for value in values)
        batch.create_check_constraint(name, f"{column} IN ({quoted})")


def _bases(renamed: dict[str, str], known: Sequence[str]) -> None:
    name = op.f("ck_share_rules_basis_known")
    with op.batch_alter_table("share_rules") as batch:
        batch.drop_constraint(name, type_="check")
    for old, value in renamed.items():
        op.execute(f"UPDATE share_rules SET basis = '{value}' WHERE basis = '{old}'")
    with op.batch_alter_table("share_rules") as batch:
        quoted = ", ".join(f"'{value}'" for value in known)
        batch.create_check_constraint(name, f"basis IN ({quoted})")


def _open_index(name: str, columns: Sequence[str], where: str) -> None:
    op.create_index(
        name, "payments", columns, unique=True,
        sqlite_where=sa.text(where), postgresql_where=sa.text(where),
    )  # fmt: skip
