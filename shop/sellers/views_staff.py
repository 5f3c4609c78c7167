"""The staff's pages about sellers."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sellers_staff", __name__, url_prefix="/staff/sellers")
