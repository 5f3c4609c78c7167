"""Matches of bank lines that can be undone, and the columns of the table that banks take in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from shop.core.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATES = (
    "open", "asked", "due", "refunded", "topped_up", "fund", "reopened", "matched", "credited",
)  # fmt: skip
_AT_ONCE = timedelta(seconds=5)
"""A match books and ties in one transaction; nobody confirms by hand and then matches so fast."""

_matches = sa.table(
    "bank_matches",
    sa.column("id", sa.Uuid()), sa.column("line_id", sa.Uuid()), sa.column("entry_id", sa.Uuid()),
    sa.column("made", sa.Boolean()),
)  # fmt: skip
_lines = sa.table(
    "bank_lines", sa.column("id", sa.Uuid()), sa.column("decided_at", UtcDateTime(timezone=True))
)
_entries = sa.table(
    "entries", sa.column("id", sa.Uuid()), sa.column("occurred_at", UtcDateTime(timezone=True))
)
_audit = sa.table(
    "audit_lines",
    sa.column("id", sa.Uuid()), sa.column("thing_kind", sa.String()),
    sa.column("thing_id", sa.String()), sa.column("detail", sa.JSON()),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("bank_matches") as batch:
        batch.add_column(sa.Column("made", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("bank_matches") as batch:
        batch.alter_column("made", server_default=None)
    _tell_what_was_made()
    _know(*_STATES, "undone")
    columns = op.create_table(
        "payout_columns",
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("heading", sa.String(length=60), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_payout_columns_placed")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_payout_columns")),
        sa.UniqueConstraint("field", name=op.f("uq_payout_columns_field")),
    )
    chosen = _chosen_columns()
    if chosen:
        op.bulk_insert(columns, chosen)


def downgrade() -> None:
    op.drop_table("payout_columns")
    undone = "SELECT id FROM strays WHERE state = 'undone'"
    op.execute(f"DELETE FROM stray_events WHERE thing_id IN ({undone})")
    op.execute("DELETE FROM strays WHERE state = 'undone' AND from_id IS NOT NULL")
    op.execute("DELETE FROM strays WHERE state = 'undone'")
    _know(*_STATES)
    with op.batch_alter_table("bank_matches") as batch:
        batch.drop_column("made")


def _tell_what_was_made() -> None:
    """Entries that were booked as their line was matched."""
    rows = op.get_bind().execute(
        sa.select(_matches.c.id, _entries.c.occurred_at, _lines.c.decided_at)
        .join(_entries, _entries.c.id == _matches.c.entry_id)
        .join(_lines, _lines.c.id == _matches.c.line_id)
    )
    for match_id, booked_at, decided_at in rows.all():
        if decided_at is not None and decided_at - booked_at <= _AT_ONCE:
            op.execute(_matches.update().where(_matches.c.id == match_id).values(made=True))


def _chosen_columns() -> Sequence[dict[str, object]]:
    """What staff chose last; until now it stood in the audit trail only."""
    detail = op.get_bind().scalar(
        sa.select(_audit.c.detail)
        .where(_audit.c.thing_kind == "payout_file", _audit.c.thing_id == "1")
        .order_by(_audit.c.id.desc())
        .limit(1)
    )
    pairs = (detail or {}).get("columns", [])
    return [
        {"place": place, "field": field, "heading": heading}
        for place, (field, heading) in enumerate(pairs, 1)
    ]


def _know(*states: str) -> None:
    """Let `state` of stray money hold one of these."""
    name = op.f("ck_strays_state_known")
    with op.batch_alter_table("strays") as batch:
        batch.drop_constraint(name, type_="check")
        quoted = ", ".join(f"'{state}'" for state in states)
        batch.create_check_constraint(name, f"state IN ({quoted})")
