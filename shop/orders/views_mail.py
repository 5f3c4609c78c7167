"""No more mail, please: from the foot of a letter, or by a mail program's own button (RFC 8058)."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, render_template

from shop.accounts import leave_mail
from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.http import from_anywhere
from shop.orders.stop_mail import stop_mail

bp = Blueprint("order_mail", __name__, url_prefix="/mail")


@bp.get("/<token>")
@permit(Permission.BUY_SHOP_USE)
def ask(token: str) -> str:
    """Ask first: programs that check links open them, too."""
    _order_of(token)
    return render_template("orders/no_mail.html", token=token, done=False)


@bp.post("/<token>")
@from_anywhere
@permit(Permission.BUY_SHOP_USE)
def stop(token: str) -> str:
    """No more; the signed address is the proof, and the answer is a page, never a redirect."""
    stop_mail(session(), _order_of(token))
    return render_template("orders/no_mail.html", token=token, done=True)


def _order_of(token: str) -> uuid.UUID:
    return leave_mail.order_of(str(current_app.secret_key), token) or abort(404)
