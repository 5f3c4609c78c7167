"""By which ways a person is told; and the script that shows push messages."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from shop.accounts import subscribe as following
from shop.accounts.access import current_actor, permit
from shop.accounts.forms import WaysForm
from shop.accounts.permissions import Permission
from shop.accounts.set_ways import set_ways
from shop.accounts.views import account_page
from shop.core.assets import STATIC
from shop.core.db import session

bp = Blueprint("ways", __name__)


@bp.post("/account/ways")
@permit(Permission.ACCOUNT_SELF_USE)
def ways() -> BaseResponse | tuple[str, int]:
    """Mail and WhatsApp, on or off."""
    form = WaysForm()
    if not form.validate():
        return account_page(ways_form=form, status=422)
    set_ways(
        session(), current_actor().person,
        email=form.email.data or "", whatsapp=bool(form.whatsapp.data),
    )  # fmt: skip
    flash(gettext("Disimpan."))
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/push")
@permit(Permission.ACCOUNT_SELF_USE)
def push() -> tuple[str, int]:
    """This browser wants to be told, or not any more."""
    config = current_app.extensions["config"].push or abort(404)
    person_id, form = current_actor().person, request.form
    if form.get("off"):
        following.unsubscribe(session(), form.get("endpoint", ""), person_id=person_id)
        return "", 204
    try:
        following.subscribe(
            session(), config, person_id=person_id, endpoint=form.get("endpoint", ""),
            public_key=form.get("p256dh", ""), secret=form.get("auth", ""),
        )  # fmt: skip
    except following.BadSubscription:
        return "", 422
    return "", 204


@bp.get("/sw.js")
@permit(Permission.BUY_SHOP_USE)
def worker() -> Response:
    """The service worker. It stands at the root, for its pages are those below its address."""
    script = (STATIC / "js" / "sw.js").read_bytes()
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
