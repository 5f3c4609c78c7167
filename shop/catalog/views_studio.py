"""The studio's pages about products."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("catalog_studio", __name__, url_prefix="/sell/products")
