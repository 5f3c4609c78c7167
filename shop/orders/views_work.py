"""The seller's work list: what to make by day, and several orders at once."""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as Redirect

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.orders import mark_seen, words, words_studio
from shop.orders.accept_many import Answered, accept_many
from shop.orders.paper.making import making_pdf
from shop.orders.queries_making import making
from shop.orders.views_studio import bp
from shop.sellers.queries import stall_name


@bp.get("/orders/making")
@permit(Permission.SELL_ORDER_HANDLE)
def making_page() -> str:
    """The production sheet."""
    days = making(session(), current_actor().seller)
    return render_template("orders/studio/making.html", days=days, words=words, say=words_studio)


@bp.get("/orders/making.pdf")
@permit(Permission.SELL_ORDER_HANDLE)
def making_file() -> Response:
    """The production sheet to print."""
    days = making(session(), current_actor().seller)
    body = making_pdf(days, stall_name(session(), current_actor()) or "")
    answer = Response(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="yang-dibuat.pdf"'
    return answer


@bp.post("/orders/accept")
@permit(Permission.SELL_ORDER_HANDLE)
def accept_chosen() -> Redirect:
    """Take on all that were ticked."""
    chosen = _ticked()
    if not chosen:
        flash(gettext("Pilih dulu pesanan yang mau diterima."), "wait")
    else:
        actor = current_actor()
        _say(accept_many(session(), actor.seller, chosen, actor.person))
    return redirect(url_for(".orders"), 303)


@bp.post("/orders/seen")
@permit(Permission.SELL_ORDER_HANDLE)
def seen_list() -> tuple[str, int]:
    """The list with these orders was opened."""
    mark_seen.mark_all_seen(session(), current_actor().seller, _ticked())
    return "", 204


def _ticked() -> list[uuid.UUID]:
    """The parts named by the form; what is no id at all names none."""
    found = []
    for text in request.form.getlist("part")[:100]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _say(answered: Answered) -> None:
    if answered.accepted:
        number = answered.accepted
        flash(ngettext("%(num)d pesanan diterima.", "%(num)d pesanan diterima.", number))
    if answered.before:
        number = answered.before
        said = ngettext(
            "%(num)d pesanan sudah diterima sebelumnya.",
            "%(num)d pesanan sudah diterima sebelumnya.", number,
        )  # fmt: skip
        flash(said, "wait")
    if answered.gone:
        number = answered.gone
        said = ngettext(
            "%(num)d pesanan tidak bisa diterima lagi: sudah berubah.",
            "%(num)d pesanan tidak bisa diterima lagi: sudah berubah.", number,
        )  # fmt: skip
        flash(said, "wait")
