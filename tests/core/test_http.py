"""The edge: one transaction a request, the same headers on every answer, faults in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shop import create_app
from shop.core.db import db
from shop.core.http import HEADERS, from_anywhere, keep_writes, local_target, without_token
from shop.core.models import ScheduledRun
from tests.conftest import config_for


def put() -> str:
    """Write a row, then answer with the wanted status."""
    db.session.add(ScheduledRun(name="written"))
    if "keep" in request.args:
        keep_writes()
    if "flush" in request.args:
        db.session.flush()
    code = int(request.args.get("code", 200))
    if code >= 400:
        abort(code)
    return "done"


def hook() -> str:
    """What other machines post to."""
    return "heard"


def guarded() -> str:
    """An ordinary form's target."""
    return "in"


def raise_fault() -> str:
    raise RuntimeError(request.args["say"])


def raise_operational() -> str:
    raise OperationalError("UPDATE people", {}, Exception(request.args["say"]))


@pytest.fixture
def edge(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application of its own, with routes to try the edge on."""
    app = create_app(config_for(tmp_path, database_url))
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    for rule, view in (("/open", without_token(put)), ("/hook", from_anywhere(hook))):
        app.add_url_rule(rule, rule, view, methods=["POST"])
    app.add_url_rule("/guarded", "guarded", guarded, methods=["POST"])
    app.add_url_rule("/fault", "fault", raise_fault)
    app.add_url_rule("/database", "database", raise_operational)
    app.add_url_rule("/plain", "plain", lambda: "plain")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(edge: Flask) -> FlaskClient:
    return edge.test_client()


def written() -> bool:
    db.session.rollback()
    return db.session.get(ScheduledRun, "written") is not None


@pytest.mark.both
def test_a_good_answer_commits(browser: FlaskClient):
    assert browser.post("/open").status_code == 200
    assert written()


@pytest.mark.both
@pytest.mark.parametrize("code", [400, 404, 409, 422])
def test_a_refusal_keeps_nothing(browser: FlaskClient, code: int):
    assert browser.post(f"/open?flush=1&code={code}").status_code == code
    assert not written()


@pytest.mark.both
def test_a_refusal_can_keep_what_it_must(browser: FlaskClient):
    assert browser.post("/open?keep=1&code=429").status_code == 429
    assert written()


def test_a_commit_that_fails_is_told_as_busy_with_all_headers(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def full(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(Session, "commit", full)
    answer = browser.post("/open")
    assert answer.status_code == 503
    assert set(HEADERS.items()) <= set(answer.headers.items())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("database is locked", 503),
        ("database or disk is full", 503),
        ("disk I/O error", 503),
        ("unable to open database file", 503),
        ("no such table: people", 500),
        ("attempt to write a readonly database", 500),
    ],
)
def test_only_what_passes_by_itself_is_told_as_busy(browser: FlaskClient, said: str, code: int):
    assert browser.get(f"/database?say={said}").status_code == code


def test_a_fault_tells_the_visitor_nothing_of_the_inside(browser: FlaskClient):
    answer = browser.get("/fault?say=secret-inside")
    assert answer.status_code == 500
    assert "secret-inside" not in answer.text
    assert "<h1>" in answer.text


def test_the_fault_page_stands_even_when_the_database_is_gone(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    def gone(*_args: object, **_named: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("unable to open database file"))

    monkeypatch.setattr(Session, "execute", gone)
    monkeypatch.setattr(Session, "get", gone)
    answer = browser.get("/database?say=unable to open database file")
    assert answer.status_code == 503
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/plain",
        "/healthz",
        "/readyz",
        "/nothing-here",
        "/guarded",
        "/fault?say=a",
        "/media/a.webp",
        "/assets/none.css",
        "/sell",
        "/staff",
    ],
)
def test_every_answer_carries_the_safe_headers(browser: FlaskClient, path: str):
    for method in ("GET", "HEAD", "POST", "OPTIONS", "PUT"):
        answer = browser.open(path, method=method, base_url="https://localhost")
        assert set(HEADERS.items()) <= set(answer.headers.items()), (method, path)
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=6307")
        assert answer.headers["Cache-Control"]


def test_without_tls_nothing_is_said_about_tls(browser: FlaskClient):
    assert "Strict-Transport-Security" not in browser.get("/plain").headers


def test_an_anonymous_page_may_be_kept_and_is_not_sent_twice(edge: Flask):
    first = edge.test_client().get("/plain")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = edge.test_client().get("/plain", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_page_for_somebody_is_kept_by_nobody(browser: FlaskClient):
    browser.set_cookie("shop", "anything")
    answer = browser.get("/plain")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(browser: FlaskClient, sent: dict[str, str], code: int):
    assert browser.post("/open", headers=sent).status_code == code


def test_a_form_without_its_token_is_refused_a_webhook_needs_none(browser: FlaskClient):
    assert browser.post("/guarded").status_code == 400
    assert browser.post("/hook", headers={"Origin": "https://stripe.com"}).text == "heard"


def test_a_body_that_is_too_large_is_refused(browser: FlaskClient):
    length = {"CONTENT_LENGTH": str(46 * 1024 * 1024)}
    answer = browser.post("/open", data=b"x", environ_overrides=length)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "",
        None,
        "javascript:alert(1)",
        "/a\\b",
    ],
)
def test_nobody_is_sent_to_another_site(edge: Flask, target: str | None):
    with edge.test_request_context("/"):
        assert local_target(target, "plain") == "/plain"


def test_a_path_of_this_site_is_followed(edge: Flask):
    with edge.test_request_context("/"):
        assert local_target("/sell/orders?state=new", "plain") == "/sell/orders?state=new"


def test_a_query_that_the_database_refuses_leaves_the_next_request_whole(browser: FlaskClient):
    assert browser.get("/database?say=database is locked").status_code == 503
    assert browser.post("/open").status_code == 200
    assert db.session.execute(text("SELECT count(*) FROM scheduled_runs")).scalar() == 1


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[", "localhost.evil.example"])
def test_a_name_that_is_not_ours_is_refused(browser: FlaskClient, host: str):
    answer = browser.get("/plain", headers={"Host": host})
    assert answer.status_code == 400
    assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "192.168.1.7:8000", "[::1]"])
def test_a_shop_without_a_name_answers_to_its_addresses(browser: FlaskClient, host: str):
    assert browser.get("/plain", headers={"Host": host}).status_code == 200


def test_a_shop_with_a_name_answers_to_that_alone(database_url: str, tmp_path: Path):
    app = create_app(config_for(tmp_path, database_url, base_url="https://pelantar.example"))
    browser = app.test_client()
    assert browser.get("/sign-in", headers={"Host": "192.168.1.7"}).status_code == 400
    assert browser.get("/healthz", headers={"Host": "192.168.1.7"}).status_code == 200
    with app.app_context():
        db.engine.dispose()
