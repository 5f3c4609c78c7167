"""What all ways of sending have in common: a parcel that is ready, and how it can fail."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.accounts.news import words
from shop.accounts.readers import Reader, path_of
from shop.config import Config

Post = Callable[[], str | None]
"""Hands one message over, without the database; returns the carrier's own name for it."""


class Refused(Exception):
    """The carrier will never take this message; the message is a code (`words_messages`)."""


class Unknown(Refused):
    """There is nobody at this address (any more): nothing is to be sent there again."""


class Delayed(Exception):
    """The carrier could not take it now, or nobody knows whether it did."""


@dataclass(frozen=True)
class Item:
    """What a carrier needs to make a parcel: what happened, who reads it, and of which send."""

    send_id: uuid.UUID
    subscription_id: uuid.UUID | None
    notification: Notification
    reader: Reader

    @property
    def text(self) -> str:
        """What happened, in the reader's language."""
        with force_locale(self.reader.language):
            return words(self.notification.kind, self.notification.detail)

    def subject(self, shop_name: str) -> str:
        """From whom it comes, in the reader's language."""
        with force_locale(self.reader.language):
            return str(gettext("Kabar dari %(shop)s", shop=shop_name))

    @property
    def path(self) -> str:
        """Where to read more in this shop, or nothing."""
        return path_of(self.notification, self.reader)

    def link(self, config: Config) -> str:
        """Where to read more: a whole address, or nothing."""
        return f"{config.base_url}{self.path}" if self.path else ""


Pack = Callable[[Session, Item, Config], Post | None]
"""Makes the parcel while the database is open; None where there is no such way (any more)."""
