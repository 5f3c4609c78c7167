"""Signing in and out, and a person's own settings."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
