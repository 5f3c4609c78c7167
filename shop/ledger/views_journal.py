"""The staff's page from which the journal leaves the building."""

from __future__ import annotations

from codecs import iterencode

from flask import Blueprint, render_template, request, stream_with_context
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.settings import load_settings
from shop.ledger.forms import JournalForm
from shop.ledger.journal.export import ENDINGS, Format, export
from shop.ledger.journal.queries import Period

bp = Blueprint("journal_staff", __name__, url_prefix="/staff/ledger/journal")


@bp.get("")
@permit(Permission.STAFF_LEDGER_VIEW)
def journal() -> str:
    """Which format, of which days."""
    return render_template("ledger/staff/journal.html", form=JournalForm(formdata=None))


@bp.get("/file")
@permit(Permission.STAFF_LEDGER_VIEW)
def file() -> Response | tuple[str, int]:
    """The journal as a file, sent while it is read."""
    form = JournalForm(request.args)
    if not form.validate():
        return render_template("ledger/staff/journal.html", form=form), 422
    chosen, period = Format(form.format.data), Period(form.dari.data, form.sampai.data)
    pieces = export(
        session(), chosen, period, title=load_settings(session()).name, names=form.nama.data
    )
    kind, letters = ("csv", "utf-8-sig") if chosen.is_table else ("plain", "utf-8")
    encoded = iterencode(pieces, letters)
    response = Response(stream_with_context(encoded), content_type=f"text/{kind}; charset=utf-8")
    name = f"{_name(period)}{ENDINGS[chosen]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _name(period: Period) -> str:
    days = (str(day) for day in (period.first, period.last) if day)
    return "-".join(("journal", *days))
