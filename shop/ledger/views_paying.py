"""The studio's page about how and when the seller is paid out."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import P
from shop.core.db import session
from shop.core.settings import load_settings
from shop.ledger.due import Wait
from shop.ledger.forms_payout import PayoutForm
from shop.ledger.say import gettext
from shop.ledger.set_payout import NothingToAsk, ask, set_payout
from shop.ledger.states import PayoutWay
from shop.sellers.models import PayoutEvery
from shop.sellers.queries import own_seller

bp = Blueprint("paying_studio", __name__, url_prefix="/sell/money")
Page = str | Response | tuple[str, int]


@bp.get("/paying")
@permit(P.SELL_SELLER_EDIT)
def paying() -> str:
    """When, how and from how much on."""
    seller = own_seller(session(), current_actor())
    return _page(PayoutForm.showing(seller, stripe=_stripe()))


@bp.post("/paying")
@permit(P.SELL_SELLER_EDIT)
def save_paying() -> Page:
    """Change it for the batches from now on."""
    actor = current_actor()
    form = PayoutForm(own_seller(session(), actor), stripe=_stripe())
    if not form.validate():
        return _page(form), 422
    set_payout(
        session(), actor.seller, every=PayoutEvery(form.every.data), way=PayoutWay(form.way.data),
        minimum=form.minimum.data, person_id=actor.person,
    )  # fmt: skip
    flash(gettext("Tersimpan."))
    return redirect(url_for("ledger_studio.money"), 303)


@bp.post("/ask")
@permit(P.SELL_SELLER_EDIT)
def ask_now() -> Response:
    """Ask to be paid out."""
    actor = current_actor()
    try:
        ask(session(), actor.seller, person_id=actor.person)
    except NothingToAsk as fault:
        flash(_why(fault.wait), "wait")
    else:
        flash(gettext("Permintaan terkirim. Anda masuk daftar bayar berikutnya."))
    return redirect(url_for("ledger_studio.money"), 303)


def _why(wait: Wait) -> str:
    if wait is Wait.NO_ACCOUNT:
        return gettext("Isi dulu nomor rekening Anda.")
    if wait is Wait.NOT_READY:
        return gettext(
            "Akun Stripe Anda belum bisa menerima uang. Lengkapi dulu di halaman Stripe."
        )
    if wait is Wait.DISPUTED:
        return gettext("Uang Anda ditahan sampai sengketa kartu seorang pembeli selesai.")
    if wait is Wait.BELOW_MINIMUM:
        return gettext("Uang Anda belum mencapai batas paling sedikit.")
    return gettext("Belum ada uang yang bisa dibayarkan.")


def _stripe() -> bool:
    return bool(current_app.extensions["config"].stripe_secret_key)


def _page(form: PayoutForm) -> str:
    return render_template(
        "ledger/studio/paying.html",
        form=form,
        seller=own_seller(session(), current_actor()),
        stripe=_stripe(),
        minimum=load_settings(session()).payout_minimum,
    )
