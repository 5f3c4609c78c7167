"""What staff tell a seller about a payout, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import force_locale

from shop.catalog.words import whatsapp
from shop.core.i18n import LANGUAGES
from shop.core.money import rupiah
from shop.ledger.models import Payout
from shop.ledger.queries_payouts import PayoutRow
from shop.ledger.say import gettext
from shop.ledger.states import PayoutState, PayoutWay


def messages(row: PayoutRow, shop: str, base_url: str) -> Iterator[tuple[str, str]]:
    """For each language its code and the WhatsApp link with the text for this seller."""
    for code in LANGUAGES:
        with force_locale(code):
            said = f"{_said(row, shop)} {gettext('Rinciannya:')} {base_url}/sell/money"
            yield code, whatsapp(said, row.phone)


def _said(row: PayoutRow, shop: str) -> str:
    payout = row.payout
    told = {"name": row.seller, "sum": rupiah(payout.amount), "shop": shop}
    if payout.state == PayoutState.RETURNED:
        return gettext(
            "Halo %(name)s, %(sum)s dari %(shop)s belum bisa sampai ke Anda. Uangnya tetap hak "
            "Anda. Tolong periksa rekening Anda.",
            **told,
        )
    if payout.way == PayoutWay.CASH:
        if payout.state == PayoutState.PAID:
            return gettext(
                "Halo %(name)s, %(sum)s dari %(shop)s sudah Anda terima tunai. Terima kasih.",
                **told,
            )
        return gettext(
            "Halo %(name)s, %(sum)s dari %(shop)s siap Anda ambil tunai. Bawa kartu pengenal.",
            **told,
        )
    where = _where(payout)
    if payout.state == PayoutState.PAID:
        return gettext(
            "Halo %(name)s, %(sum)s dari %(shop)s sudah dikirim ke %(where)s, nomor %(reference)s.",
            where=where, reference=payout.reference, **told,
        )  # fmt: skip
    return gettext(
        "Halo %(name)s, %(sum)s dari %(shop)s sedang dikirim ke %(where)s.", where=where, **told
    )


def _where(payout: Payout) -> str:
    return f"{payout.bank_name} …{payout.bank_account[-4:]}"
