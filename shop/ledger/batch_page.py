"""The page of one batch, which several views answer with."""

from __future__ import annotations

import uuid

from flask import abort, current_app, render_template

from shop.accounts.access import current_actor
from shop.core.db import session
from shop.core.settings import load_settings
from shop.ledger import payout_words, queries_payouts
from shop.ledger.forms import PaidForm, RefuseForm, ReturnedForm, SignedForm
from shop.ledger.models import PayoutBatch

AnyForm = PaidForm | RefuseForm | ReturnedForm | SignedForm


def returned_form() -> ReturnedForm:
    """The form that says why a payout came back."""
    return ReturnedForm()


def found_batch(number: str, payout_id: uuid.UUID | None = None) -> PayoutBatch:
    """The batch, and the payout in it if one is named; otherwise 404."""
    found = queries_payouts.batch_of(session(), number)
    if found is None:
        abort(404)
    if payout_id and queries_payouts.payout_in(session(), number, payout_id) is None:
        abort(404)
    return found


def batch_page(
    found: PayoutBatch, faulty: uuid.UUID | None = None, form: AnyForm | None = None
) -> str:
    """The page, with the faults of `form`: one about the payout `faulty`, or about the batch."""
    person = current_actor().person
    return render_template(
        "ledger/staff/batch.html",
        batch=found,
        rows=queries_payouts.payouts_of(session(), found.id),
        people=queries_payouts.people_of(session(), found),
        own=found.made_by == person,
        others=queries_payouts.may_approve(session(), but=found.made_by),
        faulty=faulty,
        form=form,
        empty_form=PaidForm(formdata=None),
        refuse_form=form if isinstance(form, RefuseForm) else RefuseForm(formdata=None),
        returned_form=ReturnedForm(formdata=None),
        signed_form=SignedForm(formdata=None),
        messages=payout_words.messages,
        shop=load_settings(session()).name,
        base_url=current_app.extensions["config"].base_url,
    )
