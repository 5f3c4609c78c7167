"""Processes that live and die together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY_SECONDS = 0.5
_GRACE_SECONDS = 4
_QUICK_SECONDS = 10


def end_with(parent: int) -> None:
    """End this process soon after the process `parent`, its parent, ends in whatever way.

    On Linux the kernel sends SIGTERM at once; elsewhere, and where SIGTERM is not enough, a thread
    sees that the parent has changed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_EVERY_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


class Companion:
    """A process beside this one, started anew whenever it ends before it was told to."""

    def __init__(self, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "shop.cli", *arguments, "--beside", str(os.getpid())]
        self._stopping = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._keep_up, name="companion", daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        # A group of its own: Ctrl-C reaches this process only, which then ends the other in order.
        self._began = time.monotonic()
        return subprocess.Popen(self._command, process_group=0)

    def _keep_up(self) -> None:
        wait = 1.0
        while True:
            self._process.wait()
            wait = 1.0 if time.monotonic() - self._began > _QUICK_SECONDS else min(wait * 2, 60.0)
            if self._stopping.wait(wait):
                return
            self._process = self._start()

    def stop(self) -> None:
        """End it: politely, then, after a short while, at once."""
        self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS / 2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
