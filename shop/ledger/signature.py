"""Photos of what sellers signed for money in their hand."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from shop.core.db import pause
from shop.core.pictures import keep_picture
from shop.core.uploads import checked


def take(session: Session, file: FileStorage) -> tuple[str, str]:
    """Check and keep a photo where only staff and the seller see it: its name, or what is wrong.

    Ends the transaction first: decoding takes seconds in which others must be able to write.
    """
    pause()
    images, faults = checked([file])
    if not images:
        return "", faults[0]
    storage = current_app.extensions["storage"]
    return keep_picture(session, storage, images[0], private=True).sha256, ""
