"""A machine that takes calls and speaks as a test tells it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def listening(speak: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port at which every caller is spoken to by `speak`, inside the block."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(line: socket.socket) -> None:
        with line, suppress(OSError):
            speak(line)

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _address = server.accept()
                threading.Thread(target=answer, args=(line,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
