"""The staff's page about messages that did not arrive."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts import news, words_messages
from shop.accounts.access import current_actor, permit
from shop.accounts.models import NotificationSend
from shop.accounts.permissions import Permission
from shop.accounts.queries_messages import troubles
from shop.accounts.resend import NotFailed, resend
from shop.core.db import session
from shop.core.paging import page_number

bp = Blueprint("messages_staff", __name__, url_prefix="/staff/messages")


@bp.get("")
@permit(Permission.STAFF_DESK_VIEW)
def messages() -> str:
    """What failed and why, and whom to call instead."""
    return render_template(
        "accounts/staff/messages.html",
        page=troubles(session(), page_number(request.args.get("page"))),
        words=words_messages,
        news=news,
        base_url=current_app.extensions["config"].base_url,
    )


@bp.post("/<uuid:send_id>/again")
@permit(Permission.STAFF_MESSAGE_SEND)
def again(send_id: uuid.UUID) -> Response:
    """Try once more."""
    if session().get(NotificationSend, send_id) is None:
        abort(404)
    try:
        resend(session(), send_id, current_actor().person)
    except NotFailed:
        flash(gettext("Pesan ini sedang dikirim atau sudah sampai."), "wait")
    else:
        flash(gettext("Dicoba lagi sekarang."))
    return redirect(url_for(".messages"), 303)
