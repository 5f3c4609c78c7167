"""The staff's pages about people and their roles."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts_staff", __name__, url_prefix="/staff/people")
