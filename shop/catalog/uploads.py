"""Photos as they arrive with a form: each is checked by itself, the good ones are kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext, ngettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from shop.catalog.add_photo import MOST_PHOTOS
from shop.catalog.publish import one_at_a_time
from shop.core.db import pause
from shop.core.images import (
    MAX_BYTES,
    BadImage,
    ImageFault,
    NormalisedImage,
    fault_message,
    normalise,
)
from shop.core.pictures import keep_picture

SMALLEST = 200
"""Pixels of the shorter side: with fewer, nobody sees what is for sale."""
NARROWEST = 5
"""How many times longer one side may be: a stripe has no place in a card."""
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Uploads:
    """The hashes of the pictures that are kept, and what to say about the files that are not."""

    kept: Sequence[str]
    faults: Sequence[str]


def take(
    session: Session, seller_id: uuid.UUID, files: Iterable[FileStorage], tokens: Iterable[str]
) -> Uploads:
    """Check and keep the files, beside those kept before, which `tokens` name; eight in all.

    Ends the transaction first: decoding takes seconds in which others must be able to write.
    """
    kept = [sha256 for token in tokens if (sha256 := _opened(token, seller_id))]
    sent = [file for file in files if file.filename]
    room = max(0, MOST_PHOTOS - len(kept))
    pause()
    images, faults = checked(sent[:room])
    if len(sent) + len(kept) > MOST_PHOTOS:
        faults.append(too_many(len(sent) + len(kept) - MOST_PHOTOS))
    one_at_a_time(session, seller_id)
    storage = current_app.extensions["storage"]
    kept += [keep_picture(session, storage, image).sha256 for image in images]
    return Uploads(list(dict.fromkeys(kept))[:MOST_PHOTOS], faults)


def token_of(sha256: str, seller_id: uuid.UUID) -> str:
    """What the form carries of a kept picture: it cannot be made up, or used by another seller."""
    return str(_signer().dumps([seller_id.hex, sha256]))


def too_many(number: int) -> str:
    """What to say when `number` photos found no room."""
    return str(
        ngettext(
            "Paling banyak 8 foto. %(num)d foto tidak ikut; buang satu dulu.",
            "Paling banyak 8 foto. %(num)d foto tidak ikut; buang satu dulu.",
            number,
        )
    )


def checked(files: Iterable[FileStorage]) -> tuple[list[NormalisedImage], list[str]]:
    """The photos among these files, and what to say about each of the others."""
    images: list[NormalisedImage] = []
    faults: list[str] = []
    for file in files:
        data = file.stream.read(MAX_BYTES + 1)
        try:
            if len(data) > MAX_BYTES:
                raise BadImage(ImageFault.TOO_MANY_BYTES)
            image = normalise(data)
            words = _shape_fault(image)
        except BadImage as fault:
            words = fault_message(fault.reason)
        if words:
            name = (file.filename or "")[-_LONGEST_NAME:]
            faults.append(gettext("%(file)s: %(fault)s", file=name, fault=words))
        else:
            images.append(image)
    return images, faults


def _shape_fault(image: NormalisedImage) -> str:
    short, long = sorted((image.width, image.height))
    if long > NARROWEST * short:
        return str(
            gettext("Foto ini terlalu sempit. Ambil ulang dari lebih dekat, dengan bentuk biasa.")
        )
    if short < SMALLEST:
        return str(
            gettext(
                "Foto ini terlalu kecil, baru %(width)d × %(height)d titik. "
                "Kirim foto asli dari kamera, setiap sisi paling sedikit %(least)d titik.",
                width=image.width, height=image.height, least=SMALLEST,
            )
        )  # fmt: skip
    return ""


def _opened(token: str, seller_id: uuid.UUID) -> str | None:
    try:
        owner, sha256 = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(sha256) if owner == seller_id.hex else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kept-photo")
