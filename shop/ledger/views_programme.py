"""The staff's page of the programme's own statement: page, paper and table say the same."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.paging import Page, page_number
from shop.core.settings import load_settings
from shop.ledger import programme, statement_paper
from shop.ledger.entry_words import account_words
from shop.ledger.figures import signed
from shop.ledger.month_asked import month_asked
from shop.ledger.statement_file import pdf_file

bp = Blueprint("programme_staff", __name__, url_prefix="/staff/statements")
_PAGE = 100


@bp.get("/programme")
@permit(Permission.STAFF_LEDGER_VIEW)
def statement() -> str:
    """What the programme took in and bore in a month, line by line, and how all accounts stood."""
    months = programme.months_of(session())
    month = month_asked(months)
    number = page_number(request.args.get("page"))
    found = programme.programme_statement(
        session(), month, first=(number - 1) * _PAGE + 1, size=_PAGE
    )
    return render_template(
        "ledger/staff/programme.html",
        found=found,
        page=Page(found.lines, number, _PAGE, found.total),
        moved=programme.moved(session(), month),
        own=programme.OWN,
        month=month,
        months=months,
        account_words=account_words,
        paper=statement_paper,
        signed=signed,
    )


@bp.get("/programme.csv")
@permit(Permission.STAFF_LEDGER_VIEW)
def table() -> Response:
    """The same as a table, the whole month."""
    month = month_asked(programme.months_of(session()))
    found = programme.programme_statement(session(), month)
    return csv_file(
        f"programme-{month:%Y-%m}.csv" if month else "programme.csv",
        statement_paper.PROGRAMME_HEAD, statement_paper.programme_csv_rows(found),
    )  # fmt: skip


@bp.get("/programme.pdf")
@permit(Permission.STAFF_LEDGER_VIEW)
def paper() -> Response:
    """The same on paper, the whole month."""
    month = month_asked(programme.months_of(session()))
    found = programme.programme_statement(session(), month)
    return pdf_file(
        statement_paper.programme_paper_of(
            found, load_settings(session()).name, statement_paper.period_words(month)
        )
    )
