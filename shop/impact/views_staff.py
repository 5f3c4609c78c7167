"""The staff's desk and the income dashboard."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("impact_staff", __name__, url_prefix="/staff")
