"""PostgreSQL, Redis, S3 and SMTP, all at once: the same shop, moved by its environment alone."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from shop import create_app
from shop.accounts.models import Notification, NotificationSend
from shop.accounts.notify import tell
from shop.config import read_config
from shop.core.connections import sqlite_module
from shop.core.db import db
from shop.core.images import FORMATS, normalise
from shop.core.models import OutboxMessage, Picture
from shop.core.pictures import keep_picture, picture_view
from tests.factories.people import make_person
from tests.photos import lively, saved
from tests.serving import free_port, run_shop, shop_env, stop, wait_until_up
from tests.stand_ins.smtp import SmtpStandIn


def quiet_app(env: Mapping[str, str]) -> Flask:
    """The application of `env` in this process, whose logs stay with the tests'."""
    return create_app(replace(read_config(env), testing=True))


def wait_for(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        db.session.rollback()
        time.sleep(0.2)
    return true()


def get(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read()


@pytest.mark.slow
def test_a_shop_on_all_four_serves_keeps_a_picture_and_sends_a_mail(
    tmp_path: Path, postgres_url: str, redis_url: str, bucket_url: str, smtp: SmtpStandIn
):
    env = shop_env(
        tmp_path,
        free_port(),
        DATABASE_URL=postgres_url,
        REDIS_URL=redis_url,
        STORAGE_URL=bucket_url,
        SMTP_URL=smtp.url,
        MAIL_FROM="toko@pelantar.example",
    )
    process = run_shop(env, "serve")
    try:
        wait_until_up(env["BASE_URL"], process)
        work_is_done(env, smtp)
    finally:
        stop(process)
    assert not (tmp_path / "uploads").exists()
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def work_is_done(env: dict[str, str], smtp: SmtpStandIn) -> None:
    """This process writes, the served ones do: they share nothing but the four servers."""
    app = quiet_app(env)
    with app.app_context():
        person = make_person(db.session(), name="Rohana")
        person.email = "rohana@example.com"
        picture = keep_picture(
            db.session(), app.extensions["storage"], normalise(saved(lively(900, 700), "JPEG"))
        )
        tell(db.session(), [person.id], "product_approved", link="/sell", product="Kerupuk")
        db.session.commit()
        sha256 = picture.sha256

        def rendered() -> bool:
            return db.session.get_one(Picture, sha256).rendered_at is not None

        assert wait_for(rendered)
        assert wait_for(lambda: len(smtp.messages) == 1)
        assert wait_for(
            lambda: db.session.query(OutboxMessage).filter_by(done_at=None).count() == 0
        )
        assert db.session.query(NotificationSend).one().sent_at is not None
        view = picture_view(db.session.get_one(Picture, sha256))
        db.session.remove()
        db.engine.dispose()
    (message,) = smtp.messages
    assert message["To"] == "rohana@example.com"
    text = message.get_body(["plain"])
    assert text is not None
    assert "Kerupuk" in text.get_content()
    url = env["BASE_URL"]
    assert get(f"{url}/")[0] == 200
    for kind in FORMATS:
        for path, _width in view.sources(kind):
            status, body = get(f"{url}{path}")
            assert status == 200
            assert body
    ready = json.loads(get(f"{url}/readyz")[1])
    assert ready == {"database": True, "jobs": True, "storage": True}


@pytest.mark.slow
def test_where_no_mail_is_set_up_nothing_is_sent_and_the_news_is_kept(tmp_path: Path):
    env = shop_env(tmp_path, free_port())
    process = run_shop(env, "serve")
    try:
        wait_until_up(env["BASE_URL"], process)
        app = quiet_app(env)
        with app.app_context():
            person = make_person(db.session(), name="Rohana")
            person.email = "rohana@example.com"
            tell(db.session(), [person.id], "product_approved", product="Kerupuk")
            db.session.commit()
            assert wait_for(lambda: db.session.query(OutboxMessage).one().done_at is not None)
            assert db.session.query(NotificationSend).count() == 0
            assert db.session.query(Notification).count() == 1
            db.session.remove()
            db.engine.dispose()
    finally:
        stop(process)


def test_the_queue_of_jobs_lies_in_a_file_of_its_own(tmp_path: Path):
    """The queue's library uses Python's own SQLite, which may be one with the WAL-reset fault."""
    env = shop_env(tmp_path, free_port())
    app = quiet_app(env)
    var = Path(env["SHOP_VAR"])
    with app.app_context():
        app.extensions["jobs_wake"]()
        assert Path(app.extensions["jobs"].storage.filename) == var / "jobs.db"
        assert app.extensions["jobs"].pending_count() == 1
        app.extensions["jobs"].storage.close()
    tables = sqlite_module().connect(var / "shop.db").execute("SELECT name FROM sqlite_master")
    assert tables.fetchall() == []
