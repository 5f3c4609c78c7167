"""How a statement's lines tell what the programme keeps of a sale, and what it adds."""

from __future__ import annotations

from shop.core.money import rupiah
from shop.ledger.figures import percent
from shop.ledger.say import gettext
from shop.ledger.statement_lines import StatementLine


def in_hand(amount: int) -> str:
    """That she has so many rupiah already."""
    return gettext("%(sum)s sudah Anda pegang.", sum=rupiah(amount))


def less_fee(line: StatementLine, basis_points: int) -> str:
    """The fee of a sale amid a sentence, with what the programme adds for a promotion."""
    said = _less_fee(line, basis_points)
    if not line.subsidy:
        return said
    added = gettext("tambahan promo dari program %(sum)s", sum=rupiah(line.subsidy))
    return f"{said}, {added}"


def fee_left(line: StatementLine) -> str:
    """What is left to settle of a sale whose money she has already."""
    said = _fee_left(line)
    if not line.subsidy:
        return said
    added = gettext("Tambahan promo dari program %(sum)s.", sum=rupiah(line.subsidy))
    return f"{said} {added}"


def gone_back(line: StatementLine) -> str:
    """What she gets of the fee, and the programme of what it added, after money went back."""
    said = ""
    if line.fee:
        said += " " + gettext("Potongannya %(fee)s Anda dapat lagi.", fee=rupiah(-line.fee))
    if line.subsidy:
        said += " " + gettext(
            "Tambahan promo %(sum)s ikut kembali ke program.", sum=rupiah(-line.subsidy)
        )
    return said


def _less_fee(line: StatementLine, basis_points: int) -> str:
    fee = rupiah(line.fee)
    if not line.fee:
        return gettext("tanpa potongan")
    if not basis_points:
        return gettext("potongan %(fee)s", fee=fee)
    return gettext("potongan %(percent)s\u00a0%% %(fee)s", percent=percent(basis_points), fee=fee)


def _fee_left(line: StatementLine) -> str:
    if not line.fee:
        return gettext("Tidak ada potongan.")
    basis_points = line.part.basis_points if line.part else 0
    if not basis_points:
        return gettext("Tinggal potongan %(fee)s.", fee=rupiah(line.fee))
    return gettext(
        "Tinggal potongan %(percent)s\u00a0%%, %(fee)s.",
        percent=percent(basis_points), fee=rupiah(line.fee),
    )  # fmt: skip
