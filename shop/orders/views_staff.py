"""The staff's pages about orders."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("orders_staff", __name__, url_prefix="/staff/orders")
