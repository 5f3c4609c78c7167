"""Many buyers at once: each has a filled-in checkout form, and all press the button together."""

from __future__ import annotations

import http.client
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import session as cookie
from flask_wtf.csrf import generate_csrf

from shop.catalog.models import Variant
from shop.orders import form_key
from tests.orders.pages import BUYER
from tests.proofs.stage import Shop

Fields = list[tuple[str, str]]
_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Thing:
    """What is bought: who sells it, which it is, what one costs, what it is called."""

    seller: uuid.UUID
    variant: uuid.UUID
    price: int
    name: str

    @classmethod
    def of(cls, variant: Variant) -> Thing:
        """The same as plain values, which threads may share."""
        return cls(variant.seller_id, variant.id, variant.price, variant.product.name)


@dataclass(frozen=True)
class Reply:
    """What the shop answered; `location` is the path it sends on to, or empty."""

    status: int
    location: str
    text: str

    @property
    def token(self) -> str:
        """The token of the order placed, or empty where none was."""
        placed = self.status == 303 and self.location.startswith("/o/")
        return self.location.removeprefix("/o/") if placed else ""

    def refuses(self, name: str) -> bool:
        """Whether this says in words that the thing of this name cannot be had any more."""
        words = (f"{name} baru saja habis.", f"{name}: hanya ")
        return self.status == 409 and any(text in self.text for text in words)


@dataclass(frozen=True)
class Visitor:
    """A browser's cookie, and the token its forms carry against forgery."""

    cookie: str
    csrf: str

    @classmethod
    def of(cls, shop: Shop) -> Visitor:
        """A visitor without a cart."""
        with shop.app.test_request_context():
            csrf = generate_csrf()
            signer = shop.app.session_interface.get_signing_serializer(shop.app)  # type: ignore[attr-defined]
            name = shop.app.config["SESSION_COOKIE_NAME"]
            return cls(f"{name}={signer.dumps(dict(cookie))}", csrf)

    def post(self, url: str, path: str, fields: Sequence[tuple[str, str]]) -> Reply:
        """Send a form. Raises `OSError` or `HTTPException` where no answer comes."""
        body = urlencode([("csrf_token", self.csrf), *fields])
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_TIMEOUT_SECONDS)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, body, headers | {"Connection": "close"})
            answer = connection.getresponse()
            place = urlsplit(answer.headers.get("Location", "")).path
            return Reply(answer.status, place, answer.read().decode())
        finally:
            connection.close()


def forms(shop: Shop, baskets: Sequence[Sequence[tuple[Thing, int]]], **typed: str) -> list[Fields]:
    """One filled-in checkout form for each basket of things and numbers, each with its own key."""
    with shop.app.test_request_context():
        return [form_of(basket, **typed) for basket in baskets]


def form_of(basket: Sequence[tuple[Thing, int]], **typed: str) -> Fields:
    """One of them, in the present request context."""
    sellers = {thing.seller.hex for thing, _ in basket}
    return [
        *(BUYER | typed).items(),
        *((f"way-{seller}", "pickup") for seller in sellers),
        ("key", form_key.once_more("")),
        *(
            ("line", f"{thing.seller.hex}:{thing.variant.hex}:{quantity}:{thing.price}")
            for thing, quantity in basket
        ),
        ("total", str(sum(thing.price * quantity for thing, quantity in basket))),
    ]


def all_at_once(acts: Sequence[Callable[[], Reply]]) -> list[Reply]:
    """Do all of them, each in a thread of its own, none before all are ready."""
    if not acts:
        return []
    gate = threading.Barrier(len(acts))

    def act(number: int) -> Reply:
        gate.wait(60)
        try:
            return acts[number]()
        except (OSError, http.client.HTTPException) as error:
            return Reply(0, "", repr(error))

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, range(len(acts))))
