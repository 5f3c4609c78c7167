"""What anybody may know of the training: courses and certificates."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("training", __name__, url_prefix="/pelatihan")
