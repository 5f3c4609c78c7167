"""The staff's pages of statements: of each seller and group, and of the programme's accounts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.paging import Page, page_number
from shop.core.settings import load_settings
from shop.ledger import book_lines, legs, statement, statement_paper, statement_words
from shop.ledger.entry_words import account_words
from shop.ledger.figures import signed
from shop.ledger.legs import Span
from shop.ledger.models import Account
from shop.ledger.month_asked import month_asked
from shop.ledger.statement_file import pdf_file, statement_file
from shop.ledger.states import OF_HOLDER, OF_MEMBER, OF_SELLER, AccountKind
from shop.sellers.models import Seller
from shop.sellers.models_holder import CashHolder

bp = Blueprint("statements_staff", __name__, url_prefix="/staff/statements")
_PAGE = 100


@bp.get("")
@permit(Permission.STAFF_LEDGER_VIEW)
def statements() -> str:
    """Whose statements there are, with the balance of each of the programme's accounts."""
    return render_template(
        "ledger/staff/statements.html",
        accounts=book_lines.accounts_of(session(), None),
        sellers=book_lines.sellers_with_books(session()),
        holders=book_lines.holders_with_books(session()),
        account_words=account_words,
        signed=signed,
    )


@bp.get("/sellers/<uuid:seller_id>")
@permit(Permission.STAFF_LEDGER_VIEW)
def of_seller(seller_id: uuid.UUID) -> str:
    """What a seller or group is owed, month by month, as it sees it itself."""
    seller = _seller(seller_id)
    months = statement.months_of(session(), seller_id)
    month = month_asked(months)
    return render_template(
        "ledger/staff/statement.html",
        seller=seller,
        found=statement.statement_of(session(), seller_id, month),
        month=month,
        months=months,
        accounts=book_lines.accounts_of(session(), seller_id),
        account_words=account_words,
        words=statement_words,
        signed=signed,
    )


@bp.get("/sellers/<uuid:seller_id>.csv")
@permit(Permission.STAFF_LEDGER_VIEW)
def seller_csv(seller_id: uuid.UUID) -> Response:
    """The same as a table."""
    _seller(seller_id)
    month = month_asked()
    found = statement.statement_of(session(), seller_id, month)
    return csv_file(
        f"statement-{month:%Y-%m}.csv" if month else "statement-all.csv",
        statement_paper.HEAD, statement_paper.csv_rows(found),
    )  # fmt: skip


@bp.get("/sellers/<uuid:seller_id>.pdf")
@permit(Permission.STAFF_LEDGER_VIEW)
def seller_pdf(seller_id: uuid.UUID) -> Response:
    """The same on paper."""
    return statement_file(_seller(seller_id), month_asked())


@bp.get("/accounts/<kind>")
@permit(Permission.STAFF_LEDGER_VIEW)
def of_account(kind: str) -> str:
    """One account, leg by leg, each with the other legs of its entry."""
    account, owner = _account(kind)
    month, span = _span(account)
    total = span.last - span.first + 1
    number = page_number(request.args.get("page"))
    first = span.first + (number - 1) * _PAGE
    shown = Span(account.id, first, min(first + _PAGE - 1, span.last))
    found = book_lines.book_statement(session(), shown)
    return render_template(
        "ledger/staff/account.html",
        account=account,
        owner=owner,
        found=found,
        page=Page(found.lines, number, _PAGE, total),
        month=month,
        months=legs.months_of(session(), account),
        account_words=account_words,
        paper=statement_paper,
        signed=signed,
    )


@bp.get("/accounts/<kind>.csv")
@permit(Permission.STAFF_LEDGER_VIEW)
def account_csv(kind: str) -> Response:
    """The same as a table, the whole month."""
    account, _ = _account(kind)
    found = book_lines.book_statement(session(), _span(account)[1])
    head = statement_paper.BOOK_HEAD
    return csv_file(f"account-{kind}.csv", head, statement_paper.book_csv_rows(found))


@bp.get("/accounts/<kind>.pdf")
@permit(Permission.STAFF_LEDGER_VIEW)
def account_pdf(kind: str) -> Response:
    """The same on paper, the whole month."""
    account, owner = _account(kind)
    whose = account_words(kind) + (f": {owner.name}" if owner.name else "")
    month, span = _span(account)
    paper = statement_paper.book_paper_of(
        book_lines.book_statement(session(), span),
        load_settings(session()).name, whose, statement_paper.period_words(month),
    )  # fmt: skip
    return pdf_file(paper)


def _span(account: Account) -> tuple[date | None, Span]:
    month = month_asked(legs.months_of(session(), account))
    span = legs.of_month(session(), account, month) if month else legs.whole(account)
    return month, span


def _seller(seller_id: uuid.UUID) -> Seller:
    return session().get(Seller, seller_id) or abort(404)


@dataclass(frozen=True)
class Owner:
    """Whose account it is, and how its address says so; the programme has neither."""

    name: str = ""
    args: Mapping[str, uuid.UUID] = field(default_factory=dict)


def _account(kind: str) -> tuple[Account, Owner]:
    """The account of this kind (of whom the address names); 404 where there is none."""
    known = kind in set(AccountKind) - OF_MEMBER
    if not known:
        abort(404)
    owner = Owner()
    if kind in OF_SELLER:
        seller = _seller(_asked("seller"))
        owner = Owner(seller.name, {"seller": seller.id})
    elif kind in OF_HOLDER:
        holder = session().get(CashHolder, _asked("holder")) or abort(404)
        owner = Owner(holder.name, {"holder": holder.id})
    account = legs.account_of(session(), AccountKind(kind), *owner.args.values())
    return account or abort(404), owner


def _asked(name: str) -> uuid.UUID:
    """The id that the address gives under this name; 404 for anything else."""
    try:
        return uuid.UUID(request.args.get(name, ""))
    except ValueError:
        abort(404)
