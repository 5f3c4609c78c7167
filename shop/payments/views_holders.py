"""The staff's pages of couriers and points that take cash: who carries how much, and hand-ins."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core import ids
from shop.core.db import pause, session
from shop.core.lifecycle import IllegalMove
from shop.core.money import rupiah
from shop.ledger.paid_out import NoReference
from shop.payments import carry, queries, queries_holders
from shop.payments.forms_holders import CourierForm, HandInForm, TakenForm
from shop.payments.settle import AlreadySettled
from shop.sellers import keep_holders
from shop.sellers.models import PickupPoint
from shop.sellers.models_holder import CashHolder, HolderKind
from shop.sellers.points import open_points

bp = Blueprint("holders_staff", __name__, url_prefix="/staff/couriers")
Page = str | Response | tuple[str, int]


@bp.get("")
@permit(P.STAFF_PAYMENT_VIEW)
def holders() -> str:
    """Who takes cash, and how much each carries."""
    return _list(CourierForm(formdata=None))


@bp.post("")
@permit(P.STAFF_PAYMENT_CONFIRM)
def add() -> Page:
    """A new courier."""
    form = CourierForm()
    if not form.validate():
        return _list(form), 422
    try:
        found = keep_holders.add_courier(
            session(), current_actor().person, name=form.name.data, phone=form.phone.e164
        )
    except keep_holders.NameTaken:
        form.name.errors = [gettext("Sudah ada kurir dengan nama ini.")]
        return _list(form), 422
    flash(gettext("Tersimpan."))
    return redirect(url_for(".holder", holder_id=found.id), 303)


@bp.post("/points/<uuid:point_id>")
@permit(P.STAFF_PAYMENT_CONFIRM)
def let_point(point_id: uuid.UUID) -> Response:
    """This pick-up point takes cash."""
    session().get(PickupPoint, point_id) or abort(404)
    keep_holders.let_point(session(), point_id, current_actor().person)
    flash(gettext("Tersimpan."))
    return redirect(url_for(".holders"), 303)


@bp.get("/<uuid:holder_id>")
@permit(P.STAFF_PAYMENT_VIEW)
def holder(holder_id: uuid.UUID) -> str:
    """What one carries, since when, and what was handed in."""
    return _page(_found(holder_id))


@bp.post("/<uuid:holder_id>")
@permit(P.STAFF_PAYMENT_CONFIRM)
def edit(holder_id: uuid.UUID) -> Page:
    """Another name or number of a courier."""
    found, form = _found(holder_id), CourierForm()
    if found.kind != HolderKind.COURIER:
        abort(404)
    if not form.validate():
        return _page(found, about=form), 422
    try:
        keep_holders.edit_courier(
            session(), holder_id, current_actor().person,
            name=form.name.data, phone=form.phone.e164,
        )  # fmt: skip
    except keep_holders.NameTaken:
        form.name.errors = [gettext("Sudah ada kurir dengan nama ini.")]
        return _page(found, about=form), 422
    return _said(holder_id, gettext("Tersimpan."))


@bp.post("/<uuid:holder_id>/left")
@permit(P.STAFF_PAYMENT_CONFIRM)
def leave(holder_id: uuid.UUID) -> Response:
    """It takes no cash any more."""
    keep_holders.leave(session(), _found(holder_id).id, current_actor().person)
    return _said(holder_id, gettext("Tersimpan."))


@bp.post("/<uuid:holder_id>/back")
@permit(P.STAFF_PAYMENT_CONFIRM)
def come_back(holder_id: uuid.UUID) -> Response:
    """It takes cash again."""
    keep_holders.come_back(session(), _found(holder_id).id, current_actor().person)
    return _said(holder_id, gettext("Tersimpan."))


@bp.post("/<uuid:holder_id>/taken")
@permit(P.STAFF_PAYMENT_CONFIRM)
def taken(holder_id: uuid.UUID) -> Page:
    """It has the cash of the ticked orders."""
    found, form, done = _found(holder_id), TakenForm(), 0
    form.offer(queries_holders.waiting_of(session(), holder_id))
    if not form.validate():
        return _page(found, taken=form), 422
    for payment_id in form.ids:
        try:
            carry.take(session(), payment_id, person_id=current_actor().person)
        except (AlreadySettled, IllegalMove):
            continue
        done += 1
    if not done:
        pause()
        flash(gettext("Itu sudah dicatat sebelumnya."), "wait")
        return redirect(url_for(".holder", holder_id=holder_id), 303)
    said = ngettext(
        "Uang %(num)d pesanan sekarang tercatat dibawa.",
        "Uang %(num)d pesanan sekarang tercatat dibawa.", done,
    )  # fmt: skip
    return _said(holder_id, said)


@bp.post("/<uuid:holder_id>/hand-in")
@permit(P.STAFF_PAYMENT_CONFIRM)
def hand_in(holder_id: uuid.UUID) -> Page:
    """It gave on some of what it carries."""
    found, form = _found(holder_id), HandInForm()
    form.offer(queries_holders.sellers_of(session(), holder_id))
    if not form.validate():
        return _page(found, hand_in=form), 422
    amount = int(form.amount.data or 0)
    try:
        booked = carry.hand_in(
            session(), holder_id, amount, reference=form.reference.data or "",
            person_id=current_actor().person, key=form.key.data or "", seller_id=form.seller_id,
        )  # fmt: skip
    except NoReference:
        form.reference.errors = [gettext("Tulis nomor setoran dari bank.")]
        return _page(found, hand_in=form), 422
    except carry.MoreThanCarried as fault:
        form.amount.errors = [gettext("Paling banyak %(sum)s.", sum=rupiah(fault.left))]
        return _page(found, hand_in=form), 422
    if not booked:
        pause()
        flash(gettext("Itu sudah dicatat sebelumnya."), "wait")
        return redirect(url_for(".holder", holder_id=holder_id), 303)
    return _said(holder_id, gettext("Dicatat: %(sum)s disetor.", sum=rupiah(amount)))


@bp.post("/<uuid:holder_id>/hand-in/<uuid:entry_id>/undo")
@permit(P.STAFF_PAYMENT_CONFIRM)
def undo(holder_id: uuid.UUID, entry_id: uuid.UUID) -> Response:
    """It was written down wrongly."""
    try:
        carry.undo_hand_in(
            session(), _found(holder_id).id, entry_id, person_id=current_actor().person
        )
    except carry.UnknownHolder:
        abort(404)
    except carry.AtTheBank:
        pause()
        flash(
            gettext("Setoran ini cocok dengan mutasi bank. Lepaskan dulu di Mutasi bank."), "wait"
        )
        return redirect(url_for(".holder", holder_id=holder_id), 303)
    return _said(holder_id, gettext("Setoran itu dibatalkan. Uangnya tercatat dibawa lagi."))


def _found(holder_id: uuid.UUID) -> CashHolder:
    return session().get(CashHolder, holder_id) or abort(404)


def _said(holder_id: uuid.UUID, words: str) -> Response:
    flash(words)
    return redirect(url_for(".holder", holder_id=holder_id), 303)


def _list(form: CourierForm) -> str:
    rows = queries_holders.holder_rows(session())
    known = {row.holder.point_id for row in rows if row.holder.left_at is None}
    return render_template(
        "payments/staff/holders.html",
        rows=rows,
        points=[point for point in open_points(session()) if point.id not in known],
        form=form,
        counts=queries.counts(session()),
    )


def _page(
    found: CashHolder,
    *,
    about: CourierForm | None = None,
    taken: TakenForm | None = None,
    hand_in: HandInForm | None = None,
) -> str:
    waiting = queries_holders.waiting_of(session(), found.id)
    if taken is None:
        taken = TakenForm(formdata=None)
        taken.offer(waiting)
    if hand_in is None:
        hand_in = HandInForm(formdata=None, key=ids.new_token())
        hand_in.offer(queries_holders.sellers_of(session(), found.id))
    return render_template(
        "payments/staff/holder.html",
        row=queries_holders.row_of(session(), found),
        waiting=waiting,
        handed=queries_holders.hand_ins_of(session(), found.id),
        about=about or CourierForm(formdata=None, obj=found),
        taken=taken,
        form=hand_in,
    )
