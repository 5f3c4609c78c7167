"""File storage: a folder here or a bucket elsewhere, chosen by one address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from shop.core.storage_base import (
    InvalidKey,
    MissingFile,
    Storage,
    StorageConfigError,
    StorageUnavailable,
)
from shop.core.storage_bucket import BucketStorage
from shop.core.storage_folder import FolderStorage

__all__ = [
    "InvalidKey",
    "MissingFile",
    "Storage",
    "StorageConfigError",
    "StorageUnavailable",
    "open_storage",
]

_BUCKET_OPTIONS = {"endpoint", "region", "access_key_id", "secret_access_key"}


def open_storage(url: str) -> Storage:
    """The storage at `url`; nothing is read or written yet, `probe()` tells whether it works.

    `url` is a folder's path, `file:///folder`, or
    `s3://bucket/prefix?endpoint=…&region=…&access_key_id=…&secret_access_key=…`, all options being
    optional. Raises `StorageConfigError`.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return _bucket(parts.netloc, unquote(parts.path).strip("/"), parts.query)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return FolderStorage(Path(unquote(parts.path)))
    if url and "://" not in url:
        return FolderStorage(Path(url))
    raise StorageConfigError(
        "storage must be a folder, file:///folder or s3://bucket/prefix, "
        f"not {url.split(':', 1)[0]!r}:…"
    )


def _bucket(bucket: str, prefix: str, query: str) -> Storage:
    options = dict(parse_qsl(query))
    unknown = sorted(options.keys() - _BUCKET_OPTIONS)
    if not bucket or unknown:
        fault = f"unknown option {unknown[0]!r}" if unknown else "no bucket named"
        raise StorageConfigError(
            f"storage s3://bucket/prefix takes {', '.join(sorted(_BUCKET_OPTIONS))}: {fault}"
        )
    return BucketStorage(bucket, prefix, **options)
