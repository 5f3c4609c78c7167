"""Routes × roles: every route stands in the table, asks for what the table says, and answers so."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from shop import create_app
from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.catalog.models import Product
from shop.core.db import db
from tests.conftest import Browser, config_for
from tests.contracts.role_cast import Cast, make_cast, wrong_answers
from tests.contracts.route_table import (
    EVERYBODY,
    Route,
    coverage_faults,
    permission_faults,
    read_table,
    routes_of,
)

TABLE, WHO = read_table()


@pytest.fixture
def planted(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application of its own, to plant faults in."""
    app = create_app(config_for(tmp_path, database_url))
    app.test_client_class = Browser
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def route_to(app: Flask, endpoint: str) -> Route:
    return next(route for route in routes_of(app) if route.endpoint == endpoint)


def faults_of(cast: Cast, *routes: Route) -> list[str]:
    table = {**TABLE, **{r.name: r.permission for r in routes if r.name not in TABLE}}
    return [fault for fault in wrong_answers(cast, list(routes), table, WHO) if fault]


def test_every_route_stands_in_the_table_and_every_row_has_its_route(app: Flask):
    assert coverage_faults(app, TABLE) == []
    assert set(WHO) == {permission.value for permission in Permission}


def test_every_view_asks_for_the_permission_of_the_table(app: Flask):
    assert permission_faults(app, TABLE) == []


@pytest.mark.both
@pytest.mark.slow
def test_every_route_answers_every_role_as_the_table_says(app: Flask, session: Session):
    routes = [route for route in routes_of(app) if route.name in TABLE]
    answers = list(wrong_answers(make_cast(app, session), routes, TABLE, WHO))
    print(f"\n{len(answers)} cells: {len(routes)} routes x {len(EVERYBODY)} roles")
    assert [fault for fault in answers if fault] == []
    assert len(answers) == len(routes) * len(EVERYBODY) > 1000


@pytest.mark.both
def test_the_owner_finds_what_a_stranger_does_not(app: Flask, session: Session):
    """A 404 for the stranger says nothing unless the thing is there for its owner."""
    cast = make_cast(app, session)
    looked = [
        route
        for route in routes_of(app)
        if route.method == "GET" and route.rule.startswith("/sell/") and route.arguments
    ]
    found = {route.name: cast.ask("owner", route).status_code for route in looked}
    assert len(found) >= 3
    assert [name for name, status in found.items() if status == 404] == []
    assert {cast.ask("stranger", route).status_code for route in looked} == {404}


@pytest.mark.both
def test_a_key_to_one_order_opens_no_part_of_another(app: Flask, session: Session):
    """The secret of an address, with an id from somebody else's order beside it."""
    cast = make_cast(app, session)
    nested = [r for r in routes_of(app) if "token" in r.arguments]
    plain, other = (
        {name: value for name, value in values.items() if not name.endswith(":token")}
        for values in (cast.values, cast.other)
    )
    mixed = {**other, "token": cast.values["token"]}
    inner = [route for route in nested if len(route.arguments) > 1]
    assert len(inner) >= 2
    assert {cast.ask("anonymous", route, mixed).status_code for route in inner} == {404}
    made_up = {**plain, "token": "A" * 32}
    assert {cast.ask("anonymous", route, made_up).status_code for route in nested} == {404}


def test_methods_that_no_view_serves_are_refused(app: Flask, session: Session):
    cast = make_cast(app, session)
    for route in routes_of(app):
        address = cast.address(route, cast.values)
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            answer = cast.browser("admin").open(address, method=method)
            assert answer.status_code == 405, (method, address)


def test_a_route_without_a_row_is_found(planted: Flask):
    planted.add_url_rule("/staff/secret", "secret.page", lambda: "secret")
    (fault,) = coverage_faults(planted, TABLE)
    assert 'add under [secret]: "GET /staff/secret" = ""' in fault
    (other,) = coverage_faults(planted, {**TABLE, "GET /staff/secret": "", "GET /gone": ""})
    assert "no such route" in other


def test_a_wrong_permission_is_found_twice(planted: Flask):
    open_view = permit(Permission.BUY_SHOP_USE)(lambda: "everybody's business")
    planted.view_functions["accounts_staff.people"] = open_view
    assert len(permission_faults(planted, TABLE)) == 1
    faults = faults_of(make_cast(planted, db.session()), route_to(planted, "accounts_staff.people"))
    assert len(faults) == len(EVERYBODY) - 1


def test_a_permission_that_is_only_declared_is_found(planted: Flask):
    def unguarded() -> str:
        return "everybody's business"

    unguarded.permission = Permission.STAFF_PERSON_MANAGE  # type: ignore[attr-defined]
    planted.view_functions["accounts_staff.people"] = unguarded
    assert permission_faults(planted, TABLE) == []
    faults = faults_of(make_cast(planted, db.session()), route_to(planted, "accounts_staff.people"))
    assert len(faults) == len(EVERYBODY) - 1


def test_a_thing_loaded_past_its_seller_is_found(planted: Flask):
    @permit(Permission.SELL_PRODUCT_EDIT)
    def anybodys(product_id: uuid.UUID) -> str:
        assert current_actor().seller
        return db.session().get_one(Product, product_id).name

    planted.view_functions["catalog_studio.product"] = anybodys
    faults = faults_of(
        make_cast(planted, db.session()), route_to(planted, "catalog_studio.product")
    )
    assert faults == ["GET /sell/products/<uuid:product_id> as stranger: 200 "]
