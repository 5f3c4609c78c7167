"""The staff's pages about courses, cohorts and certificates."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("training_staff", __name__, url_prefix="/staff/training")
