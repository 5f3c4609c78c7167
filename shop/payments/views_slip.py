"""Photos of transfer slips: the buyer sends them, staff and the seller who collects see them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import pause, session
from shop.core.forms import Form
from shop.core.http import takes_photos
from shop.core.lifecycle import IllegalMove
from shop.core.models import Picture
from shop.core.pictures import PrivateView, keep_picture, serve_private
from shop.core.uploads import checked
from shop.payments import queries
from shop.payments.add_slip import MOST, TooManySlips, add_slip, takes_slip
from shop.payments.models import Payment
from shop.payments.models_stray import PaymentSlip
from shop.payments.queries_slip import slip_picture, slips

bp = Blueprint("slips", __name__)
bp_staff = Blueprint("slips_staff", __name__, url_prefix="/staff/payments/slips")
bp_studio = Blueprint("slips_studio", __name__, url_prefix="/sell/money/slips")
Page = str | Response | tuple[str, int]


class SlipForm(Form):
    """The photo of a slip."""

    photo = FileField(
        _l("Foto bukti transfer"), [FileRequired(_l("Pilih atau ambil fotonya dulu."))]
    )


@bp.get("/o/<token>/slip/<uuid:payment_id>")
@permit(P.BUY_SHOP_USE)
def slip(token: str, payment_id: uuid.UUID) -> str:
    """The photos sent so far, and room for another."""
    return _page(_own(token, payment_id), token, SlipForm(formdata=None))


@bp.post("/o/<token>/slip/<uuid:payment_id>")
@permit(P.BUY_SHOP_USE)
@takes_photos
def send_slip(token: str, payment_id: uuid.UUID) -> Page:
    """Keep one photo."""
    payment, form = _own(token, payment_id), SlipForm()
    here = url_for("orders.track", token=token)
    if not takes_slip(payment):
        flash(gettext("Pembayaran ini tidak menunggu bukti lagi."), "wait")
        return redirect(here, 303)
    if not form.validate_on_submit():
        return _page(payment, token, form), 422
    pause()  # nobody waits for the database while a photo is decoded
    images, faults = checked([form.photo.data])
    if not images:
        form.photo.errors = faults
        return _page(_own(token, payment_id), token, form), 422
    storage = current_app.extensions["storage"]
    kept = keep_picture(session(), storage, images[0], private=True)
    try:
        add_slip(session(), payment_id, kept.sha256)
    except IllegalMove:
        flash(gettext("Pembayaran ini tidak menunggu bukti lagi."), "wait")
    except TooManySlips:
        flash(gettext("Sudah ada %(n)d foto bukti. Itu cukup.", n=MOST), "wait")
    else:
        flash(gettext("Foto bukti terkirim. Petugas melihatnya waktu mengecek uangnya."))
    return redirect(here, 303)


@bp.get("/o/<token>/slip/<uuid:payment_id>/<uuid:slip_id>")
@permit(P.BUY_SHOP_USE)
def photo(token: str, payment_id: uuid.UUID, slip_id: uuid.UUID) -> Response:
    """One photo, for whoever holds the order's link."""
    payment = _own(token, payment_id)
    return _served(slip_picture(session(), slip_id, payment_id=payment.id))


@bp_staff.get("/<uuid:slip_id>")
@permit(P.STAFF_PAYMENT_VIEW)
def staff_photo(slip_id: uuid.UUID) -> Response:
    """One photo, for staff."""
    return _served(slip_picture(session(), slip_id))


@bp_studio.get("/<uuid:slip_id>")
@permit(P.SELL_MONEY_VIEW)
def seller_photo(slip_id: uuid.UUID) -> Response:
    """One photo, for the seller who collects this payment."""
    return _served(slip_picture(session(), slip_id, collector_id=current_actor().seller))


@bp.app_context_processor
def _for_pages() -> dict[str, object]:
    return {"slips_of": slips_of, "takes_slip": takes_slip}


def slips_of(
    payments: Iterable[Payment], token: str = "", *, own: bool = False
) -> dict[uuid.UUID, list[tuple[PaymentSlip, PrivateView]]]:
    """For pages: photos of these payments, for who holds the order's link, for the seller who
    collects them (`own`), or else for staff.
    """
    found = slips(session(), [payment.id for payment in payments])
    return {
        payment_id: [
            (
                slip,
                PrivateView(
                    _url(slip, token, own=own), picture.tone, picture.width, picture.height
                ),
            )
            for slip, picture in rows
        ]
        for payment_id, rows in found.items()
    }


def _url(slip: PaymentSlip, token: str, *, own: bool) -> str:
    if own:
        return url_for("slips_studio.seller_photo", slip_id=slip.id)
    if not token:
        return url_for("slips_staff.staff_photo", slip_id=slip.id)
    return url_for("slips.photo", token=token, payment_id=slip.payment_id, slip_id=slip.id)


def _own(token: str, payment_id: uuid.UUID) -> Payment:
    return queries.of_order_link(session(), payment_id, token) or abort(404)


def _served(picture: Picture | None) -> Response:
    if picture is None:
        abort(404)
    return serve_private(picture, whole="whole" in request.args)


def _page(payment: Payment, token: str, form: SlipForm) -> str:
    return render_template(
        "payments/slip.html",
        payment=payment,
        token=token,
        form=form,
        shots=slips_of([payment], token).get(payment.id, ()),
        can_send=takes_slip(payment),
    )
