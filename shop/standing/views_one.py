"""One standing order as seller and staff see it, and stopping it with a reason."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor
from shop.core.db import pause as forget
from shop.core.db import session
from shop.core.lifecycle import IllegalMove
from shop.orders import words as order_words
from shop.standing import queries, words
from shop.standing.forms import ReasonForm
from shop.standing.queries import StandingView

Page = str | Response | tuple[str, int]


class Door(StrEnum):
    """Whose pages these are."""

    STUDIO = "studio"
    STAFF = "staff"


_TEMPLATES = {
    Door.STUDIO: "standing/studio/standing.html",
    Door.STAFF: "standing/staff/standing.html",
}
_ACTORS = {Door.STUDIO: "seller", Door.STAFF: "staff"}


def one_page(door: Door, view: StandingView, form: ReasonForm, status: int = 200) -> Page:
    """Its coming days, what became of the others, and the form that stops it."""
    page = render_template(
        _TEMPLATES[door],
        view=view,
        standing=view.standing,
        orders=queries.orders_of(session(), view.standing),
        form=form,
        words=words,
        order_words=order_words,
    )
    return page, status


def stop(door: Door, view: StandingView, act: Callable[..., None], said: str) -> Page:
    """Do it for the reason in the form, and say so; or say what is in the way."""
    form, standing_id = ReasonForm(), view.standing.id
    if not form.validate():
        return one_page(door, view, form, 422)
    try:
        act(
            session(), standing_id, actor=_ACTORS[door], person_id=current_actor().person,
            reason=form.reason.data,
        )  # fmt: skip
    except IllegalMove:
        forget()
        flash(gettext("Itu sudah dilakukan, atau keadaannya sudah berubah."), "wait")
    else:
        flash(said)
    return redirect(url_for(".standing", standing_id=standing_id), 303)
