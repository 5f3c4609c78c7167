"""The staff's pages about products."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("catalog_staff", __name__, url_prefix="/staff/products")
