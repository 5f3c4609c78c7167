"""The key by which browsers know this shop's push messages."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app

from shop.config import Config
from shop.core.web_push import public_of

_public = lru_cache(maxsize=4)(public_of)


def push_key() -> str:
    """The public key, or nothing where no keys are set."""
    config: Config = current_app.extensions["config"]
    return _public(config.push.private_key) if config.push else ""
