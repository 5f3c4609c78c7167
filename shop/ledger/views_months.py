"""The staff's page on which the books of a month are shut."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.i18n import month_name
from shop.ledger.close_month import EarlierOpen, NotOver, close_month
from shop.ledger.queries_months import months as all_months

bp = Blueprint("months_staff", __name__, url_prefix="/staff/ledger/months")


@bp.get("")
@permit(Permission.STAFF_LEDGER_VIEW)
def months() -> str:
    """Which months are open, and which are shut."""
    return _page()


@bp.post("/<month>/close")
@permit(Permission.STAFF_LEDGER_CLOSE)
def close(month: str) -> Response | tuple[str, int]:
    """Shut the books of a month (`2026-10`)."""
    try:
        wanted = date.fromisoformat(f"{month}-01")
        close_month(session(), wanted, current_actor().person)
    except NotOver:
        return _refused(gettext("Bulan itu belum selesai, jadi bukunya belum bisa ditutup."))
    except EarlierOpen as earlier:
        name = month_name(earlier.month, "MMMM yyyy")
        return _refused(gettext("Tutup dulu buku %(month)s.", month=name))
    except ValueError:
        abort(404)
    flash(gettext("Buku %(month)s sudah ditutup.", month=month_name(wanted, "MMMM yyyy")))
    return redirect(url_for(".months"), 303)


def _refused(fault: str) -> tuple[str, int]:
    return _page(fault), 409


def _page(fault: str = "") -> str:
    rows = all_months(session())
    return render_template(
        "ledger/staff/months.html", months=rows, month_name=month_name, fault=fault
    )
