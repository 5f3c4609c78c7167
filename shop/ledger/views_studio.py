"""The studio's pages about money."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core import clock
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.paging import page_number
from shop.ledger import queries, statement
from shop.ledger.bars import bars, shares
from shop.ledger.figures import percent, signed
from shop.ledger.statement import StatementLine

bp = Blueprint("ledger_studio", __name__, url_prefix="/sell/money")


@bp.get("")
@permit(Permission.SELL_MONEY_VIEW)
def money() -> str:
    """What was earned, where it is, and every line behind it."""
    seller_id = current_actor().seller
    purse = queries.purse(session(), seller_id)
    return render_template(
        "ledger/studio/money.html",
        purse=purse,
        month=clock.month_of(clock.now()),
        shares=shares(purse),
        chart=bars(queries.monthly_earnings(session(), seller_id)),
        page=statement.statement(
            session(), seller_id, number=page_number(request.args.get("page"))
        ),
        months=statement.months_of(session(), seller_id),
        percent=percent,
        signed=signed,
        short_account=queries.short_account,
    )


@bp.get("/statement.csv")
@permit(Permission.SELL_MONEY_VIEW)
def statement_csv() -> Response:
    """The statement as a table: of one Jakarta month, or from the beginning."""
    month = _month(request.args.get("month"))
    opening, lines = statement.statement_of(session(), current_actor().seller, month)
    name = month.strftime("%Y-%m") if month else "all"
    head = ("date", "kind", "order", "amount", "fee", "change", "balance")
    first = ("", "opening", "", "", "", "", opening)
    return csv_file(f"statement-{name}.csv", head, [first, *(_row(line) for line in lines)])


def _row(line: StatementLine) -> tuple[object, ...]:
    return (
        clock.local_day(line.at).isoformat(),
        line.kind.value,
        line.part.order_number if line.part else "",
        line.amount,
        line.fee,
        line.change,
        line.balance,
    )


def _month(text: str | None) -> date | None:
    """The month written `2026-11`; 404 for anything else."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=clock.WIB).date()
    except ValueError:
        abort(404)
