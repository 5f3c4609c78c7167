"""A buyer's phone wants to be told what becomes of an order; and she has looked at its page."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, request

from shop.accounts import notify
from shop.accounts import subscribe as following
from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.orders.readers import order_id_of

bp = Blueprint("follow", __name__)


@bp.post("/o/<token>/push")
@permit(Permission.BUY_SHOP_USE)
def push(token: str) -> tuple[str, int]:
    """This browser wants to be told, or not any more."""
    order_id = order_id_of(session(), token) or abort(404)
    config = current_app.extensions["config"].push or abort(404)
    form = request.form
    if form.get("off"):
        following.unsubscribe(session(), form.get("endpoint", ""), order_id=order_id)
        return "", 204
    try:
        following.subscribe(
            session(), config, order_id=order_id, endpoint=form.get("endpoint", ""),
            public_key=form.get("p256dh", ""), secret=form.get("auth", ""),
        )  # fmt: skip
    except following.BadSubscription:
        return "", 422
    return "", 204


@bp.post("/o/<token>/seen")
@permit(Permission.BUY_SHOP_USE)
def seen(token: str) -> tuple[str, int]:
    """Its page was opened: all that she was told of it counts as seen."""
    order_id = order_id_of(session(), token) or abort(404)
    notify.mark_seen_by_buyer(session(), order_id)
    return "", 204
