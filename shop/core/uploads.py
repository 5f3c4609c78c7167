"""Photos as they arrive with a form: each is checked by itself, the good ones are kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

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
"""Pixels of the shorter side: with fewer, nobody sees what is on it."""
NARROWEST = 5
"""How many times longer one side may be: a stripe has no place in a card."""
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Uploads:
    """The names of the pictures that are kept, and what to say about the files that are not."""

    kept: Sequence[str]
    faults: Sequence[str]


@dataclass(frozen=True)
class Tray:
    """Where photos lie until the form they came with is right; each form carries their tokens.

    Tokens are signed with `salt`, for one owner each. At most `most` photos lie there; `too_many`
    says how many found no room. `hold` holds the owner's row, so that presses come one by one.
    """

    salt: str
    most: int
    too_many: Callable[[int], str]
    hold: Callable[[Session, uuid.UUID], object]
    private: bool = False

    def take(
        self,
        session: Session,
        owner_id: uuid.UUID,
        files: Iterable[FileStorage],
        tokens: Iterable[str],
    ) -> Uploads:
        """Check and keep the files, beside those kept before, which `tokens` name.

        Ends the transaction first: decoding takes seconds in which others must be able to write.
        """
        kept = [sha256 for token in tokens if (sha256 := self.opened(token, owner_id))]
        sent = [file for file in files if file.filename]
        room = max(0, self.most - len(kept))
        pause()
        images, faults = checked(sent[:room])
        if len(sent) + len(kept) > self.most:
            faults.append(self.too_many(len(sent) + len(kept) - self.most))
        self.hold(session, owner_id)
        storage = current_app.extensions["storage"]
        kept += [
            keep_picture(session, storage, image, private=self.private).sha256 for image in images
        ]
        return Uploads(list(dict.fromkeys(kept))[: self.most], faults)

    def token_of(self, sha256: str, owner_id: uuid.UUID) -> str:
        """What a form carries of a kept picture: of use to this owner only, and never made up."""
        return str(self._signer().dumps([owner_id.hex, sha256]))

    def opened(self, token: str, owner_id: uuid.UUID) -> str | None:
        """The name of the picture this token was made for, if it is one of this owner."""
        try:
            owner, sha256 = self._signer().loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        return str(sha256) if owner == owner_id.hex else None

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(current_app.secret_key or "", salt=self.salt)


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
