"""Proving that every picture has its file and every file its picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.images import Format, master_key, rendition_key
from shop.core.models import Picture, Rendition
from shop.core.storage import Storage
from shop.ledger.check import Finding, count, found

_GRACE = timedelta(hours=1)
"""A photo's file is kept before its row: a file this young may belong to an upload under way."""
_OF_PICTURE = re.compile(r"(private/)?[0-9a-f]{2}/[0-9a-f]{64}(-[0-9]+)?\.[a-z]+")


def check_files(session: Session, storage: Storage) -> list[Finding]:
    """Every rule between pictures and the storage, one finding each."""
    sizes: dict[str, int] = {}
    old = set()
    for key, size, written in storage.keys():  # noqa: SIM118 - a storage is no dictionary
        if _OF_PICTURE.fullmatch(key):
            sizes[key] = size
            if clock.now() - written > _GRACE:
                old.add(key)
    wanted = _wanted(session)
    pictures = count(session, select(func.count()).select_from(Picture))
    return [
        found("every picture has its files", len(wanted), _missing(wanted, sizes)),
        found("every file has its picture", len(sizes), _orphans(old, wanted)),
        found("every picture has a rendition", pictures, _bare(session)),
    ]


def _wanted(session: Session) -> dict[str, int]:
    """The keys the database speaks of, with their sizes in bytes."""
    keys = {
        master_key(row.sha256, private=row.private): row.bytes
        for row in session.execute(select(Picture.sha256, Picture.bytes, Picture.private))
    }
    for row in session.execute(
        select(
            Rendition.picture_sha256, Rendition.width, Rendition.format, Rendition.bytes,
            Picture.private,
        ).join(Picture)
    ):  # fmt: skip
        kind = cast("Format", row.format)
        key = rendition_key(row.picture_sha256, row.width, kind, private=row.private)
        keys[key] = row.bytes
    return keys


def _missing(wanted: dict[str, int], sizes: dict[str, int]) -> Iterator[str]:
    for key, size in wanted.items():
        if key not in sizes:
            yield f"{key} is missing"
        elif sizes[key] != size:
            yield f"{key} has {sizes[key]} bytes, not {size}"


def _orphans(old: set[str], wanted: dict[str, int]) -> Iterator[str]:
    return (f"{key} belongs to no picture" for key in sorted(old - wanted.keys()))


def _bare(session: Session) -> Iterator[str]:
    rows = session.scalars(
        select(Picture.sha256)
        .outerjoin(Rendition, Rendition.picture_sha256 == Picture.sha256)
        .where(Rendition.width.is_(None))
    )
    return (f"picture {sha256}" for sha256 in rows)
