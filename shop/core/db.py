"""The database: typed base, session, and how transactions are begun and left."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    MetaData,
    String,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from shop.config import Config
from shop.core.connections import SAFE_METHODS as SAFE_METHODS  # noqa: PLC0414
from shop.core.connections import engine_options, guard, reading
from shop.core.money import Rupiah


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC by every database, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps. Raises `ValueError` when naive."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give back an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            uuid.UUID: Uuid(),
            datetime: UtcDateTime(),
            date: Date(),
            Rupiah: BigInteger(),
            str: String(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
        },
    )


db = SQLAlchemy(model_class=Base)


def one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """A CHECK that `column` holds one of the values of `states`."""
    values = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def session() -> Session:
    """The session of this request or job."""
    return db.session()


def pause() -> None:
    """End the current transaction without a trace, before slow work that needs no database.

    Whatever was loaded is forgotten; the next query opens a fresh transaction.
    """
    db.session.rollback()


@contextmanager
def only_reading() -> Iterator[None]:
    """Open transactions inside the block as reading ones, outside of a request, too.

    For long looks at everything, such as a check of the books: they keep no writer waiting, and
    the database refuses every write.
    """
    db.session.rollback()
    token = reading.set(True)
    try:
        yield
    finally:
        db.session.rollback()
        reading.reset(token)


def init_db(app: Flask, config: Config) -> None:
    """Bind the database to the application and put the safe settings on every connection."""
    if config.is_sqlite:
        Path(config.database_url.removeprefix("sqlite:///")).parent.mkdir(
            parents=True, exist_ok=True
        )
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config)
    db.init_app(app)
    with app.app_context():
        guard(db.engine)
