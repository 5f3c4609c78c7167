"""The staff's page about a group's money: all that its members see, to read only."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import P
from shop.core import clock
from shop.core.db import session
from shop.core.paging import page_number
from shop.core.pictures import serve_private
from shop.ledger import figures
from shop.sellers.queries_staff import seller_of
from shop.sharing import queries, queries_member, words
from shop.sharing.purse import purse

bp = Blueprint("group_staff", __name__, url_prefix="/staff/sellers/<uuid:seller_id>/group")


@bp.get("")
@permit(P.STAFF_LEDGER_VIEW)
def group(seller_id: uuid.UUID) -> str:
    """Pool, fund, members, rules, and every sale as it was shared."""
    seller = seller_of(session(), seller_id) or abort(404)
    rules = queries.rules(session(), seller_id)
    return render_template(
        "sharing/staff/group.html",
        seller=seller,
        purse=purse(session(), seller_id),
        members=queries.members(session(), seller_id),
        names=queries.names(session(), seller_id),
        rules=rules,
        rule=queries.rule_of_day(rules, clock.today()),
        page=queries.shared_sales(session(), seller_id, page_number(request.args.get("page"))),
        moves=queries_member.fund_moves(session(), seller_id, 1),
        disputed=queries_member.disputed(session(), seller_id),
        percent=figures.percent,
        signed=figures.signed,
        words=words,
        receipt=lambda move: url_for(".receipt", seller_id=seller_id, move_id=move.id),
    )


@bp.get("/receipts/<uuid:move_id>")
@permit(P.STAFF_LEDGER_VIEW)
def receipt(seller_id: uuid.UUID, move_id: uuid.UUID) -> Response:
    """A receipt's photo."""
    found = queries_member.receipt(session(), seller_id, move_id) or abort(404)
    return serve_private(found, whole="whole" in request.args)
