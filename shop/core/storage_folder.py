"""Files kept in a folder of this machine."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shop.core.storage_base import MissingFile, StorageUnavailable, checked_key, is_key

_TEMP = ".tmp-"


class FolderStorage:
    """A `Storage` in a folder, safe against a power cut.

    Written by hand because obstore's own local store never calls fsync. The content type is not
    kept: whoever serves the file knows it from the key.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002
        """Write beside the target, fsync, rename, fsync the folder (see `Storage.put`)."""
        target = self._path(key)
        with _unavailable("write"):
            _make_folder(target.parent)
            if not target.exists():
                _write_whole(target, data)
            # Also for an existing file: whoever renamed it may not have come this far yet.
            _sync_folder(target.parent)

    def get(self, key: str) -> bytes:
        """See `Storage.get`."""
        try:
            with _unavailable("read"):
                return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise MissingFile(key) from error

    def exists(self, key: str) -> bool:
        """See `Storage.exists`."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """See `Storage.delete`."""
        try:
            with _unavailable("delete"):
                self._path(key).unlink()
        except FileNotFoundError:
            pass

    def keys(self, prefix: str = "") -> Iterator[tuple[str, int, datetime]]:
        """See `Storage.keys`."""
        start = self._path(prefix.rstrip("/")) if prefix else self.root
        for folder, _, names in os.walk(start):
            for name in names:
                path = Path(folder, name)
                key = path.relative_to(self.root).as_posix()
                try:
                    facts = path.stat()
                except FileNotFoundError:  # deleted while we were walking
                    continue
                if is_key(key):
                    yield key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC)

    def probe(self) -> None:
        """Write, sync and delete a small file (see `Storage.probe`)."""
        with _unavailable("write"):
            _make_folder(self.root)
            path = self.root / (_TEMP + secrets.token_hex(8))
            try:
                _write_synced(path, b"probe")
            finally:
                path.unlink(missing_ok=True)

    def sweep_temp(self, older_than_seconds: float) -> int:
        """See `Storage.sweep_temp`; nothing younger than `older_than_seconds` is touched."""
        before = time.time() - older_than_seconds  # the machine's clock: it dates files, too
        swept = 0
        with _unavailable("sweep"):
            for path in self.root.rglob(_TEMP + "*"):
                try:
                    if path.stat().st_mtime < before:
                        path.unlink()
                        swept += 1
                except FileNotFoundError:  # its writer finished, or another sweep was faster
                    continue
        return swept

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)


@contextmanager
def _unavailable(verb: str) -> Iterator[None]:
    """Turn the system's errors into `StorageUnavailable`, but let a missing file be missing."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageUnavailable(f"cannot {verb} in the file folder: {error.strerror}") from error


def _write_whole(target: Path, data: bytes) -> None:
    temp = target.parent / (_TEMP + secrets.token_hex(8))
    try:
        _write_synced(temp, data)
        temp.rename(target)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """Create `folder` with its parents, each of them synced into the one above."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
