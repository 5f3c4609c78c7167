"""The staff's page of a participant: courses, and which seller's member she is."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts import audit
from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.forms import tidy
from shop.core.regions import kelurahan_name
from shop.impact.participant import member_of, participant_page
from shop.sellers import link_participant

bp = Blueprint("participant_staff", __name__, url_prefix="/staff/participants")


@bp.get("/<uuid:participant_id>")
@permit(Permission.STAFF_TRAINING_VIEW)
def participant(participant_id: uuid.UUID) -> str:
    """A participant: courses, and the sellers she works for."""
    words = tidy(request.args.get("q"))
    found = participant_page(session(), participant_id, words) or abort(404)
    return render_template(
        "impact/staff/participant.html", found=found, words=words, place_name=kelurahan_name
    )


@bp.post("/<uuid:participant_id>/members/<uuid:member_id>")
@permit(Permission.STAFF_TRAINING_EDIT)
def link(participant_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """Say that a member of a seller is this participant."""
    if not (member_of(session(), member_id) and participant_page(session(), participant_id)):
        abort(404)
    try:
        member = link_participant.link(session(), member_id, participant_id)
    except link_participant.AlreadyLinked:
        abort(409)
    audit.write(
        session(),
        current_actor().person,
        "participant.link",
        "participant",
        participant_id,
        member=str(member_id),
    )
    flash(gettext("%(name)s dihubungkan. Pendapatannya ikut dihitung.", name=member.name))
    return redirect(url_for(".participant", participant_id=participant_id), 303)


@bp.post("/<uuid:participant_id>/members/<uuid:member_id>/undo")
@permit(Permission.STAFF_TRAINING_EDIT)
def unlink(participant_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """Undo a wrong link."""
    member = member_of(session(), member_id)
    if member is None or member.participant_id != participant_id:
        abort(404)
    link_participant.unlink(session(), member_id)
    audit.write(
        session(),
        current_actor().person,
        "participant.unlink",
        "participant",
        participant_id,
        member=str(member_id),
    )
    flash(gettext("Hubungan dengan %(name)s dilepas.", name=member.name))
    return redirect(url_for(".participant", participant_id=participant_id), 303)
