"""Figures as people read them in statements and rules."""

from __future__ import annotations

from shop.core.i18n import language


def percent(basis_points: int) -> str:
    """Ten-thousandths as per cent: `250` is `2,5` (`2.5` in English), `300` is `3`."""
    whole, rest = divmod(basis_points, 100)
    if not rest:
        return str(whole)
    return f"{whole}{'.' if language() == 'en' else ','}{rest:02d}".rstrip("0")


def signed(amount: int, plus: str = "+") -> str:
    """`+58.200`, `−900` (with the true minus sign): rupiah in a column that says so."""
    digits = f"{abs(amount):,}".replace(",", ".")
    return f"{'−' if amount < 0 else plus if amount else ''}{digits}"
