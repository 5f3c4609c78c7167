"""The shop: a marketplace that turns training into income."""

from __future__ import annotations

import os

from flask import Flask
from flask_migrate import Migrate

from shop import wiring
from shop.accounts.access import init_access, own_language
from shop.config import ROOT, Config, read_config
from shop.core import assets, compress, events, lifecycle
from shop.core.db import db, init_db
from shop.core.http import init_http
from shop.core.i18n import init_i18n
from shop.core.jobs import init_jobs
from shop.core.logs import init_logs
from shop.core.outbox import wake_after_commit
from shop.core.storage import open_storage
from shop.life_cycles import LIFE_CYCLES
from shop.timetable import TIMETABLE

MIGRATIONS = str(ROOT / "shop" / "migrations")


def create_app(config: Config | None = None) -> Flask:
    """Make the application from `config`, or from the environment."""
    config = config or read_config(os.environ)
    app = Flask("shop", static_folder=None)
    app.extensions["config"] = config
    app.extensions["storage"] = open_storage(config.storage_url)
    init_logs(config)
    compress.init_app(app)  # before init_http: it comes after what that says about caching
    init_http(app, config)
    init_db(app, config)
    Migrate(app, db, directory=MIGRATIONS, render_as_batch=True)
    init_i18n(app, own_language)
    assets.init_app(app)
    init_access(app, wiring.membership)
    init_jobs(app, config, wiring.OUTBOX, TIMETABLE)
    wake_after_commit()
    lifecycle.check_all(LIFE_CYCLES)
    events.wire(wiring.EVENTS)
    wiring.register(app)
    return app
