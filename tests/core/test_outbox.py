"""The outbox: written with the business, done at least once, by one worker at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import clock, outbox
from shop.core.models import OutboxMessage, ScheduledRun

pytestmark = pytest.mark.both


def write(session: Session, payload: Mapping[str, Any]) -> None:
    session.add(ScheduledRun(name=str(payload["name"])))


def fail(session: Session, payload: Mapping[str, Any]) -> None:
    write(session, payload)
    session.flush()
    raise OSError("no line")


def message(session: Session) -> OutboxMessage:
    session.expire_all()
    return session.scalars(select(OutboxMessage)).one()


def test_work_is_done_once_and_its_writes_are_kept(session: Session):
    outbox.send(session, "write", name="a")
    session.commit()
    assert outbox.drain(session, {"write": write}) == 1
    assert outbox.drain(session, {"write": write}) == 0
    assert session.get(ScheduledRun, "a") is not None
    assert message(session).done_at is not None


def test_work_of_a_transaction_that_fails_is_never_done(session: Session):
    outbox.send(session, "write", name="a")
    session.rollback()
    assert outbox.drain(session, {"write": write}) == 0


def test_what_a_failing_handler_wrote_is_dropped_and_it_is_tried_again_later(
    session: Session, noon: datetime
):
    outbox.send(session, "fail", name="a")
    session.commit()
    assert outbox.drain(session, {"fail": fail}) == 0
    assert session.get(ScheduledRun, "a") is None
    failed = message(session)
    assert failed.last_error == "OSError: no line"
    assert failed.due_at == noon + outbox.PATIENCE
    with clock.at(noon + outbox.PATIENCE):
        assert outbox.drain(session, {"fail": write}) == 1


def test_one_bad_message_does_not_stop_the_others(session: Session):
    outbox.send(session, "fail", name="a")
    outbox.send(session, "nobody", name="b")
    outbox.send(session, "write", name="c")
    session.commit()
    assert outbox.drain(session, {"fail": fail, "write": write}) == 1
    assert session.get(ScheduledRun, "c") is not None


def test_a_message_is_given_up_after_its_last_try(session: Session, noon: datetime):
    outbox.send(session, "fail", name="a")
    session.commit()
    for days in range(outbox.MAX_ATTEMPTS + 3):
        with clock.at(noon + timedelta(days=30 * days)):
            outbox.drain(session, {"fail": fail})
    assert message(session).attempts == outbox.MAX_ATTEMPTS


def test_a_message_somebody_is_at_is_left_alone_until_his_patience_ends(
    session: Session, noon: datetime
):
    outbox.send(session, "write", name="a")
    session.commit()

    def look(inner: Session, payload: Mapping[str, Any]) -> None:
        inner.rollback()
        assert outbox.drain(inner, {"write": write}) == 0

    assert outbox.drain(session, {"write": look}) == 1


def test_done_work_is_forgotten_after_a_while_and_open_work_never(session: Session, noon: datetime):
    for kind in ("write", "fail"):
        outbox.send(session, kind, name=kind)
    session.commit()
    outbox.drain(session, {"write": write, "fail": fail})
    outbox.forget_done(session)
    assert len(session.scalars(select(OutboxMessage)).all()) == 2
    with clock.at(noon + outbox.KEPT_FOR + timedelta(seconds=1)):
        outbox.forget_done(session)
    assert message(session).kind == "fail"


def test_workers_wake_after_the_commit_and_not_before(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    woken: list[bool] = []
    monkeypatch.setitem(app.extensions, "jobs_wake", lambda: woken.append(session.in_transaction()))
    outbox.send(session, "write", name="a")
    with session.begin_nested():
        outbox.send(session, "write", name="b")
    session.flush()
    assert woken == []
    session.commit()
    assert woken == [False]
    outbox.send(session, "write", name="c")
    session.rollback()
    session.add(ScheduledRun(name="unrelated"))
    session.commit()
    assert woken == [False]


def test_a_queue_that_is_down_loses_no_work(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    def down(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(app.extensions["jobs"].storage, "enqueue", down)
    outbox.send(session, "write", name="a")
    session.commit()
    assert outbox.drain(session, {"write": write}) == 1


def test_what_is_put_off_waits_and_loses_no_try(session: Session, noon: datetime):
    def put_off(_session: Session, _payload: Mapping[str, Any]) -> None:
        raise outbox.NotNow(30)

    outbox.send(session, "write", name="a")
    session.commit()
    assert outbox.drain(session, {"write": put_off}) == 0
    waiting = message(session)
    assert (waiting.attempts, waiting.last_error, waiting.done_at) == (0, None, None)
    with clock.at(noon + timedelta(seconds=29)):
        assert outbox.drain(session, {"write": write}) == 0
    with clock.at(noon + timedelta(seconds=30)):
        assert outbox.drain(session, {"write": write}) == 1
