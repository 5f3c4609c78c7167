"""A carrier that lets us wait in vain rests, and meanwhile the messages of others go on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts import notify, rest, sending
from shop.accounts.carriers import Delayed
from shop.accounts.models import Channel, NotificationSend
from shop.accounts.rest import Rest
from shop.core import clock, mail, outbox
from shop.core.models import OutboxMessage
from tests.conftest import config_for
from tests.factories.people import make_person
from tests.stand_ins.line import listening
from tests.stand_ins.smtp import SmtpStandIn


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is slow sooner than in life, and nobody rests at the beginning."""
    monkeypatch.setattr(sending, "resting", Rest())
    monkeypatch.setattr(rest, "SLOW_SECONDS", 0.2)
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 0.3)


def fail_after(resting: Rest, seconds: float) -> None:
    with suppress(Delayed), resting.after_waiting_in_vain(Channel.MAIL):
        time.sleep(seconds)
        raise Delayed("smtp TimeoutError")


def test_only_waiting_in_vain_makes_it_rest():
    resting = Rest()
    fail_after(resting, 0)
    with resting.after_waiting_in_vain(Channel.MAIL):
        time.sleep(0.25)
    assert resting.left(Channel.MAIL) == 0
    fail_after(resting, 0.25)
    assert 59 < resting.left(Channel.MAIL) <= 60
    assert resting.left(Channel.PUSH) == 0


@pytest.mark.both
def test_a_silent_mail_server_is_waited_for_once_and_other_work_goes_on(
    session: Session, tmp_path: Path, noon: datetime, monkeypatch: pytest.MonkeyPatch
):
    done: list[str] = []

    def other(_session: Session, payload: Mapping[str, Any]) -> None:
        done.append(payload["name"])

    person = make_person(session)
    person.email = "rohana@example.org"
    for number in range(5):
        notify.tell(session, [person.id], "seller_approved", event=str(number))
    outbox.send(session, "other", name="a photo")
    session.commit()

    def drain(smtp_url: str) -> int:
        config = config_for(tmp_path, "sqlite://", smtp_url=smtp_url)
        own: dict[str, outbox.Handler] = {
            notify.SEND: lambda s, p: sending.send(s, p, config), "other": other,
        }  # fmt: skip
        return outbox.drain(session, own)

    began = time.monotonic()
    with listening(lambda _line: time.sleep(2)) as port:
        assert drain(f"smtp://127.0.0.1:{port}") == 1
    assert time.monotonic() - began < 1.5
    assert done == ["a photo"]
    session.expire_all()
    tries = session.scalars(select(NotificationSend.attempts)).all()
    assert sorted(tries) == [0, 0, 0, 0, 1]
    unlost = select(OutboxMessage.attempts).where(OutboxMessage.done_at.is_(None))
    assert sorted(session.scalars(unlost)) == [0, 0, 0, 0, 1]
    monkeypatch.setattr(sending, "resting", Rest())
    with SmtpStandIn() as smtp, clock.at(noon + timedelta(minutes=10)):
        assert drain(smtp.url) == 5
        assert len(smtp.messages) == 5
