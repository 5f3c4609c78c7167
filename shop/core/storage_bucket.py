"""Files kept in a bucket that speaks Amazon's S3 protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from shop.core.storage_base import MissingFile, StorageUnavailable, checked_key, is_key

if TYPE_CHECKING:
    from obstore.store import S3Config


class BucketStorage:
    """A `Storage` in a bucket.

    Keys and region not given here come from the environment (AWS_ACCESS_KEY_ID and so on). A
    request gives up after 15 seconds, with its retries after 30, so that a dead bucket cannot hold
    the shop's workers.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str | None = None,
        region: str | None = None,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
    ) -> None:
        given = {
            "endpoint": endpoint,
            "region": region,
            "access_key_id": access_key_id,
            "secret_access_key": secret_access_key,
        }
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=cast("S3Config", {name: value for name, value in given.items() if value}),
            client_options={
                "allow_http": bool(endpoint and endpoint.startswith("http://")),
                "connect_timeout": timedelta(seconds=3),
                "timeout": timedelta(seconds=15),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
        )

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """See `Storage.put`; S3 shows an object only when all of it has arrived."""
        # A look first, not a conditional write: many S3 look-alikes do not know the latter.
        if not self.exists(key):
            with _unavailable("write"):
                obstore.put(
                    self._store,
                    key,
                    data,
                    attributes={"Content-Type": content_type},
                    use_multipart=False,
                )

    def get(self, key: str) -> bytes:
        """See `Storage.get`."""
        try:
            with _unavailable("read"):
                return obstore.get(self._store, checked_key(key)).bytes().to_bytes()
        except FileNotFoundError as error:
            raise MissingFile(key) from error

    def exists(self, key: str) -> bool:
        """See `Storage.exists`."""
        try:
            with _unavailable("read"):
                obstore.head(self._store, checked_key(key))
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        """See `Storage.delete`."""
        try:
            with _unavailable("delete"):
                obstore.delete(self._store, checked_key(key))
        except FileNotFoundError:
            pass

    def keys(self, prefix: str = "") -> Iterator[tuple[str, int, datetime]]:
        """See `Storage.keys`."""
        folder = checked_key(prefix.rstrip("/")) if prefix else None
        with _unavailable("list"):
            for batch in obstore.list(self._store, prefix=folder):
                for facts in batch:
                    if is_key(facts["path"]):
                        yield facts["path"], facts["size"], facts["last_modified"]

    def probe(self) -> None:
        """List a folder that is always empty (see `Storage.probe`).

        Asking for one missing object would not do: a missing bucket answers that the same way.
        """
        with _unavailable("list"):
            for _ in obstore.list(self._store, prefix="probe"):
                break

    def sweep_temp(self, older_than_seconds: float) -> int:  # noqa: ARG002
        """Always 0: a bucket keeps no unfinished file (see `Storage.sweep_temp`)."""
        return 0


@contextmanager
def _unavailable(verb: str) -> Iterator[None]:
    """Turn obstore's errors into `StorageUnavailable`, but let a missing file be missing."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        # Only the kind of error: its text repeats addresses and what the server answered.
        raise StorageUnavailable(f"cannot {verb} in the bucket: {type(error).__name__}") from error
