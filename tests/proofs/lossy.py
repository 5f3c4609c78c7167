"""S4: a line that swallows three of ten requests or answers; the buyer's browser tries again."""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

from sqlalchemy import select

from shop.orders.models import Order
from tests.proofs.buyers import Fields, Visitor, forms
from tests.proofs.rushes import put_up
from tests.proofs.stage import Shop

INTENTS = 200
LOSS = 0.3
AT_ONCE = 16
MOST_TRIES = 40


@dataclass(frozen=True)
class Shopping:
    """What became of so many wishes to buy; `cut` counts what the line swallowed."""

    intents: int
    duplicates: int
    lost: int
    given_up: int
    cut: int


class LossyLine:
    """Passes connections on, but swallows some requests, and some answers to what was done."""

    def __init__(self, port: int, seed: int) -> None:
        self._target, self._dice = port, random.Random(seed)
        self._door = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.cut = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                fate = self._dice.random()
                threading.Thread(target=self._pass, args=(caller, fate), daemon=True).start()

    def _pass(self, caller: socket.socket, fate: float) -> None:
        with caller, suppress(OSError):
            request = _whole_request(caller)
            if fate < LOSS / 2:  # it never reaches the shop
                self.cut += 1
                return
            with socket.create_connection(("127.0.0.1", self._target)) as shop:
                shop.sendall(request)
                answer = b"".join(iter(lambda: shop.recv(65_536), b""))
            if fate < LOSS:  # it was done, and nobody hears of it
                self.cut += 1
                return
            caller.sendall(answer)


def _whole_request(caller: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += caller.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    wanted = int(fields.get(b"content-length", b"0"))
    while len(body) < wanted:
        body += caller.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def _line_to(shop: Shop) -> Iterator[LossyLine]:
    line = LossyLine(urlsplit(shop.url).port or 80, seed=4)
    try:
        yield line
    finally:
        line.close()


def buy_over_a_lossy_line(shop: Shop, intents: int = INTENTS) -> Shopping:
    """Each intent is one form, sent again, the same, until an answer comes."""
    thing = put_up(shop, 10 * intents)
    visitor = Visitor.of(shop)
    names = [f"Pembeli {number}" for number in range(intents)]
    wishes = [forms(shop, [[(thing, 1)]], buyer_name=name)[0] for name in names]
    with _line_to(shop) as line:

        def buy(fields: Fields) -> str:
            for _ in range(MOST_TRIES):
                with suppress(OSError, HTTPException):
                    return visitor.post(line.url, "/checkout", fields).token
            return ""

        with ThreadPoolExecutor(AT_ONCE) as pool:
            tokens = list(pool.map(buy, wishes))
    with shop.session() as session:
        found = session.execute(select(Order.token, Order.buyer_name)).all()
    times = Counter(row.buyer_name for row in found if row.buyer_name in set(names))
    known = {row.token for row in found}
    return Shopping(
        intents=intents,
        duplicates=sum(count - 1 for count in times.values()),
        lost=sum(bool(token) and token not in known for token in tokens)
        + sum(name not in times for name in names),
        given_up=tokens.count(""),
        cut=line.cut,
    )
