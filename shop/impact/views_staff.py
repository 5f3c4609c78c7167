"""The staff's desk, and the income dashboard with its files."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.paging import page_number
from shop.core.settings import load_settings
from shop.impact import desk as work
from shop.impact.dashboard import dashboard
from shop.impact.filters import read_filters
from shop.impact.queries import load_facts
from shop.impact.tables import TABLES

bp = Blueprint("impact_staff", __name__, url_prefix="/staff")


@bp.get("")
@permit(Permission.STAFF_DESK_VIEW)
def desk() -> str:
    """What waits for staff now."""
    return render_template(
        "impact/staff/desk.html",
        works=work.waiting(session(), current_actor()),
        machine=work.machine(session()),
        unseen_hours=load_settings(session()).unseen_hours,
    )


@bp.get("/impact")
@permit(Permission.STAFF_IMPACT_VIEW)
def impact() -> str:
    """Did training turn into income?"""
    facts = load_facts(session(), read_filters(request.args))
    board = dashboard(facts, page_number(request.args.get("hal")))
    return render_template("impact/staff/impact.html", board=board)


@bp.get("/impact/<table>.csv")
@permit(Permission.STAFF_IMPACT_VIEW)
def export(table: str) -> Response:
    """The rows of one table of the dashboard as a file, all of them, by the same query."""
    build = TABLES.get(table) or abort(404)
    filters = read_filters(request.args)
    made = build(load_facts(session(), filters))
    name = f"{table}-{filters.first:%Y-%m}-{filters.last:%Y-%m}.csv"
    return csv_file(name, made.file_head, made.file_rows)
