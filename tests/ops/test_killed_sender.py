"""A worker is killed between the mail server's yes and its own note of it, with real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from shop import create_app
from shop.accounts.models import NotificationSend
from shop.accounts.notify import tell
from shop.config import read_config
from shop.core import clock
from shop.core.db import db
from shop.core.models import OutboxMessage
from tests.factories.people import make_person
from tests.ops.test_serve import descendants
from tests.serving import free_port, run_shop, shop_env, stop, wait_until_up
from tests.stand_ins.smtp import SmtpStandIn


class SlowToSayYes(SmtpStandIn):
    """Keeps a letter at once, and says so of the first one only to who outlives `killed`."""

    def __init__(self) -> None:
        super().__init__()
        self.killed = threading.Event()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        """Keep one message; the name is aiosmtpd's."""
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.messages) == 1:
            await asyncio.to_thread(self.killed.wait, 30)
        return answer


def wait_for(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        db.session.rollback()
        time.sleep(0.05)
    return true()


@pytest.mark.slow
def test_one_repeat_by_the_same_name_and_then_silence(tmp_path: Path):
    with SlowToSayYes() as smtp:
        env = shop_env(tmp_path, free_port(), SMTP_URL=smtp.url)
        first = run_shop(env, "serve")
        try:
            wait_until_up(env["BASE_URL"], first)
            app = create_app(replace(read_config(env), testing=True))
            with app.app_context():
                person = make_person(db.session(), name="Rohana")
                person.email = "rohana@example.com"
                tell(db.session(), [person.id], "product_approved", product="Kerupuk", event="e")
                db.session.commit()
                assert wait_for(lambda: len(smtp.messages) == 1)
                for pid in (first.pid, *descendants(first.pid)):  # the worker's group is its own
                    os.kill(pid, signal.SIGKILL)
                first.wait(10)
                smtp.killed.set()
                left = db.session.query(NotificationSend).one()
                assert (left.state, left.attempts) == ("waiting", 1)
                # the dead worker's time and the outbox's patience are over
                db.session.execute(update(NotificationSend).values(busy_until=clock.now()))
                db.session.execute(
                    update(OutboxMessage)
                    .where(OutboxMessage.done_at.is_(None))
                    .values(due_at=clock.now() - timedelta(seconds=1))
                )
                db.session.commit()
                second = run_shop(env, "serve")
                try:
                    assert wait_for(
                        lambda: db.session.query(NotificationSend).one().state == "accepted"
                    )
                    sent = db.session.query(NotificationSend).one()
                    assert (sent.attempts, sent.error) == (2, "")
                    tell(db.session(), [person.id], "person_password", event="wakes them")
                    db.session.commit()
                    assert wait_for(lambda: len(smtp.messages) == 3)
                finally:
                    stop(second)
                    db.session.remove()
                    db.engine.dispose()
        finally:
            stop(first)
    names = [letter["Message-ID"] for letter in smtp.messages]
    assert names[0] == names[1] != names[2]
