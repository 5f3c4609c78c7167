"""The studio's pages about money."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ledger_studio", __name__, url_prefix="/sell/money")
