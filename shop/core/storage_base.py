"""What every file storage promises, the names it accepts and the errors it raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

# A part never starts with a dot: such names are the unfinished files of a local folder.
_KEY = re.compile(r"[0-9a-z_][0-9a-z._-]*(/[0-9a-z_][0-9a-z._-]*)*", re.ASCII)
_LONGEST_KEY = 200


class MissingFile(LookupError):
    """No file is stored under this key."""


class StorageUnavailable(RuntimeError):
    """The storage cannot be reached, is full, or refuses us; the cause is chained."""


class StorageConfigError(ValueError):
    """The storage URL is wrong; the message says what to write and repeats no secret."""


class InvalidKey(ValueError):
    """The key is not made of lower-case names joined by `/`."""


class Storage(Protocol):
    """Files that are written once and never changed, because their key carries a content hash.

    Keys consist of `[0-9a-z/._-]`, at most 200 characters, without `..`; other keys raise
    `InvalidKey`. Every method raises `StorageUnavailable` when the storage does not work.
    """

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep `data` under `key`, durably once this returns; an existing key is left as it is."""

    def get(self, key: str) -> bytes:
        """The bytes kept under `key`. Raises `MissingFile`."""

    def exists(self, key: str) -> bool:
        """Whether something is kept under `key`."""

    def delete(self, key: str) -> None:
        """Forget `key`; a missing key is no error."""

    def keys(self, prefix: str = "") -> Iterator[tuple[str, int, datetime]]:
        """Key, size in bytes and UTC time of writing of all files in the folder `prefix`."""

    def probe(self) -> None:
        """Return if files can be kept now; raise `StorageUnavailable` if not."""

    def sweep_temp(self, older_than_seconds: float) -> int:
        """Delete what interrupted writes left behind; returns how many files that were."""


def checked_key(key: str) -> str:
    """`key` itself, if it is one. Raises `InvalidKey`."""
    if len(key) > _LONGEST_KEY or ".." in key or not _KEY.fullmatch(key):
        raise InvalidKey(f"not a storage key: {key[:_LONGEST_KEY]!r}")
    return key


def is_key(name: str) -> bool:
    """Whether a name found in the storage is one that `put` could have written."""
    try:
        checked_key(name)
    except InvalidKey:
        return False
    return True
