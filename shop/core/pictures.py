"""Pictures: kept once by their content, shown in the sizes that exist by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256 as hashed
from typing import Any

from flask import Response, abort, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, outbox
from shop.core.images import (
    CONTENT_TYPES,
    FORMATS,
    PRIVATE,
    Format,
    NormalisedImage,
    master_key,
    rendition_key,
    rendition_widths,
    renditions,
)
from shop.core.models import Picture, Rendition
from shop.core.storage import MissingFile, Storage

RENDER = "render_picture"
_THUMBNAIL: Format = "webp"
_SMALL_WIDTH = 640
"""How wide, in pixels, the rendition is that is made at once."""


@dataclass(frozen=True)
class PrivateView:
    """A private picture as a page draws it, at the address where that page hands it out."""

    url: str
    tone: str
    width: int
    height: int

    def sources(self, format: Format) -> list[tuple[str, int]]:
        """Its one small size, in the one format it has."""
        return [(self.url, min(_SMALL_WIDTH, self.width))] if format == _THUMBNAIL else []

    @property
    def fallback(self) -> str:
        """The address of the small one."""
        return self.url

    @property
    def whole(self) -> str:
        """The address of all of it."""
        return f"{self.url}?whole=1"


@dataclass(frozen=True)
class PictureView:
    """A picture as a page draws it; `width` and `height` are the master's, in pixels."""

    sha256: str
    tone: str
    width: int
    height: int
    rendered: bool
    alt: str = ""

    def sources(self, format: Format) -> list[tuple[str, int]]:
        """The addresses and widths (pixels) of the sizes that exist in `format`."""
        if self.rendered:
            widths = rendition_widths(self.width)
        else:
            widths = (min(_SMALL_WIDTH, self.width),) if format == _THUMBNAIL else ()
        return [(media_url(rendition_key(self.sha256, w, format)), w) for w in widths]

    @property
    def fallback(self) -> str:
        """The address every browser can show."""
        best = self.sources("jpeg") or self.sources(_THUMBNAIL)
        return best[min(1, len(best) - 1)][0]


def picture_view(picture: Picture, alt: str = "") -> PictureView:
    """`picture` as a page draws it."""
    return PictureView(
        picture.sha256,
        picture.tone,
        picture.width,
        picture.height,
        picture.rendered_at is not None,
        alt,
    )


def media_url(key: str) -> str:
    """The address of a stored file; the same in both languages."""
    return f"/media/{key}"


def keep_picture(
    session: Session, storage: Storage, image: NormalisedImage, *, private: bool = False
) -> Picture:
    """Keep a checked photo: files first, then the row, then the job for its other sizes.

    The same photo is kept once; a `private` one under a name and in files of its own, in two sizes.
    A crash in between leaves a file without a row, never the reverse.
    """
    sha256 = hashed(f"{PRIVATE}{image.sha256}".encode()).hexdigest() if private else image.sha256
    known = session.get(Picture, sha256)
    if known is not None:
        return known
    small = image.thumbnail
    storage.put(master_key(sha256, private=private), image.jpeg, CONTENT_TYPES["jpeg"])
    storage.put(
        rendition_key(sha256, small.width, small.format, private=private),
        small.data,
        small.content_type,
    )
    picture = Picture(
        sha256=sha256,
        width=image.width,
        height=image.height,
        tone=image.tone,
        bytes=len(image.jpeg),
        private=private,
    )
    session.add(picture)
    session.flush()  # the rendition's row needs its picture to stand
    session.add(
        Rendition(
            picture_sha256=sha256,
            width=small.width,
            height=small.height,
            format=small.format,
            bytes=len(small.data),
        )
    )
    if not private:
        outbox.send(session, RENDER, sha256=sha256)
    return picture


def render(session: Session, storage: Storage, payload: Mapping[str, Any]) -> None:
    """Make the other sizes and formats of a picture; an outbox handler, safe to repeat."""
    sha256 = str(payload["sha256"])
    picture = session.get(Picture, sha256)
    if picture is None or picture.rendered_at is not None:
        return
    sizes = select(Rendition.width, Rendition.format).where(Rendition.picture_sha256 == sha256)
    there = {(row.width, row.format) for row in session.execute(sizes)}
    session.rollback()  # no transaction stays open while pixels are squeezed
    made = []
    for rendition in renditions(storage.get(master_key(sha256))):
        if (rendition.width, rendition.format) in there:
            continue  # the small one was made at once; its file stands and is never written over
        key = rendition_key(sha256, rendition.width, rendition.format)
        storage.put(key, rendition.data, rendition.content_type)
        made.append(
            Rendition(
                picture_sha256=sha256,
                width=rendition.width,
                height=rendition.height,
                format=rendition.format,
                bytes=len(rendition.data),
            )
        )
    for row in made:
        session.merge(row)
    session.get_one(Picture, sha256).rendered_at = clock.now()
    session.commit()


def serve_media(key: str) -> Response:
    """Answer with a stored rendition. Neither masters nor private ones are served, but 404."""
    suffix = key.rpartition(".")[2]
    kind = {"avif": "avif", "webp": "webp", "jpg": "jpeg"}.get(suffix)
    if kind not in FORMATS or "-" not in key or key.startswith(PRIVATE):
        abort(404)
    try:
        data = current_app.extensions["storage"].get(key)
    except (MissingFile, ValueError):
        abort(404)
    response = Response(data, content_type=CONTENT_TYPES[kind])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    return response


def serve_private(picture: Picture, *, whole: bool) -> Response:
    """Answer with a private picture, in full or small, for whoever the caller has let through.

    Nobody on the way may keep it. 404 for a picture that is not private or whose file is gone.
    """
    if not picture.private:
        abort(404)
    width = min(_SMALL_WIDTH, picture.width)
    key = (
        master_key(picture.sha256, private=True)
        if whole
        else rendition_key(picture.sha256, width, _THUMBNAIL, private=True)
    )
    try:
        data = current_app.extensions["storage"].get(key)
    except MissingFile:
        abort(404)
    response = Response(data, content_type=CONTENT_TYPES["jpeg" if whole else _THUMBNAIL])
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = "inline"
    return response
