"""Filling in the shop's own forms, as a browser without scripts would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from shop.catalog.models import Variant

BUYER = {
    "buyer_name": "Ratna Dewi",
    "buyer_phone": "0812-3456-7890",
    "kelurahan": "21.72.01.1001",
    "address": "Jl. Pramuka 12",
    "method": "transfer",
}


class _Fields(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        if not self.inside or tag != "input" or not given.get("name"):
            return
        if given.get("type") not in ("radio", "checkbox") or "checked" in given:
            self.found.append((given["name"] or "", given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def fields(page: TestResponse, action: str) -> MultiDict[str, str]:
    """The inputs of the form that posts to `action`, as they stand on the page."""
    parser = _Fields(action)
    parser.feed(page.text)
    return MultiDict(parser.found)


def put_in(client: FlaskClient, *things: tuple[Variant, int]) -> None:
    """Put these into the visitor's cart."""
    for variant, quantity in things:
        answer = client.post("/cart/add", data={"variant_id": variant.id, "quantity": quantity})
        assert answer.status_code == 303


def filled(page: TestResponse, **typed: Any) -> MultiDict[str, str]:
    """The checkout form of `page` with `typed` over it."""
    form = fields(page, "/checkout")
    for name, value in typed.items():
        form[name] = value
    return form


def ready_to_place(client: FlaskClient, **typed: Any) -> MultiDict[str, str]:
    """A whole checkout form, its fees asked for, one press before the order."""
    asked = filled(client.get("/checkout"), refresh="1", **(BUYER | typed))
    return filled(client.post("/checkout", data=asked), **(BUYER | typed))
