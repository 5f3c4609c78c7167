"""The staff's pages about payments and the shop's settings."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("payments_staff", __name__, url_prefix="/staff")
