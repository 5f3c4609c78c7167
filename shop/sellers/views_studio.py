"""The studio's pages about the seller itself."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sellers_studio", __name__, url_prefix="/sell")
