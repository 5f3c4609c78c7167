"""The staff's pages that say why a payout is as high as it is: every line in it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.ledger import claims, queries_payouts, statement, statement_words
from shop.ledger.batch_page import found_batch
from shop.ledger.figures import signed
from shop.ledger.legs import Span
from shop.ledger.set_payout import due_of
from shop.sellers.models import Seller

bp = Blueprint("inside_staff", __name__, url_prefix="/staff/payouts")


@bp.get("/new/<uuid:seller_id>")
@permit(Permission.STAFF_PAYOUT_MAKE)
def why(seller_id: uuid.UUID) -> str:
    """What a seller would be paid for in a batch made now."""
    seller = session().get(Seller, seller_id) or abort(404)
    due = due_of(session(), seller_id)
    return _page(seller, claims.unclaimed(session(), seller_id), due.amount if due else 0, "")


@bp.get("/<number>/<uuid:payout_id>")
@permit(Permission.STAFF_PAYOUT_VIEW)
def inside(number: str, payout_id: uuid.UUID) -> str:
    """What a payout pays for."""
    found_batch(number, payout_id)
    payout = queries_payouts.payout_in(session(), number, payout_id) or abort(404)
    seller = session().get_one(Seller, payout.seller_id)
    return _page(seller, claims.claimed(session(), payout), payout.amount, number)


def _page(seller: Seller, span: Span | None, amount: int, number: str) -> str:
    found = statement.between(session(), span) if span else None
    return render_template(
        "ledger/staff/inside.html",
        seller=seller,
        found=found,
        amount=amount,
        at_points=found.closing - amount if found else 0,
        number=number,
        words=statement_words,
        signed=signed,
    )
