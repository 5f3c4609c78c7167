"""The staff's page on which a part, or some of it, is undone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.orders import queries, words
from shop.orders.cancel_lines import cancel_lines
from shop.orders.chosen_lines import (
    BadShare,
    NothingChosen,
    StillInTheHouse,
    TooManyPieces,
    TooMuchBack,
)
from shop.orders.forms_undo import CANCEL, REFUND, RETURN, UndoForm
from shop.orders.give_back import LEFT_THE_HOUSE, give_back
from shop.orders.models import SellerOrder
from shop.orders.return_part import return_part
from shop.orders.states import IN_THE_HOUSE, SELLER_ORDER, SellerOrderState
from shop.orders.undo import taken_off_before
from shop.orders.worth import PartWorth, worth
from shop.payments.left_there import LostAlready
from shop.payments.models import Payment
from shop.payments.refund import NotPaid, granted
from shop.payments.states import PaymentState

bp = Blueprint("orders_undo", __name__, url_prefix="/staff/orders")
Page = str | Response | tuple[str, int]
_FAULTS = (TooManyPieces, TooMuchBack, BadShare, NothingChosen, StillInTheHouse)


@dataclass(frozen=True)
class _Undoing:
    """A part, what of it can still be undone, and by which verbs."""

    part: SellerOrder
    held: PartWorth
    payment: Payment | None

    @property
    def paid(self) -> bool:
        return self.payment is not None and self.payment.state == PaymentState.SETTLED

    @property
    def verbs(self) -> list[str]:
        returns = SELLER_ORDER.sources(SellerOrderState.RETURNED, "staff")
        possible = {
            CANCEL: self.part.state in IN_THE_HOUSE and self.held.live > 0,
            RETURN: self.part.state in returns,
            REFUND: self.paid and self.held.left > 0,
        }
        return [verb for verb, can in possible.items() if can]


@bp.get("/<uuid:order_id>/parts/<uuid:part_id>/undo")
@permit(Permission.STAFF_ORDER_UNDO)
def undo(order_id: uuid.UUID, part_id: uuid.UUID) -> Page:
    """What can be undone of a part, line by line."""
    found = _found(order_id, part_id)
    return _page(found, UndoForm.offering(found.held, found.verbs))


@bp.post("/<uuid:order_id>/parts/<uuid:part_id>/undo")
@permit(Permission.STAFF_ORDER_UNDO)
def undo_part(order_id: uuid.UUID, part_id: uuid.UUID) -> Page:
    """Work out what goes back, or do it."""
    found = _found(order_id, part_id)
    form = UndoForm.offering(found.held, found.verbs)
    if _pressed_before(part_id, form):
        return redirect(url_for("orders_staff.order", order_id=order_id), 303)
    if not form.validate():
        return _page(found, form), 422
    if "preview" in request.form:
        return _page(found, form, form.amount(found.held))
    try:
        _do(found, form)
    except _FAULTS as fault:
        pause()
        form.blame(fault)
        return _page(_found(order_id, part_id), form), 422
    except LostAlready:
        pause()
        flash(gettext("Pembeli sudah menerima uang itu lewat sengketa kartu."), "wait")
    except (IllegalMove, NotPaid):
        pause()
        flash(gettext("Itu tidak bisa lagi: pesanan sudah berubah."), "wait")
    else:
        flash(gettext("Disimpan. Uang yang kembali menunggu dikirim oleh orang lain."))
    return redirect(url_for("orders_staff.order", order_id=order_id), 303)


def _pressed_before(part_id: uuid.UUID, form: UndoForm) -> bool:
    """Whether this very page was sent already: what it asks for may not be possible any more."""
    key = form.key.data or ""
    return taken_off_before(session(), part_id, key) or granted(session(), _key(form)) is not None


def _key(form: UndoForm) -> str:
    return f"staff:{form.key.data}"[:80]


def _do(found: _Undoing, form: UndoForm) -> None:
    reason, person = form.reason.data or "", current_actor().person
    share = form.seller_share(form.amount(found.held))
    if form.verb.data == CANCEL:
        cancel_lines(
            session(), found.part.id, form.pieces, person_id=person, reason=reason,
            seller_share=share if found.paid else None, delivery=form.delivery.data,
            key=form.key.data or "",
        )  # fmt: skip
    elif form.verb.data == RETURN:
        return_part(
            session(), found.part.id, seller_share=share, reason=reason, person_id=person,
            restock=bool(form.restock.data),
        )  # fmt: skip
    else:
        give_back(
            session(), found.part.id, lines=form.back, delivery=form.delivery.data or 0,
            seller_share=share, reason=reason, person_id=person,
            key=_key(form), restock=bool(form.restock.data),
        )  # fmt: skip


def _found(order_id: uuid.UUID, part_id: uuid.UUID) -> _Undoing:
    view = queries.order_by_id(session(), order_id)
    part = next((part for part in view.parts if part.id == part_id), None) if view else None
    if view is None or part is None:
        abort(404)
    return _Undoing(part, worth(session(), part), view.payment_for(part.id))


def _page(found: _Undoing, form: UndoForm, amount: int | None = None) -> str:
    share = form.seller_share(amount) if amount is not None else 0
    return render_template(
        "orders/staff/undo.html", part=found.part, order=found.part.order, held=found.held,
        paid=found.paid, verbs=found.verbs, form=form, words=words, amount=amount, share=share,
        gone=found.part.state in LEFT_THE_HOUSE,
    )  # fmt: skip
