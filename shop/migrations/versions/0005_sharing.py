"""Sharing inside groups: rules in detail, shared sales, the fund, advances, who got what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("receipt_sha256", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('income', 'spent')", name=op.f("ck_fund_moves_kind_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fund_moves_moves_something")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_fund_moves_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_sha256"],
            ["pictures.sha256"],
            name=op.f("fk_fund_moves_receipt_sha256_pictures"),
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_fund_moves_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_moves")),
        sa.UniqueConstraint("key", name=op.f("uq_fund_moves_key")),
    )
    op.create_index("ix_fund_moves_seller", "fund_moves", ["seller_id", "at"], unique=False)
    op.create_table(
        "advances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('money', 'inputs', 'stock', 'repaid')", name=op.f("ck_advances_kind_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_advances_moves_something")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["seller_members.id"], name=op.f("fk_advances_member_id_seller_members")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_advances_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_advances_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advances")),
        sa.UniqueConstraint("key", name=op.f("uq_advances_key")),
    )
    op.create_index("ix_advances_member", "advances", ["member_id", "at"], unique=False)
    op.create_table(
        "line_makers",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("pieces BETWEEN 1 AND 1000", name=op.f("ck_line_makers_pieces_sane")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_line_makers_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_line_makers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("line_id", "member_id", name=op.f("pk_line_makers")),
    )
    op.create_table(
        "member_payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("deducted", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('told', 'confirmed', 'disputed', 'taken_back')",
            name=op.f("ck_member_payments_state_known"),
        ),
        sa.CheckConstraint("paid + deducted > 0", name=op.f("ck_member_payments_pays_something")),
        sa.CheckConstraint(
            "paid >= 0 AND deducted >= 0", name=op.f("ck_member_payments_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_member_payments_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_member_payments_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_member_payments_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_payments")),
        sa.UniqueConstraint("key", name=op.f("uq_member_payments_key")),
    )
    op.create_index(
        "ix_member_payments_member", "member_payments", ["member_id", "at"], unique=False
    )
    op.create_index(
        "ix_member_payments_seller", "member_payments", ["seller_id", "state"], unique=False
    )
    op.create_table(
        "share_deciders",
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_share_deciders_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["share_rules.id"], name=op.f("fk_share_deciders_rule_id_share_rules")
        ),
        sa.PrimaryKeyConstraint("rule_id", "member_id", name=op.f("pk_share_deciders")),
    )
    op.create_table(
        "share_weights",
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 1000", name=op.f("ck_share_weights_weight_sane")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_share_weights_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["share_rules.id"], name=op.f("fk_share_weights_rule_id_share_rules")
        ),
        sa.PrimaryKeyConstraint("rule_id", "member_id", name=op.f("pk_share_weights")),
    )
    op.create_table(
        "shared_sales",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("fell_back", sa.String(length=12), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("fund", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("shared_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "fell_back IN ('no_record', 'no_weights', 'no_kilograms', 'nobody')",
            name=op.f("ck_shared_sales_fell_back_known"),
        ),
        sa.CheckConstraint("times > 0", name=op.f("ck_shared_sales_was_shared")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["share_rules.id"], name=op.f("fk_shared_sales_rule_id_share_rules")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_shared_sales_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_sales")),
        sa.UniqueConstraint("sale_id", name=op.f("uq_shared_sales_sale_id")),
    )
    op.create_index(
        "ix_shared_sales_seller", "shared_sales", ["seller_id", "sold_on"], unique=False
    )
    op.create_table(
        "surplus_terms",
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('reserve', 'usage', 'capital', 'board', 'staff', 'education', 'social')",
            name=op.f("ck_surplus_terms_purpose_known"),
        ),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_surplus_terms_percent_sane")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["share_rules.id"], name=op.f("fk_surplus_terms_rule_id_share_rules")
        ),
        sa.PrimaryKeyConstraint("rule_id", "purpose", name=op.f("pk_surplus_terms")),
    )
    op.create_table(
        "surpluses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_surpluses_shares_something")),
        sa.CheckConstraint("first <= last", name=op.f("ck_surpluses_days_in_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_surpluses_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["share_rules.id"], name=op.f("fk_surpluses_rule_id_share_rules")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_surpluses_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surpluses")),
        sa.UniqueConstraint("key", name=op.f("uq_surpluses_key")),
    )
    op.create_index("ix_surpluses_seller", "surpluses", ["seller_id", "last"], unique=False)
    op.create_table(
        "member_payment_events",
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
            ["person_id"], ["people.id"], name=op.f("fk_member_payment_events_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["thing_id"],
            ["member_payments.id"],
            name=op.f("fk_member_payment_events_thing_id_member_payments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_payment_events")),
    )
    op.create_index(
        op.f("ix_member_payment_events_thing_id"),
        "member_payment_events",
        ["thing_id"],
        unique=False,
    )
    op.create_table(
        "shared_parts",
        sa.Column("shared_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_shared_parts_weight_sane")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_shared_parts_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["shared_id"], ["shared_sales.id"], name=op.f("fk_shared_parts_shared_id_shared_sales")
        ),
        sa.PrimaryKeyConstraint("shared_id", "member_id", name=op.f("pk_shared_parts")),
    )
    op.create_index("ix_shared_parts_member", "shared_parts", ["member_id"], unique=False)
    op.create_table(
        "surplus_purposes",
        sa.Column("surplus_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('reserve', 'usage', 'capital', 'board', 'staff', 'education', 'social')",
            name=op.f("ck_surplus_purposes_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["surplus_id"], ["surpluses.id"], name=op.f("fk_surplus_purposes_surplus_id_surpluses")
        ),
        sa.PrimaryKeyConstraint("surplus_id", "purpose", name=op.f("pk_surplus_purposes")),
    )
    op.create_table(
        "surplus_shares",
        sa.Column("surplus_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("savings", sa.BigInteger(), nullable=False),
        sa.Column("by_usage", sa.BigInteger(), nullable=False),
        sa.Column("by_capital", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND savings >= 0", name=op.f("ck_surplus_shares_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_surplus_shares_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["surplus_id"], ["surpluses.id"], name=op.f("fk_surplus_shares_surplus_id_surpluses")
        ),
        sa.PrimaryKeyConstraint("surplus_id", "member_id", name=op.f("pk_surplus_shares")),
    )


def downgrade() -> None:
    op.drop_table("surplus_shares")
    op.drop_table("surplus_purposes")
    op.drop_table("shared_parts")
    op.drop_table("member_payment_events")
    op.drop_table("surpluses")
    op.drop_table("surplus_terms")
    op.drop_table("shared_sales")
    op.drop_table("share_weights")
    op.drop_table("share_deciders")
    op.drop_table("member_payments")
    op.drop_table("line_makers")
    op.drop_table("advances")
    op.drop_table("fund_moves")
