"""A member's statement: for herself and who keeps her group's money, and for staff."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, may, permit
from shop.accounts.permissions import P
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.settings import load_settings
from shop.ledger import plain_statement
from shop.ledger.figures import signed
from shop.ledger.month_asked import month_asked
from shop.ledger.statement_file import pdf_file
from shop.ledger.statement_paper import period_words
from shop.sellers.models import SellerMember
from shop.sellers.queries_staff import seller_of
from shop.sharing.member_statement import months_of, statement_of
from shop.sharing.members import own_member

studio = Blueprint(
    "member_statement", __name__, url_prefix="/sell/group/members/<uuid:member_id>/statement"
)
staff = Blueprint(
    "member_statement_staff", __name__,
    url_prefix="/staff/sellers/<uuid:seller_id>/group/members/<uuid:member_id>/statement",
)  # fmt: skip


@studio.get("")
@permit(P.SELL_MONEY_VIEW)
def page(member_id: uuid.UUID) -> str:
    """One Jakarta month from its opening to its closing balance."""
    return _page("sharing/studio/statement.html", _hers(member_id))


@studio.get("/file.csv")
@permit(P.SELL_MONEY_VIEW)
def csv(member_id: uuid.UUID) -> Response:
    """The same as a table: of one month, or from the beginning."""
    return _csv(_hers(member_id))


@studio.get("/file.pdf")
@permit(P.SELL_MONEY_VIEW)
def pdf(member_id: uuid.UUID) -> Response:
    """The same on paper."""
    return _pdf(_hers(member_id))


@staff.get("")
@permit(P.STAFF_LEDGER_VIEW)
def staff_page(seller_id: uuid.UUID, member_id: uuid.UUID) -> str:
    """What she sees of it herself."""
    seller = seller_of(session(), seller_id) or abort(404)
    return _page("sharing/staff/statement.html", _of(seller_id, member_id), seller=seller)


@staff.get("/file.csv")
@permit(P.STAFF_LEDGER_VIEW)
def staff_csv(seller_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The same as a table."""
    return _csv(_of(seller_id, member_id))


@staff.get("/file.pdf")
@permit(P.STAFF_LEDGER_VIEW)
def staff_pdf(seller_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """The same on paper."""
    return _pdf(_of(seller_id, member_id))


def _hers(member_id: uuid.UUID) -> SellerMember:
    """The visitor herself, or anybody of the group whose money she keeps."""
    actor = current_actor()
    found = _of(actor.seller, member_id)
    if found.person_id != actor.person and not may(P.SELL_GROUP_KEEP):
        abort(403)
    return found


def _of(seller_id: uuid.UUID, member_id: uuid.UUID) -> SellerMember:
    return own_member(session(), seller_id, member_id) or abort(404)


def _page(template: str, found: SellerMember, **more: object) -> str:
    months = months_of(session(), found.id)
    month = month_asked(months)
    return render_template(
        template,
        member=found,
        found=statement_of(session(), found.id, month),
        month=month,
        months=months,
        signed=signed,
        **more,
    )


def _csv(found: SellerMember) -> Response:
    month = month_asked()
    name = month.strftime("%Y-%m") if month else "all"
    rows = plain_statement.csv_rows(statement_of(session(), found.id, month))
    return csv_file(f"statement-{name}.csv", plain_statement.HEAD, rows)


def _pdf(found: SellerMember) -> Response:
    month = month_asked()
    paper = plain_statement.paper_of(
        statement_of(session(), found.id, month), load_settings(session()).name, found.name,
        period_words(month),
    )  # fmt: skip
    return pdf_file(paper)
