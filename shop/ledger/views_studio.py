"""The studio's pages about money: what was earned, and the statement behind it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core import clock
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.pictures import serve_private
from shop.ledger import queries, queries_payouts, set_payout, statement, statement_words
from shop.ledger.bars import bars, shares
from shop.ledger.figures import signed
from shop.ledger.month_asked import month_asked
from shop.ledger.statement_file import statement_file
from shop.ledger.statement_paper import HEAD, csv_rows
from shop.sellers.queries import own_seller

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
        seller=own_seller(session(), current_actor()),
        due=set_payout.due_of(session(), seller_id),
        month=clock.month_of(clock.now()),
        shares=shares(purse),
        chart=bars(queries.monthly_earnings(session(), seller_id)),
        sheet=statement.statement(session(), seller_id, before=_before()),
        months=statement.months_of(session(), seller_id),
        words=statement_words,
        signed=signed,
    )


@bp.get("/statement")
@permit(Permission.SELL_MONEY_VIEW)
def statement_page() -> str:
    """One Jakarta month from its opening to its closing balance."""
    seller_id = current_actor().seller
    months = statement.months_of(session(), seller_id)
    month = month_asked(months)
    return render_template(
        "ledger/studio/statement.html",
        found=statement.statement_of(session(), seller_id, month),
        month=month,
        months=months,
        words=statement_words,
        signed=signed,
    )


@bp.get("/statement.csv")
@permit(Permission.SELL_MONEY_VIEW)
def statement_csv() -> Response:
    """The statement as a table: of one Jakarta month, or from the beginning."""
    month = month_asked()
    found = statement.statement_of(session(), current_actor().seller, month)
    name = month.strftime("%Y-%m") if month else "all"
    return csv_file(f"statement-{name}.csv", HEAD, csv_rows(found))


@bp.get("/statement.pdf")
@permit(Permission.SELL_MONEY_VIEW)
def statement_pdf() -> Response:
    """The same on paper."""
    return statement_file(own_seller(session(), current_actor()), month_asked())


@bp.get("/payouts/<uuid:payout_id>/signature")
@permit(Permission.SELL_MONEY_VIEW)
def signature(payout_id: uuid.UUID) -> Response:
    """What the seller signed for money in her hand."""
    payout = queries_payouts.own_payout(session(), current_actor().seller, payout_id)
    picture = queries_payouts.signature_of(session(), payout) if payout else None
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


def _before() -> int | None:
    """The leg that the address wants the lines before of; none for anything that is no number."""
    text = request.args.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 16 and int(text) > 1 else None
