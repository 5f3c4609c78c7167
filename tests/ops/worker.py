"""A worker with a slow handler, for the test that kills it: `python -m tests.ops.worker`.

Each start of the handler adds a line to the file named by SLOW_STARTS. The first start in the life
of that file takes for ever; the later ones take no time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shop import create_app, wiring
from shop.config import read_config
from shop.core import outbox
from shop.core.models import ScheduledRun

KIND = "slow"


def slow(session: Session, payload: Mapping[str, Any]) -> None:
    """Write a row; the very first call never comes to it."""
    starts = Path(os.environ["SLOW_STARTS"])
    first = not starts.exists()
    with starts.open("a") as file:
        file.write(f"{payload['name']}\n")
    if first:
        time.sleep(600)
    session.add(ScheduledRun(name=payload["name"]))


if __name__ == "__main__":
    outbox.PATIENCE = timedelta(seconds=1)
    wiring.OUTBOX[KIND] = slow
    consumer = (
        create_app(read_config(os.environ))
        .extensions["jobs"]
        .create_consumer(workers=2, max_delay=0.2)
    )
    consumer.run()
