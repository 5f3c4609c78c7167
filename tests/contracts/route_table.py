"""The table of routes and roles (`routes.toml`), and how the application is held against it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

TABLE = Path(__file__).with_name("routes.toml")
EVERYBODY = (
    "anonymous", "buyer", "owner", "treasurer", "member", "stranger",
    "facilitator", "manager", "finance", "auditor", "admin",
)  # fmt: skip
"""Owner, treasurer and member work for one seller, the stranger owns another."""


@dataclass(frozen=True)
class Route:
    """One method of one address, and the permission its view declares (none: empty)."""

    method: str
    rule: str
    endpoint: str
    arguments: frozenset[str]
    permission: str

    @property
    def name(self) -> str:
        """As it stands in the table: `POST /sign-in`."""
        return f"{self.method} {self.rule}"


def routes_of(app: Flask) -> list[Route]:
    """Every route of the application, by address."""
    found = [
        Route(
            method, rule.rule, rule.endpoint, frozenset(rule.arguments),
            getattr(app.view_functions[rule.endpoint], "permission", ""),
        )
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]  # fmt: skip
    return sorted(found, key=lambda route: (route.rule, route.method))


def read_table() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Route → permission, and permission → who holds it."""
    data: dict[str, Any] = tomllib.loads(TABLE.read_text("utf-8"))
    who = {
        permission: frozenset(EVERYBODY) if names == "everybody" else frozenset(names)
        for permission, names in data.pop("who").items()
    }
    rows: dict[str, str] = {}
    for room in data.values():
        rows |= room
    return rows, who


def coverage_faults(app: Flask, table: Mapping[str, str]) -> list[str]:
    """Routes that the table does not know, and rows without a route; says what to write."""
    routes = {route.name: route for route in routes_of(app)}
    return [
        f"{name} ({route.endpoint}) is not in {TABLE.name}; decide who may use it, then add under "
        f'[{route.endpoint.partition(".")[0]}]: "{name}" = "{route.permission}"'
        for name, route in routes.items()
        if name not in table
    ] + [
        f"{name} stands in {TABLE.name} but there is no such route"
        for name in table
        if name not in routes
    ]


def permission_faults(app: Flask, table: Mapping[str, str]) -> list[str]:
    """Views that declare another permission than the table's."""
    return [
        f"{route.name}: the view asks for {route.permission or 'nothing'!r}, "
        f"the table says {table[route.name] or 'nothing'!r}"
        for route in routes_of(app)
        if route.name in table and route.permission != table[route.name]
    ]
