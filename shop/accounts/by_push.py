"""Notifications to browsers, sealed for each, through the push service the browser has chosen."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from shop.accounts.carriers import Delayed, Item, Post, Refused, Unknown
from shop.accounts.models import PushSubscription
from shop.config import Config, PushConfig
from shop.core import calls, clock, web_push
from shop.core.settings import load_settings

_KEPT_SECONDS = 24 * 3600
"""How long the push service tries to reach the browser."""
_LONGEST_TEXT = 500
_GONE = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})
_SERVER_FAULT = 500


class BadEndpoint(ValueError):
    """Not the address of a push service."""


def pack(session: Session, item: Item, config: Config) -> Post | None:
    """A sealed message for one browser, where keys are set and it still wants any."""
    found = session.get(PushSubscription, item.subscription_id)
    if config.push is None or found is None or found.gone_at is not None:
        return None
    message = {
        "title": load_settings(session).name,
        "body": item.text[:_LONGEST_TEXT],
        "link": item.path or "/",
        "tag": item.notification.id.hex,
    }
    sealed = web_push.encrypt(
        json.dumps(message, ensure_ascii=False).encode(), found.public_key, found.secret
    )
    push, endpoint, topic = config.push, found.endpoint, item.send_id.hex
    return lambda: _post(push, endpoint, sealed, topic)


def check_endpoint(push: PushConfig, endpoint: str) -> None:
    """Raises `BadEndpoint` where nothing shall be sent to this address."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise BadEndpoint from None
    if push.hosts:
        if parts.netloc not in push.hosts:
            raise BadEndpoint
    elif parts.scheme != "https" or port not in (None, 443) or "." not in (parts.hostname or ""):
        raise BadEndpoint
    if parts.username or parts.password:
        raise BadEndpoint


def _post(push: PushConfig, endpoint: str, sealed: bytes, topic: str) -> None:
    """Hand it to the push service. A repeat of one not yet shown replaces it, by its topic."""
    signed = web_push.authorization(
        endpoint, push.private_key, push.subject, clock.now().timestamp()
    )
    headers = {
        "Authorization": signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT_SECONDS),
        "Topic": topic,
        "Urgency": "normal",
    }
    try:
        check_endpoint(push, endpoint)
        answer = calls.post(endpoint, sealed, headers, public=not push.hosts)
    except (calls.NotPublic, BadEndpoint):
        raise Refused("push address") from None
    except calls.Unreachable:
        raise Delayed("push line") from None
    if answer.status in _GONE:
        raise Unknown(f"push {answer.status}")
    if answer.status in _LATER or answer.status >= _SERVER_FAULT:
        raise Delayed(f"push {answer.status}")
    if answer.status >= 300:
        raise Refused(f"push {answer.status}")
