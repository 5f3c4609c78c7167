"""Statements of lots to take along: of the whole lot, and of one member's part of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, may, permit
from shop.accounts.permissions import P
from shop.core.csv_file import csv_file
from shop.core.db import session
from shop.core.settings import load_settings
from shop.ledger import plain_statement
from shop.ledger.plain_statement import PlainStatement
from shop.ledger.statement_file import pdf_file
from shop.lots import queries
from shop.lots.lot_statement import lot_statement, member_statement, period_of
from shop.lots.models import Lot
from shop.sellers.models import Seller, SellerMember

studio = Blueprint("lot_files", __name__, url_prefix="/sell/lots/<uuid:lot_id>")
staff = Blueprint(
    "lot_files_staff", __name__, url_prefix="/staff/sellers/<uuid:seller_id>/lots/<uuid:lot_id>"
)


@studio.get("/file.csv")
@permit(P.SELL_MONEY_VIEW)
def lot_csv(lot_id: uuid.UUID) -> Response:
    """The whole lot as a table."""
    return _csv(_of_lot(_own(current_actor().seller, lot_id)))


@studio.get("/file.pdf")
@permit(P.SELL_MONEY_VIEW)
def lot_pdf(lot_id: uuid.UUID) -> Response:
    """The whole lot on paper."""
    lot = _own(current_actor().seller, lot_id)
    return _pdf(_of_lot(lot), lot)


@studio.get("/members/<uuid:member_id>/file.csv")
@permit(P.SELL_MONEY_VIEW)
def member_csv(lot_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """A member's part as a table: for herself, and who keeps the money."""
    _hers_or_kept(member_id)
    return _csv(_part(_own(current_actor().seller, lot_id), member_id))


@studio.get("/members/<uuid:member_id>/file.pdf")
@permit(P.SELL_MONEY_VIEW)
def member_pdf(lot_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """A member's part on paper: for herself, and who keeps the money."""
    member, lot = _hers_or_kept(member_id), _own(current_actor().seller, lot_id)
    return _pdf(_part(lot, member_id), lot, member.name)


@staff.get("/file.csv")
@permit(P.STAFF_LEDGER_VIEW)
def staff_csv(seller_id: uuid.UUID, lot_id: uuid.UUID) -> Response:
    """The whole lot as a table."""
    return _csv(_of_lot(_own(seller_id, lot_id)))


@staff.get("/file.pdf")
@permit(P.STAFF_LEDGER_VIEW)
def staff_pdf(seller_id: uuid.UUID, lot_id: uuid.UUID) -> Response:
    """The whole lot on paper."""
    lot = _own(seller_id, lot_id)
    return _pdf(_of_lot(lot), lot)


@staff.get("/members/<uuid:member_id>/file.csv")
@permit(P.STAFF_LEDGER_VIEW)
def staff_member_csv(seller_id: uuid.UUID, lot_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """A member's part as a table."""
    _member(seller_id, member_id)
    return _csv(_part(_own(seller_id, lot_id), member_id))


@staff.get("/members/<uuid:member_id>/file.pdf")
@permit(P.STAFF_LEDGER_VIEW)
def staff_member_pdf(seller_id: uuid.UUID, lot_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """A member's part on paper."""
    member, lot = _member(seller_id, member_id), _own(seller_id, lot_id)
    return _pdf(_part(lot, member_id), lot, member.name)


def _own(seller_id: uuid.UUID, lot_id: uuid.UUID) -> Lot:
    return queries.own_lot(session(), seller_id, lot_id) or abort(404)


def _member(seller_id: uuid.UUID, member_id: uuid.UUID) -> SellerMember:
    found = session().get(SellerMember, member_id)
    return found if found is not None and found.seller_id == seller_id else abort(404)


def _hers_or_kept(member_id: uuid.UUID) -> SellerMember:
    actor = current_actor()
    found = _member(actor.seller, member_id)
    if found.person_id != actor.person and not may(P.SELL_GROUP_KEEP):
        abort(403)
    return found


def _of_lot(lot: Lot) -> PlainStatement:
    return lot_statement(session(), lot, queries.names(session(), lot.seller_id))


def _part(lot: Lot, member_id: uuid.UUID) -> PlainStatement:
    return member_statement(session(), lot, member_id) or abort(404)


def _csv(found: PlainStatement) -> Response:
    return csv_file("lot.csv", plain_statement.HEAD, plain_statement.csv_rows(found))


def _pdf(found: PlainStatement, lot: Lot, whose: str | None = None) -> Response:
    shop = load_settings(session()).name
    name = whose or session().get_one(Seller, lot.seller_id).name
    return pdf_file(plain_statement.paper_of(found, shop, name, period_of(lot)))
