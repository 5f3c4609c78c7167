"""File storage: the same promises from a folder and from a bucket."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import obstore
import pytest

from shop.core import storage_folder
from shop.core.storage import (
    InvalidKey,
    MissingFile,
    Storage,
    StorageConfigError,
    StorageUnavailable,
    open_storage,
)
from shop.core.storage_bucket import BucketStorage

KEY = "ab/abcdef-640.webp"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a stand-in S3 server on this machine, with an empty bucket `photos`."""
    moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = moto.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    urlopen(Request(f"{address}/photos", method="PUT"), timeout=10).close()
    yield address
    server.stop()


def bucket_url(endpoint: str, bucket: str = "photos", prefix: str = "shop") -> str:
    keys = "region=us-east-1&access_key_id=test&secret_access_key=test"
    return f"s3://{bucket}/{prefix}?endpoint={quote(endpoint)}&{keys}"


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(str(tmp_path / "files"))
    prefix = tmp_path.name.lower()
    return open_storage(bucket_url(request.getfixturevalue("s3_server"), prefix=prefix))


def test_what_is_put_comes_back(storage: Storage) -> None:
    storage.put(KEY, b"\x00photo", "image/webp")
    assert storage.get(KEY) == b"\x00photo"
    assert storage.exists(KEY)


def test_putting_again_changes_nothing(storage: Storage) -> None:
    storage.put(KEY, b"first", "image/webp")
    storage.put(KEY, b"second", "image/webp")
    assert storage.get(KEY) == b"first"


def test_missing_file_is_named(storage: Storage) -> None:
    assert not storage.exists(KEY)
    with pytest.raises(MissingFile, match=KEY):
        storage.get(KEY)


def test_deleted_file_is_gone(storage: Storage) -> None:
    storage.put(KEY, b"photo", "image/webp")
    storage.delete(KEY)
    storage.delete(KEY)
    assert not storage.exists(KEY)


def test_keys_are_listed_by_folder(storage: Storage) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    for key in ("ab/one.jpg", "ab/two.jpg", "abc/three.jpg"):
        storage.put(key, key.encode(), "image/jpeg")
    listed = list(storage.keys())
    found = {key: (size, written) for key, size, written in listed}
    assert set(found) == {"ab/one.jpg", "ab/two.jpg", "abc/three.jpg"}
    assert found["abc/three.jpg"][0] == len("abc/three.jpg")
    assert all(before < written < before + timedelta(seconds=60) for _, written in found.values())
    assert {key for key, _, _ in storage.keys("ab")} == {"ab/one.jpg", "ab/two.jpg"}


def test_probe_of_working_storage_is_silent(storage: Storage) -> None:
    storage.probe()
    assert list(storage.keys()) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../up",
        "ab/../up",
        "/root",
        "ab//c",
        "ab/",
        "Ab/c",
        "a b",
        "ab/.tmp-1",
        "a\n",
        "é",
        "a" * 201,
    ],
)
def test_other_keys_are_refused(storage: Storage, key: str) -> None:
    for act in (storage.get, storage.exists, storage.delete):
        with pytest.raises(InvalidKey):
            act(key)
    with pytest.raises(InvalidKey):
        storage.put(key, b"", "image/jpeg")


def test_many_writers_of_one_key_agree(storage: Storage) -> None:
    failures: list[Exception] = []

    def write() -> None:
        try:
            storage.put(KEY, b"photo" * 1000, "image/webp")
        except Exception as error:  # noqa: BLE001 - carried to the test's own thread
            failures.append(error)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert storage.get(KEY) == b"photo" * 1000


def test_content_type_reaches_the_bucket(s3_server: str) -> None:
    storage = open_storage(bucket_url(s3_server))
    assert isinstance(storage, BucketStorage)
    storage.put("cd/type.webp", b"photo", "image/webp")
    kept = obstore.get(storage._store, "cd/type.webp")
    assert kept.attributes["Content-Type"] == "image/webp"


def test_probe_finds_missing_bucket(s3_server: str) -> None:
    with pytest.raises(StorageUnavailable):
        open_storage(bucket_url(s3_server, bucket="nowhere")).probe()


def test_dead_bucket_is_unavailable_soon() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
    storage = open_storage(bucket_url(endpoint))
    began = datetime.now(UTC)
    with pytest.raises(StorageUnavailable) as caught:
        storage.put(KEY, b"photo", "image/webp")
    assert datetime.now(UTC) - began < timedelta(seconds=15)
    assert "127.0.0.1" not in str(caught.value)


def test_file_is_synced_before_it_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        steps.append("sync folder" if folder else "sync file")
        real_sync(handle)

    def rename(self: Path, target: Path) -> Path:
        steps.append("rename")
        return real_rename(self, target)

    storage = open_storage(str(tmp_path))
    storage.put("ab/earlier.jpg", b"", "image/jpeg")
    monkeypatch.setattr(storage_folder.os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    storage.put("ab/photo.jpg", b"photo", "image/jpeg")
    assert steps == ["sync file", "rename", "sync folder"]
    steps.clear()
    storage.put("cd/photo.jpg", b"photo", "image/jpeg")
    assert steps == ["sync folder", "sync file", "rename", "sync folder"]


def test_interrupted_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    storage = open_storage(str(tmp_path))
    storage.put("ab/earlier.jpg", b"", "image/jpeg")
    monkeypatch.setattr(storage_folder.os, "fsync", full)
    with pytest.raises(StorageUnavailable, match="No space left"):
        storage.put(KEY, b"photo", "image/webp")
    with pytest.raises(StorageUnavailable, match="No space left"):
        storage.probe()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["earlier.jpg"]


def test_sweep_deletes_old_leftovers_only(tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path))
    storage.put(KEY, b"photo", "image/webp")
    old, young = tmp_path / "ab" / ".tmp-old", tmp_path / "ab" / ".tmp-young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    os.utime(tmp_path / KEY, (1, 1))
    ((key, _, _),) = storage.keys()
    assert key == KEY
    assert storage.sweep_temp(3600) == 1
    assert not old.exists()
    assert young.exists()
    assert storage.exists(KEY)


def test_folder_in_place_of_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    storage = open_storage(str(tmp_path / "file"))
    with pytest.raises(StorageUnavailable):
        storage.probe()
    with pytest.raises(StorageUnavailable):
        storage.put(KEY, b"photo", "image/webp")


def test_file_url_names_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my files"
    open_storage(f"file://{quote(str(folder))}").put(KEY, b"photo", "image/webp")
    assert (folder / KEY).read_bytes() == b"photo"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gs://bucket",
        "s3://",
        "file://elsewhere/x",
        "s3://b/p?secret=hush",
        "https://hush@host/",
    ],
)
def test_wrong_url_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(StorageConfigError) as caught:
        open_storage(url)
    assert "hush" not in str(caught.value)
