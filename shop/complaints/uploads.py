"""Photos as they arrive with a report, kept where only whoever may read it sees them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from shop.catalog.uploads import checked
from shop.complaints.report import MOST_PHOTOS, one_at_a_time
from shop.core.db import pause
from shop.core.pictures import keep_picture


@dataclass(frozen=True)
class Uploads:
    """The names of the pictures that are kept, and what to say about the files that are not."""

    kept: Sequence[str]
    faults: Sequence[str]


def take(
    session: Session, part_id: uuid.UUID, files: Iterable[FileStorage], tokens: Iterable[str]
) -> Uploads:
    """Check and keep the files, beside those kept before, which `tokens` name; four in all.

    Ends the transaction first: decoding takes seconds in which others must be able to write.
    """
    kept = [sha256 for token in tokens if (sha256 := opened(token, part_id))]
    sent = [file for file in files if file.filename]
    room = max(0, MOST_PHOTOS - len(kept))
    pause()
    images, faults = checked(sent[:room])
    if len(sent) > room:
        faults.append(_too_many(len(sent) - room))
    one_at_a_time(session, part_id)
    storage = current_app.extensions["storage"]
    kept += [keep_picture(session, storage, image, private=True).sha256 for image in images]
    return Uploads(list(dict.fromkeys(kept))[:MOST_PHOTOS], faults)


def token_of(sha256: str, part_id: uuid.UUID) -> str:
    """What the page carries of a kept picture: of use only with this part, and never made up."""
    return str(_signer().dumps([part_id.hex, sha256]))


def opened(token: str, part_id: uuid.UUID) -> str | None:
    """The name of the picture this token was made for, if it is one of this part."""
    try:
        owner, sha256 = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(sha256) if owner == part_id.hex else None


def _too_many(number: int) -> str:
    return str(
        ngettext(
            "Paling banyak 4 foto. %(num)d foto tidak ikut.",
            "Paling banyak 4 foto. %(num)d foto tidak ikut.",
            number,
        )
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="complaint-photo")
