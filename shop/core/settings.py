"""The shop's own settings, one row that staff edit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.core.models import ShopSettings


def load_settings(session: Session) -> ShopSettings:
    """The settings; unsaved defaults where the shop has none yet."""
    found = session.get(ShopSettings, 1)
    return found if found is not None else default_settings()


def default_settings() -> ShopSettings:
    """What a fresh shop starts with."""
    return ShopSettings(
        id=1,
        name="Pelantar",
        tagline="Buatan tangan tetangga di Tanjungpinang",
        tagline_en="Made by neighbours in Tanjungpinang",
        contact_phone="+6281200000000",
        contact_email=None,
        bank_name="BRI",
        bank_account="000001000777309",
        bank_holder="Program Pelantar (contoh)",
        qris_sha256=None,
        qris_holder="PROGRAM PELANTAR",
        qris_text="",
        unpaid_hours=24,
        unaccepted_hours=24,
        unseen_hours=6,
        completed_after_days=3,
        payout_minimum=0,
    )
