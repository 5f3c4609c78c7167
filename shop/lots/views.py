"""All doors into this room."""

from __future__ import annotations

from shop.lots import views_files, views_notes, views_staff, views_studio, views_terms

BLUEPRINTS = (
    views_notes.bp, views_staff.bp, views_studio.bp, views_terms.bp, views_files.studio,
    views_files.staff,
)  # fmt: skip
