"""A carrier that let us wait in vain rests a while, so that the messages of others go on.

One thread sends, one message after the other. Without this, a mail server that does not answer
would hold up every photo and every push message for as long as there are letters.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from shop.accounts.carriers import Delayed
from shop.accounts.models import Channel

SLOW_SECONDS = 3.0
"""In vain so long is slow; a carrier that says at once that it cannot is not."""
REST_SECONDS = 60.0


class Rest:
    """Which carriers rest until when, by this process's own clock."""

    def __init__(self) -> None:
        self._until: dict[Channel, float] = {}

    def left(self, channel: Channel) -> float:
        """So many seconds it rests yet; 0 where it does not."""
        return max(0.0, self._until.get(channel, 0.0) - time.monotonic())

    @contextmanager
    def after_waiting_in_vain(self, channel: Channel) -> Iterator[None]:
        """Let it rest where what is done inside fails, and only after a while."""
        began = time.monotonic()
        try:
            yield
        except Delayed:
            if time.monotonic() - began >= SLOW_SECONDS:
                self._until[channel] = time.monotonic() + REST_SECONDS
            raise
