"""The staff's pages about a cohort: who is in it, who finished, who gets a certificate."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.forms import tidy
from shop.core.lifecycle import IllegalMove
from shop.core.regions import kelurahan_name
from shop.training import certify, enrol, queries
from shop.training.forms import DropForm, FinishForm, ParticipantForm
from shop.training.models import BaselineKind, Cohort
from shop.training.states import EnrolmentState

bp = Blueprint("training_staff", __name__, url_prefix="/staff/training")


@bp.get("/cohorts/<uuid:cohort_id>")
@permit(Permission.STAFF_TRAINING_VIEW)
def cohort(cohort_id: uuid.UUID) -> str:
    """Who is in a cohort."""
    return _page(_cohort(cohort_id), FinishForm(formdata=None))


@bp.post("/cohorts/<uuid:cohort_id>/finish")
@permit(Permission.STAFF_TRAINING_EDIT)
def finish(cohort_id: uuid.UUID) -> Response | tuple[str, int]:
    """Mark everybody who is ticked as having finished on one day."""
    found, form = _cohort(cohort_id), FinishForm()
    ticked = _ticked(cohort_id, EnrolmentState.ENROLLED)
    fault = _fault_of_day(form, found)
    if fault or not ticked:
        fault = fault or gettext("Centang dulu siapa yang lulus.")
        return _page(found, form, fault=fault), 422
    for place in ticked:
        enrol.finish(
            session(),
            place.enrolment.id,
            finished_on=form.finished_on.data,
            person_id=current_actor().person,
        )
    done = len(ticked)
    flash(ngettext("%(num)d orang ditandai lulus.", "%(num)d orang ditandai lulus.", done))
    return redirect(url_for(".cohort", cohort_id=cohort_id), 303)


@bp.post("/cohorts/<uuid:cohort_id>/certificates")
@permit(Permission.STAFF_CERTIFICATE_ISSUE)
def certificates(cohort_id: uuid.UUID) -> Response:
    """Issue certificates: to the one named, or to everybody who finished and has none."""
    _cohort(cohort_id)
    only = request.form.get("enrolment")
    done = 0
    for place in queries.places(session(), cohort_id):
        if place.can_be_certified and only in (None, str(place.enrolment.id)):
            certify.issue(session(), place.enrolment.id, person_id=current_actor().person)
            done += 1
    flash(ngettext("%(num)d sertifikat terbit.", "%(num)d sertifikat terbit.", done))
    return redirect(url_for(".cohort", cohort_id=cohort_id), 303)


@bp.route("/cohorts/<uuid:cohort_id>/participants/new", methods=["GET", "POST"])
@permit(Permission.STAFF_TRAINING_EDIT)
def new_participant(cohort_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Add somebody new to a cohort, or look for somebody the programme knows."""
    found, form = _cohort(cohort_id), ParticipantForm()
    words = tidy(request.args.get("q"))
    known = queries.participants_like(session(), words, cohort_id) if words else []
    if form.validate_on_submit():
        kind = form.baseline_kind.data
        participant = enrol.add_participant(
            session(),
            name=form.name.data,
            kelurahan_code=form.kelurahan.data,
            phone=form.phone.e164 or None,
            household_size=form.household_size.data,
            baseline_income=form.baseline_income.data,
            baseline_kind=BaselineKind(kind) if kind else None,
        )
        enrol.enrol(session(), cohort_id, participant.id, current_actor().person)
        flash(gettext("%(name)s masuk angkatan ini.", name=participant.name))
        return redirect(url_for(".cohort", cohort_id=cohort_id), 303)
    page = render_template(
        "training/staff/participant_new.html",
        cohort=found,
        form=form,
        words=words,
        known=known,
        place_name=kelurahan_name,
    )
    return (page, 422) if form.errors else page


@bp.post("/cohorts/<uuid:cohort_id>/participants/<uuid:participant_id>")
@permit(Permission.STAFF_TRAINING_EDIT)
def enrol_known(cohort_id: uuid.UUID, participant_id: uuid.UUID) -> Response:
    """Take somebody the programme knows, or who had left, into a cohort."""
    _cohort(cohort_id)
    participant = queries.participant_of(session(), participant_id) or abort(404)
    with suppress(enrol.AlreadyEnrolled):  # pressed twice: it is as wished
        enrol.enrol(session(), cohort_id, participant_id, current_actor().person)
    flash(gettext("%(name)s masuk angkatan ini.", name=participant.name))
    return redirect(url_for(".cohort", cohort_id=cohort_id), 303)


@bp.route("/enrolments/<uuid:enrolment_id>/drop", methods=["GET", "POST"])
@permit(Permission.STAFF_TRAINING_EDIT)
def drop(enrolment_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Write down that somebody left, and why."""
    place = queries.place_of(session(), enrolment_id) or abort(404)
    back = url_for(".cohort", cohort_id=place.cohort_id)
    form = DropForm()
    if form.validate_on_submit():
        try:
            enrol.drop(
                session(),
                enrolment_id,
                person_id=current_actor().person,
                reason=form.reason.data,
            )
        except IllegalMove:
            abort(409)
        flash(gettext("%(name)s ditandai keluar.", name=place.participant.name))
        return redirect(back, 303)
    page = render_template("training/staff/drop.html", place=place, form=form, back=back)
    return (page, 422) if form.errors else page


@bp.get("/certificates/<number>")
@permit(Permission.STAFF_TRAINING_VIEW)
def certificate(number: str) -> str:
    """A certificate to print and sign."""
    proof = queries.proof_of(session(), number) or abort(404)
    return render_template("training/staff/certificate.html", proof=proof)


def _cohort(cohort_id: uuid.UUID) -> Cohort:
    return queries.cohort_of(session(), cohort_id) or abort(404)


def _ticked(cohort_id: uuid.UUID, state: EnrolmentState) -> list[queries.Place]:
    """Those of the cohort who were ticked and are (still) in `state`."""
    wanted = set(request.form.getlist("enrolment"))
    return [
        place
        for place in queries.places(session(), cohort_id)
        if str(place.enrolment.id) in wanted and place.enrolment.state == state
    ]


def _fault_of_day(form: FinishForm, found: Cohort) -> str:
    if not form.validate_on_submit():
        return " ".join(str(fault) for fault in form.finished_on.errors)
    if not form.reaches(found.starts_on):
        words = gettext("Hari lulus paling awal hari pertama angkatan, paling akhir hari ini.")
        return str(words)
    return ""


def _page(found: Cohort, form: FinishForm, fault: str = "") -> str:
    return render_template(
        "training/staff/cohort.html",
        cohort=found,
        places=queries.places(session(), found.id),
        form=form,
        fault=fault,
        ticked=set(request.form.getlist("enrolment")),
    )
