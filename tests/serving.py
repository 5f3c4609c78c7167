"""A real shop in processes of its own, on a free port of this machine, for browsers to visit."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]
NO_CHROMIUM = "no Chromium at /usr/bin/chromium: install Debian's package"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def shop_env(folder: Path, port: int, **other: str) -> dict[str, str]:
    """The environment of a shop that keeps everything in `folder`."""
    return (
        os.environ
        | {
            "SHOP_VAR": str(folder / "var"),
            "STORAGE_URL": str(folder / "uploads"),
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "BASE_URL": f"http://127.0.0.1:{port}",
        }
        | other
    )


def run_shop(env: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """Start the console command in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "shop.cli", *arguments],
        env=dict(env),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def wait_until_up(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait for `/healthz`. Raises `RuntimeError` where the shop does not come up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            said = process.stdout.read().decode() if process.stdout else ""
            raise RuntimeError(f"the shop ended with {process.returncode}: {said[-2000:]}")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the shop did not come up")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the shop and everything it started."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    except ProcessLookupError:
        pass


@contextmanager
def demo_shop() -> Iterator[str]:
    """A shop filled with the demo, with its pictures rendered; gives its address."""
    with tempfile.TemporaryDirectory(prefix="shop-demo-") as name:
        port = free_port()
        env = shop_env(Path(name), port)
        subprocess.run(
            [sys.executable, "-m", "shop.cli", "demo"],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        process = run_shop(env, "serve")
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_up(url, process)
            yield url
        finally:
            stop(process)
