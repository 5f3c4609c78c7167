"""Promotions: a lower price for a while, on lines and deliveries, and who bears it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LINES, _PARTS = "order_lines", "seller_orders"


def upgrade() -> None:
    op.create_table(
        "promotions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=True),
        sa.Column("target", sa.String(length=8), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("category_slug", sa.String(length=40), nullable=True),
        sa.Column("seller_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("subsidy_points", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("by_seller", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "target IN ('goods', 'delivery')", name=op.f("ck_promotions_target_known")
        ),
        sa.CheckConstraint(
            "(basis_points IS NULL) <> (amount IS NULL)", name=op.f("ck_promotions_one_measure")
        ),
        sa.CheckConstraint(
            "basis_points BETWEEN 1 AND CASE target WHEN 'goods' THEN 9000 ELSE 10000 END",
            name=op.f("ck_promotions_share_sane"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promotions_amount_positive")),
        sa.CheckConstraint(
            "category_slug IS NULL OR seller_id IS NULL", name=op.f("ck_promotions_one_scope")
        ),
        sa.CheckConstraint(
            "product_id IS NULL OR seller_id IS NOT NULL",
            name=op.f("ck_promotions_product_of_seller"),
        ),
        sa.CheckConstraint(
            "minimum >= 0 AND (cap IS NULL OR cap > 0)", name=op.f("ck_promotions_limits_sane")
        ),
        sa.CheckConstraint(
            "subsidy_points BETWEEN 0 AND 10000", name=op.f("ck_promotions_subsidy_sane")
        ),
        sa.CheckConstraint(
            "budget IS NULL OR budget > 0", name=op.f("ck_promotions_budget_positive")
        ),
        sa.CheckConstraint(
            "taken BETWEEN 0 AND COALESCE(budget, 0)", name=op.f("ck_promotions_within_budget")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_promotions_ends_later")
        ),
        sa.CheckConstraint("word IS NULL OR word <> ''", name=op.f("ck_promotions_word_not_empty")),
        sa.CheckConstraint(
            "NOT by_seller OR (seller_id IS NOT NULL AND subsidy_points = 0)",
            name=op.f("ck_promotions_own_cost"),
        ),
        sa.ForeignKeyConstraint(
            ["category_slug"], ["categories.slug"],
            name=op.f("fk_promotions_category_slug_categories"),
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_promotions_seller_id_sellers")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_promotions_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_promotions_made_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
        sa.UniqueConstraint("key", name=op.f("uq_promotions_key")),
    )  # fmt: skip
    op.create_index("ix_promotions_running", "promotions", ["ended_at", "ends_at"])
    op.create_index("ix_promotions_seller", "promotions", ["seller_id"])
    with op.batch_alter_table(_LINES) as batch:
        batch.drop_constraint(op.f("ck_order_lines_multiplies"), type_="check")
        batch.add_column(sa.Column("promotion_id", sa.Uuid(), nullable=True))
        for name in ("discount", "subsidy"):
            batch.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        batch.create_foreign_key(
            op.f("fk_order_lines_promotion_id_promotions"), "promotions", ["promotion_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_order_lines_multiplies"),
            "total = unit_price * quantity - discount AND total > 0",
        )
        batch.create_check_constraint(
            op.f("ck_order_lines_discount_whole"),
            "(promotion_id IS NOT NULL) = (discount > 0) AND subsidy BETWEEN 0 AND discount",
        )
        batch.create_index("ix_order_lines_promotion", ["promotion_id"])
    with op.batch_alter_table(_PARTS) as batch:
        batch.add_column(sa.Column("delivery_promotion_id", sa.Uuid(), nullable=True))
        for name in ("delivery_discount", "delivery_subsidy"):
            batch.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        batch.create_foreign_key(
            op.f("fk_seller_orders_delivery_promotion_id_promotions"),
            "promotions", ["delivery_promotion_id"], ["id"],
        )  # fmt: skip
        batch.create_check_constraint(
            op.f("ck_seller_orders_delivery_discount_whole"),
            "(delivery_promotion_id IS NOT NULL) = (delivery_discount > 0)"
            " AND delivery_subsidy BETWEEN 0 AND delivery_discount",
        )
        batch.create_index("ix_seller_orders_promotion", ["delivery_promotion_id"])
    for table, names in (
        (_LINES, ("discount", "subsidy")),
        (_PARTS, ("delivery_discount", "delivery_subsidy")),
    ):
        with op.batch_alter_table(table) as batch:
            for name in names:
                batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(_PARTS) as batch:
        batch.drop_index("ix_seller_orders_promotion")
        batch.drop_constraint(op.f("ck_seller_orders_delivery_discount_whole"), type_="check")
        batch.drop_constraint(
            op.f("fk_seller_orders_delivery_promotion_id_promotions"), type_="foreignkey"
        )
        for name in ("delivery_subsidy", "delivery_discount", "delivery_promotion_id"):
            batch.drop_column(name)
    with op.batch_alter_table(_LINES) as batch:
        batch.drop_index("ix_order_lines_promotion")
        batch.drop_constraint(op.f("ck_order_lines_discount_whole"), type_="check")
        batch.drop_constraint(op.f("ck_order_lines_multiplies"), type_="check")
        batch.drop_constraint(op.f("fk_order_lines_promotion_id_promotions"), type_="foreignkey")
        for name in ("subsidy", "discount", "promotion_id"):
            batch.drop_column(name)
        batch.create_check_constraint(
            op.f("ck_order_lines_multiplies"), "total = unit_price * quantity"
        )
    op.drop_table("promotions")
