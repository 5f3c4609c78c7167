"""Bank statements and what was matched in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_maps",
        sa.Column("bank", sa.String(length=40), nullable=False),
        sa.Column("column_map", sa.Text(), nullable=False),
        sa.Column("set_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_bank_maps_set_by_people")),
        sa.PrimaryKeyConstraint("bank", name=op.f("pk_bank_maps")),
    )
    op.create_table(
        "bank_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("column_map", sa.Text(), nullable=True),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("bank", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("balance_before", sa.BigInteger(), nullable=True),
        sa.Column("balance_after", sa.BigInteger(), nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("aside", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kept_at IS NULL OR (first_day IS NOT NULL AND last_day IS NOT NULL)",
            name=op.f("ck_bank_files_kept_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["kept_by"], ["people.id"], name=op.f("fk_bank_files_kept_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["people.id"], name=op.f("fk_bank_files_uploaded_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_bank_files_sha256")),
    )
    op.create_index("ix_bank_files_kept", "bank_files", ["kept_at"], unique=False)
    op.create_table(
        "money_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_checks")),
    )
    op.create_index(
        op.f("ix_money_checks_checked_at"), "money_checks", ["checked_at"], unique=False
    )
    op.create_table(
        "bank_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("sales_day", sa.Date(), nullable=True),
        sa.Column("gross", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state <> 'aside' OR reason <> ''", name=op.f("ck_bank_lines_aside_has_reason")
        ),
        sa.CheckConstraint(
            "state IN ('new', 'matched', 'aside')", name=op.f("ck_bank_lines_state_known")
        ),
        sa.CheckConstraint(
            "(sales_day IS NULL) = (gross IS NULL)", name=op.f("ck_bank_lines_day_has_gross")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_bank_lines_moves_something")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_bank_lines_decided_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_files.id"], name=op.f("fk_bank_lines_file_id_bank_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_lines")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_bank_lines_fingerprint")),
    )
    op.create_index("ix_bank_lines_file", "bank_lines", ["file_id"], unique=False)
    op.create_index("ix_bank_lines_state", "bank_lines", ["state", "booked_on"], unique=False)
    op.create_table(
        "bank_line_events",
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
            ["person_id"], ["people.id"], name=op.f("fk_bank_line_events_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["thing_id"], ["bank_lines.id"], name=op.f("fk_bank_line_events_thing_id_bank_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line_events")),
    )
    op.create_index(
        op.f("ix_bank_line_events_thing_id"), "bank_line_events", ["thing_id"], unique=False
    )
    op.create_table(
        "bank_matches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_bank_matches_entry_id_entries")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_lines.id"], name=op.f("fk_bank_matches_line_id_bank_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_matches")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_bank_matches_entry_id")),
    )
    op.create_index(op.f("ix_bank_matches_line_id"), "bank_matches", ["line_id"], unique=False)


def downgrade() -> None:
    op.drop_table("bank_matches")
    op.drop_table("bank_line_events")
    op.drop_table("bank_lines")
    op.drop_table("money_checks")
    op.drop_table("bank_files")
    op.drop_table("bank_maps")
