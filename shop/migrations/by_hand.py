"""What autogeneration cannot write: triggers that keep the books, and the search indexes."""

from __future__ import annotations

from sqlalchemy import Connection

APPEND_ONLY = ("entries", "postings", "stock_moves", "audit_lines")

_SQLITE_HEADER = """
CREATE TRIGGER entries_balance BEFORE INSERT ON entries
WHEN (SELECT count(*) < 2 OR sum(amount) <> 0 FROM postings WHERE entry_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'entry does not balance'); END
"""
_SQLITE_LATE = """
CREATE TRIGGER postings_before_header BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'entry is closed'); END
"""
_SQLITE_WHOLE = """
CREATE TRIGGER postings_whole BEFORE INSERT ON postings
WHEN typeof(NEW.amount) <> 'integer' OR typeof(NEW.balance) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'amount is not a whole number'); END
"""
_POSTGRESQL = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$""",
    """
CREATE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) < 2 OR sum(amount) <> 0 FROM postings WHERE entry_id = NEW.id) THEN
    RAISE EXCEPTION 'entry does not balance';
  END IF;
  RETURN NEW;
END $$""",
    """
CREATE TRIGGER entries_balance BEFORE INSERT ON entries
  FOR EACH ROW EXECUTE FUNCTION entries_balance()""",
    """
CREATE FUNCTION postings_before_header() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM entries WHERE id = NEW.entry_id) THEN
    RAISE EXCEPTION 'entry is closed';
  END IF;
  RETURN NEW;
END $$""",
    """
CREATE TRIGGER postings_before_header BEFORE INSERT ON postings
  FOR EACH ROW EXECUTE FUNCTION postings_before_header()""",
)
_POSTGRESQL_SEARCH = (
    """
CREATE TABLE product_search (
  product_id uuid PRIMARY KEY REFERENCES products (id),
  title text NOT NULL,
  body text NOT NULL,
  document tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'C')
  ) STORED
)""",
    """
CREATE INDEX ix_product_search_document ON product_search USING gin (document)""",
)
_SQLITE_SEARCH = """
CREATE VIRTUAL TABLE product_search USING fts5(
  product_id UNINDEXED, title, body, tokenize = "unicode61 remove_diacritics 2"
)
"""


def create_by_hand(connection: Connection) -> None:
    """Create triggers and search index for this kind of database."""
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRESQL + _POSTGRESQL_SEARCH:
            connection.exec_driver_sql(statement)
        for table in APPEND_ONLY:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        return
    for statement in (_SQLITE_HEADER, _SQLITE_LATE, _SQLITE_WHOLE, _SQLITE_SEARCH):
        connection.exec_driver_sql(statement)
    for table in APPEND_ONLY:
        _no_change(connection, table)


_SQLITE_SHUT = """
CREATE TRIGGER entries_month_open BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM closed_months WHERE month = NEW.month)
BEGIN SELECT RAISE(ABORT, 'the books of this month are shut'); END
"""
_POSTGRESQL_SHUT = (
    """
CREATE FUNCTION entries_month_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM closed_months WHERE month = NEW.month) THEN
    RAISE EXCEPTION 'the books of this month are shut';
  END IF;
  RETURN NEW;
END $$""",
    """
CREATE TRIGGER entries_month_open BEFORE INSERT ON entries
  FOR EACH ROW EXECUTE FUNCTION entries_month_open()""",
    """
CREATE TRIGGER closed_months_append_only BEFORE UPDATE OR DELETE ON closed_months
  FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)
_OF_THE_BOOKS = (
    "entries_balance", "entries_no_update", "entries_no_delete",
    "postings_before_header", "postings_whole", "postings_no_update", "postings_no_delete",
)  # fmt: skip
"""The triggers of the journal on SQLite: each speaks of a table that a migration may copy."""


def drop_triggers_of_books(connection: Connection) -> None:
    """Before SQLite copies a table of the journal. PostgreSQL changes its tables in place."""
    if connection.dialect.name == "sqlite":
        for name in _OF_THE_BOOKS:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


def create_triggers_of_books(connection: Connection) -> None:
    """After it, the same triggers again."""
    if connection.dialect.name == "sqlite":
        for statement in (_SQLITE_HEADER, _SQLITE_LATE, _SQLITE_WHOLE):
            connection.exec_driver_sql(statement)
        for table in ("entries", "postings"):
            _no_change(connection, table)


def refuse_shut_months_again(connection: Connection) -> None:
    """After SQLite copied the entries: the trigger that `create_shut_months` gave them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE_SHUT)


def create_shut_months(connection: Connection) -> None:
    """No entry in a month that is shut, and no opening it again."""
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRESQL_SHUT:
            connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(_SQLITE_SHUT)
    _no_change(connection, "closed_months")


def drop_shut_months(connection: Connection) -> None:
    """Drop what `create_shut_months` made, while its table still stands."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP TRIGGER closed_months_append_only ON closed_months")
        connection.exec_driver_sql("DROP TRIGGER entries_month_open ON entries")
        connection.exec_driver_sql("DROP FUNCTION entries_month_open")
        return
    connection.exec_driver_sql("DROP TRIGGER entries_month_open")


def _no_change(connection: Connection, table: str) -> None:
    for change in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def refuse_changes(connection: Connection, table: str) -> None:
    """From now on rows are only added to this table."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        _no_change(connection, table)


def allow_changes(connection: Connection, table: str) -> None:
    """Undo `refuse_changes`, before the table goes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP TRIGGER {table}_append_only ON {table}")
    else:
        for change in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{change}")


def drop_by_hand(connection: Connection) -> None:
    """Drop what stands apart from its table."""
    connection.exec_driver_sql("DROP TABLE product_search")
    if connection.dialect.name == "postgresql":
        for table in APPEND_ONLY:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_append_only ON {table}")
        connection.exec_driver_sql("DROP TRIGGER entries_balance ON entries")
        connection.exec_driver_sql("DROP TRIGGER postings_before_header ON postings")
        for function in ("refuse_change", "entries_balance", "postings_before_header"):
            connection.exec_driver_sql(f"DROP FUNCTION {function}")
