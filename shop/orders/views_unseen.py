"""The facilitators' lists of orders that nobody has looked at, and of those that lie."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.settings import load_settings
from shop.orders import queries_stuck, words_unseen
from shop.orders.queries_unseen import unseen

bp = Blueprint("unseen_staff", __name__, url_prefix="/staff/unseen")


@bp.get("")
@permit(Permission.STAFF_DESK_VIEW)
def orders() -> str:
    """Whom to call, until when."""
    return render_template(
        "orders/staff/unseen.html",
        parts=unseen(session()),
        hours=load_settings(session()).unseen_hours,
        words=words_unseen,
        base_url=current_app.extensions["config"].base_url,
    )


@bp.get("/stuck")
@permit(Permission.STAFF_DESK_VIEW)
def stuck() -> str:
    """Whom to ask what became of an order."""
    return render_template(
        "orders/staff/stuck.html",
        parts=queries_stuck.stuck(session()),
        words=words_unseen,
        base_url=current_app.extensions["config"].base_url,
    )
