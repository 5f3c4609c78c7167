"""A picture's rows and files agree, before its other sizes are made and after."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import pictures
from shop.core.images import normalise, rendition_key
from shop.core.models import Rendition
from tests.photos import lively, saved

pytestmark = pytest.mark.both


def test_every_size_has_as_many_bytes_as_its_row_says(app: Flask, session: Session):
    storage = app.extensions["storage"]
    photo = normalise(saved(lively(1400, 1000), "JPEG", quality=90))
    kept = pictures.keep_picture(session, storage, photo)
    session.commit()

    pictures.render(session, storage, {"sha256": kept.sha256})
    pictures.render(session, storage, {"sha256": kept.sha256})

    rows = session.scalars(select(Rendition)).all()
    assert len(rows) == 9
    for row in rows:
        key = rendition_key(row.picture_sha256, row.width, row.format)  # type: ignore[arg-type]
        assert len(storage.get(key)) == row.bytes, key
