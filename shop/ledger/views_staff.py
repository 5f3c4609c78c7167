"""The staff's pages about payouts."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ledger_staff", __name__, url_prefix="/staff/payouts")
