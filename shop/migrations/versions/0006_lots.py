"""Lots of a cooperative: pooled products, delivery notes, lots and how they were settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pooled_products",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("piece_g", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("weight_a", sa.Integer(), nullable=False),
        sa.Column("weight_b", sa.Integer(), nullable=False),
        sa.Column("weight_c", sa.Integer(), nullable=False),
        sa.Column("fee_basis_points", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "fee_basis_points BETWEEN 0 AND 5000", name=op.f("ck_pooled_products_fee_sane")
        ),
        sa.CheckConstraint(
            "piece_g BETWEEN 1 AND 200000", name=op.f("ck_pooled_products_piece_sane")
        ),
        sa.CheckConstraint(
            "weight_a BETWEEN 1 AND 1000 AND weight_b BETWEEN 1 AND 1000"
            " AND weight_c BETWEEN 1 AND 1000",
            name=op.f("ck_pooled_products_weights_sane"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_pooled_products_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_pooled_products_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_pooled_products_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_pooled_products")),
    )
    op.create_index("ix_pooled_products_seller", "pooled_products", ["seller_id"], unique=False)
    op.create_table(
        "lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("fee_basis_points", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fees", sa.BigInteger(), nullable=False),
        sa.Column("elsewhere", sa.BigInteger(), nullable=False),
        sa.Column("costs", sa.BigInteger(), nullable=False),
        sa.Column("coop_fee", sa.BigInteger(), nullable=False),
        sa.Column("shared", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("graded", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'settled') = (last IS NOT NULL)", name=op.f("ck_lots_settled_on_a_day")
        ),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("ck_lots_state_known")),
        sa.CheckConstraint(
            "gross - fees + elsewhere - costs = coop_fee + shared - lost",
            name=op.f("ck_lots_adds_up"),
        ),
        sa.CheckConstraint(
            "shared >= 0 AND lost >= 0 AND coop_fee >= 0", name=op.f("ck_lots_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["pooled_products.product_id"],
            name=op.f("fk_lots_product_id_pooled_products"),
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_lots_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_lots_product_id_number")),
    )
    op.create_index("ix_lots_seller", "lots", ["seller_id", "state"], unique=False)
    op.create_index(
        "uq_lots_open",
        "lots",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "delivery_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provisional", sa.BigInteger(), nullable=False),
        sa.Column("farm_gate", sa.BigInteger(), nullable=True),
        sa.Column("photo_sha256", sa.String(length=64), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("grade IN ('A', 'B', 'C')", name=op.f("ck_delivery_notes_grade_known")),
        sa.CheckConstraint(
            "state IN ('told', 'confirmed', 'withdrawn')",
            name=op.f("ck_delivery_notes_state_known"),
        ),
        sa.CheckConstraint(
            "farm_gate BETWEEN 1 AND 10000000", name=op.f("ck_delivery_notes_farm_gate_sane")
        ),
        sa.CheckConstraint(
            "grams BETWEEN 1 AND 10000000", name=op.f("ck_delivery_notes_grams_sane")
        ),
        sa.CheckConstraint(
            "provisional BETWEEN 1 AND 10000000", name=op.f("ck_delivery_notes_provisional_sane")
        ),
        sa.CheckConstraint("weight BETWEEN 1 AND 1000", name=op.f("ck_delivery_notes_weight_sane")),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lots.id"], name=op.f("fk_delivery_notes_lot_id_lots")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["seller_members.id"],
            name=op.f("fk_delivery_notes_member_id_seller_members"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_delivery_notes_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["photo_sha256"],
            ["pictures.sha256"],
            name=op.f("fk_delivery_notes_photo_sha256_pictures"),
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_delivery_notes_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_notes_key")),
    )
    op.create_index("ix_delivery_notes_lot", "delivery_notes", ["lot_id"], unique=False)
    op.create_index(
        "ix_delivery_notes_member", "delivery_notes", ["member_id", "day"], unique=False
    )
    op.create_table(
        "lot_events",
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
            ["person_id"], ["people.id"], name=op.f("fk_lot_events_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["thing_id"], ["lots.id"], name=op.f("fk_lot_events_thing_id_lots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_events")),
    )
    op.create_index(op.f("ix_lot_events_thing_id"), "lot_events", ["thing_id"], unique=False)
    op.create_table(
        "lot_parts",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("graded", sa.BigInteger(), nullable=False),
        sa.Column("provisional", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("deducted", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "deducted BETWEEN 0 AND amount", name=op.f("ck_lot_parts_deducted_within")
        ),
        sa.CheckConstraint("grams > 0 AND graded > 0", name=op.f("ck_lot_parts_delivered")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_parts_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["seller_members.id"], name=op.f("fk_lot_parts_member_id_seller_members")
        ),
        sa.PrimaryKeyConstraint("lot_id", "member_id", name=op.f("pk_lot_parts")),
    )
    op.create_index("ix_lot_parts_member", "lot_parts", ["member_id"], unique=False)
    op.create_table(
        "lot_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("proof_sha256", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(kind = 'shrink') = (amount = 0)", name=op.f("ck_lot_records_money_unless_lost")
        ),
        sa.CheckConstraint(
            "(kind IN ('elsewhere', 'shrink')) = (grams > 0)", name=op.f("ck_lot_records_weighed")
        ),
        sa.CheckConstraint(
            "kind <> 'elsewhere' OR proof_sha256 IS NOT NULL", name=op.f("ck_lot_records_proven")
        ),
        sa.CheckConstraint(
            "kind IN ('elsewhere', 'transport', 'packing', 'other', 'shrink')",
            name=op.f("ck_lot_records_kind_known"),
        ),
        sa.CheckConstraint("amount >= 0 AND grams >= 0", name=op.f("ck_lot_records_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_records_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_lot_records_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["proof_sha256"], ["pictures.sha256"], name=op.f("fk_lot_records_proof_sha256_pictures")
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["sellers.id"], name=op.f("fk_lot_records_seller_id_sellers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_records")),
        sa.UniqueConstraint("key", name=op.f("uq_lot_records_key")),
    )
    op.create_index("ix_lot_records_lot", "lot_records", ["lot_id"], unique=False)
    op.create_table(
        "lot_sales",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_sales_lot_id_lots")),
        sa.PrimaryKeyConstraint("lot_id", "sale_id", "line_id", name=op.f("pk_lot_sales")),
    )
    op.create_index(op.f("ix_lot_sales_sale_id"), "lot_sales", ["sale_id"], unique=False)
    op.create_table(
        "delivery_note_events",
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
            ["person_id"], ["people.id"], name=op.f("fk_delivery_note_events_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["thing_id"],
            ["delivery_notes.id"],
            name=op.f("fk_delivery_note_events_thing_id_delivery_notes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_note_events")),
    )
    op.create_index(
        op.f("ix_delivery_note_events_thing_id"), "delivery_note_events", ["thing_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_delivery_note_events_thing_id"), table_name="delivery_note_events")
    op.drop_table("delivery_note_events")
    op.drop_index(op.f("ix_lot_sales_sale_id"), table_name="lot_sales")
    op.drop_table("lot_sales")
    op.drop_index("ix_lot_records_lot", table_name="lot_records")
    op.drop_table("lot_records")
    op.drop_index("ix_lot_parts_member", table_name="lot_parts")
    op.drop_table("lot_parts")
    op.drop_index(op.f("ix_lot_events_thing_id"), table_name="lot_events")
    op.drop_table("lot_events")
    op.drop_index("ix_delivery_notes_member", table_name="delivery_notes")
    op.drop_index("ix_delivery_notes_lot", table_name="delivery_notes")
    op.drop_table("delivery_notes")
    op.drop_index(
        "uq_lots_open",
        table_name="lots",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_lots_seller", table_name="lots")
    op.drop_table("lots")
    op.drop_index("ix_pooled_products_seller", table_name="pooled_products")
    op.drop_table("pooled_products")
