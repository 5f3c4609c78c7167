"""The staff's pages about agencies and courses; those about a cohort are in `views_cohorts`."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.forms import as_choices
from shop.training import queries, teach
from shop.training.forms import AgencyForm, CohortForm, CourseForm
from shop.training.models import AgencyKind
from shop.training.views_cohorts import bp

__all__ = ["bp"]


@bp.get("")
@permit(Permission.STAFF_TRAINING_VIEW)
def courses() -> str:
    """All courses, with what came of them."""
    return render_template(
        "training/staff/courses.html",
        lines=queries.course_lines(session()),
        agencies=queries.agencies(session()),
    )


@bp.route("/agencies/new", methods=["GET", "POST"])
@permit(Permission.STAFF_TRAINING_EDIT)
def new_agency() -> str | Response | tuple[str, int]:
    """Write down an agency."""
    form = AgencyForm()
    if form.validate_on_submit():
        try:
            teach.add_agency(session(), name=form.name.data, kind=AgencyKind(form.kind.data))
        except teach.NameTaken:
            form.name.errors = [gettext("Lembaga dengan nama ini sudah ada.")]
        else:
            flash(gettext("%(name)s dicatat.", name=form.name.data))
            return redirect(url_for(".courses"), 303)
    page = render_template("training/staff/agency_new.html", form=form)
    return (page, 422) if form.errors else page


@bp.route("/courses/new", methods=["GET", "POST"])
@permit(Permission.STAFF_TRAINING_EDIT)
def new_course() -> str | Response | tuple[str, int]:
    """Write down a course."""
    form = CourseForm()
    form.agency.choices = as_choices((str(a.id), a.name) for a in queries.agencies(session()))
    if form.validate_on_submit():
        try:
            course = teach.add_course(
                session(),
                slug=form.slug,
                title=form.title.data,
                title_en=form.title_en.data,
                skill=form.skill.data,
                hours=form.hours.data or 0,
                agency_id=uuid.UUID(form.agency.data),
                description=form.description.data,
            )
        except teach.AddressTaken:
            form.title.errors = [gettext("Kursus dengan judul ini sudah ada.")]
        else:
            return redirect(url_for(".course", course_id=course.id), 303)
    page = render_template("training/staff/course_new.html", form=form)
    return (page, 422) if form.errors else page


@bp.get("/courses/<uuid:course_id>")
@permit(Permission.STAFF_TRAINING_VIEW)
def course(course_id: uuid.UUID) -> str:
    """A course and its cohorts."""
    found = queries.course_of(session(), course_id) or abort(404)
    return render_template(
        "training/staff/course.html",
        course=found,
        lines=queries.cohort_lines(session(), course_id),
    )


@bp.route("/courses/<uuid:course_id>/cohorts/new", methods=["GET", "POST"])
@permit(Permission.STAFF_TRAINING_EDIT)
def new_cohort(course_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Write down a cohort of a course."""
    found = queries.course_of(session(), course_id) or abort(404)
    form = CohortForm()
    if form.validate_on_submit():
        try:
            cohort = teach.add_cohort(
                session(),
                course_id=course_id,
                name=form.name.data,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                place=form.place.data,
            )
        except teach.NameTaken:
            form.name.errors = [gettext("Kursus ini sudah punya angkatan dengan nama itu.")]
        else:
            return redirect(url_for(".cohort", cohort_id=cohort.id), 303)
    page = render_template("training/staff/cohort_new.html", form=form, course=found)
    return (page, 422) if form.errors else page
