"""Every page of the two doors with a sign-in stands under one of its door's tabs."""

from __future__ import annotations

import pytest
from flask import Flask

from shop.navigation import STAFF, STUDIO, Tab

_DOORS = {"/staff": STAFF, "/sell": STUDIO}


@pytest.mark.parametrize("door", sorted(_DOORS))
def test_every_page_of_a_door_belongs_to_one_tab(app: Flask, door: str) -> None:
    lost = []
    for rule in app.url_map.iter_rules():
        address = rule.rule
        if address != door and not address.startswith(f"{door}/"):
            continue
        if (
            "GET" in (rule.methods or ())
            and len(_current(app, _path(app, rule.endpoint), door)) != 1
        ):
            lost.append(address)

    assert lost == []


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        ("/sell/orders/complaints", "orders_studio.orders"), ("/sell", "orders_studio.today"),
        ("/sell/standing", "sellers_studio.more"), ("/sell/more/delivery", "sellers_studio.more"),
        ("/staff/unseen", "impact_staff.desk"),
        ("/staff/impact", "impact_staff.impact"), ("/staff/standing", "orders_staff.orders"),
    ],
)  # fmt: skip
def test_a_page_beside_a_tab_stands_under_it(app: Flask, address: str, tab: str) -> None:
    assert _current(app, address, "/" + address.split("/")[1]) == [tab]


def _path(app: Flask, endpoint: str) -> str:
    rule = next(iter(app.url_map.iter_rules(endpoint)))
    values = {
        name: {"UUIDConverter": "01a212c4-d876-7152-8b06-8f4d7ad68104", "IntegerConverter": 1}.get(
            type(converter).__name__, "x"
        )
        for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(endpoint, values))


def _current(app: Flask, address: str, door: str) -> list[str]:
    tabs: tuple[Tab, ...] = _DOORS[door]
    with app.test_request_context(address):
        return [tab.endpoint for tab in tabs if tab.current]
