"""Ten-thousandths as people read them."""

from __future__ import annotations

from shop.core.i18n import language


def percent(basis_points: int) -> str:
    """`250` as `2,5` (`2.5` in English), `300` as `3`."""
    whole, rest = divmod(basis_points, 100)
    if not rest:
        return str(whole)
    return f"{whole}{'.' if language() == 'en' else ','}{rest:02d}".rstrip("0")
