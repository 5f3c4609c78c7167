"""The studio's pages about today and about orders."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("orders_studio", __name__, url_prefix="/sell")
