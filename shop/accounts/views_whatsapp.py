"""What WhatsApp tells the shop: once that it is the right one, then what became of messages."""

from __future__ import annotations

import hmac
import json

import structlog
from flask import Blueprint, Response, abort, current_app, request

from shop.accounts import statuses
from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.config import WhatsAppConfig
from shop.core.db import session
from shop.core.http import from_anywhere

bp = Blueprint("whatsapp", __name__, url_prefix="/webhooks/whatsapp")
log = structlog.get_logger()


@bp.get("")
@permit(Permission.BUY_SHOP_USE)
def verify() -> Response:
    """Answer the question by which the webhook is switched on in Meta's settings."""
    asked = request.args
    right = hmac.compare_digest(
        asked.get("hub.verify_token", "").encode(), _config().verify_token.encode()
    )
    if asked.get("hub.mode") != "subscribe" or not right:
        abort(403)
    answer = Response(asked.get("hub.challenge", "")[:200], content_type="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("")
@from_anywhere
@permit(Permission.BUY_SHOP_USE)
def listen() -> tuple[str, int]:
    """Statuses of messages; the signature over the raw body is their only proof."""
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not statuses.signed(body, signature, _config().app_secret):
        log.warning("whatsapp message refused", why="signature")
        return "", 403
    try:
        said = json.loads(body)
    except ValueError:
        return "", 400
    statuses.receive(session(), said)
    return "", 200


def _config() -> WhatsAppConfig:
    found: WhatsAppConfig = current_app.extensions["config"].whatsapp or abort(404)
    return found
