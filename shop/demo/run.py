"""Fill an empty shop with the demo, through the same use cases that people's clicks call."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.catalog.shelves import open_shelves
from shop.core import clock
from shop.core.db import db
from shop.core.images import NormalisedImage, normalise
from shop.demo.cast import PASSWORD, SignIn, sign_ins
from shop.demo.enact import Stage
from shop.demo.plan import build_plan
from shop.demo.source import PICTURES

Progress = Callable[[str], None]
Photos = dict[str, Future[NormalisedImage]]


class NotEmpty(Exception):
    """The shop has people in it already: a demo is for an empty one."""


def is_empty(session: Session) -> bool:
    """Whether nobody is in the shop yet."""
    return session.scalar(select(Person.id).limit(1)) is None


def fill(app: Flask, progress: Progress) -> None:
    """Live through the plan, a day a transaction, telling `progress` how far it is.

    Needs an application context. Raises `NotEmpty`.
    """
    session = db.session()
    if not is_empty(session):
        raise NotEmpty
    session.rollback()
    began = time.monotonic()
    plan = build_plan(clock.today(), clock.now())
    events = plan.events()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        photos = {
            path.stem: pool.submit(_prepared, path) for path in sorted(PICTURES.glob("*.jpg"))
        }
        stage = Stage(session, app.extensions["storage"], plan, lambda name: _ready(photos, name))
        with clock.at(events[0].at):
            open_shelves(session)
            stage.open()
        shown = 0
        for number, event in enumerate(events, 1):
            with clock.at(event.at):
                stage.enact(event)
            last = number == len(events)
            if last or clock.local_day(events[number].at) != clock.local_day(event.at):
                session.commit()
                session.expunge_all()
            if last or number * 10 // len(events) > shown:
                shown = number * 10 // len(events)
                day = clock.local_day(event.at)
                seconds = time.monotonic() - began
                progress(f"  {number * 100 // len(events):3d} %  {day:%d.%m.%Y}  {seconds:.0f} s")
    stage.close()
    session.commit()


def doors() -> tuple[SignIn, ...]:
    """The accounts one can sign in with; all have the same `PASSWORD`."""
    return sign_ins()


def _prepared(path: Path) -> NormalisedImage:
    return normalise(path.read_bytes())


def _ready(photos: Photos, name: str) -> NormalisedImage | None:
    future = photos.get(name)
    return future.result() if future is not None else None


__all__ = ["PASSWORD", "NotEmpty", "doors", "fill", "is_empty"]
