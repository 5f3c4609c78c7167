"""The lines of a statement in words: what happened, and how the sum is worked out.

Page, PDF and table say the same, so they never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shop.core.money import rupiah
from shop.ledger.entry_words import entry_words
from shop.ledger.models import Payout
from shop.ledger.queries import short_account
from shop.ledger.say import gettext, pgettext
from shop.ledger.statement_fees import fee_left, gone_back, in_hand, less_fee
from shop.ledger.statement_lines import LineKind, StatementLine
from shop.ledger.states import PayoutState, PayoutWay


def title(line: StatementLine) -> str:
    """What the line is about, in a few words."""
    return _TITLES[line.kind](line)


def how(line: StatementLine) -> str:
    """How its sum is worked out, or what became of it."""
    return _HOWS[line.kind](line)


def order_number(line: StatementLine) -> str:
    """The order, consigned goods or payout it belongs to; empty for none."""
    if line.part:
        return line.part.order_number
    return line.consigned.number if line.consigned else ""


def paid_to(payout: Payout) -> str:
    """Where a payout goes."""
    if payout.way == PayoutWay.CASH:
        return gettext("tangan Anda, tunai")
    return short_account(payout.bank_name, payout.bank_account)


def _buyer(line: StatementLine) -> str:
    return line.part.buyer_name if line.part else ""


def _order_title(line: StatementLine) -> str:
    buyer = _buyer(line)
    return gettext("Pesanan %(buyer)s", buyer=buyer) if buyer else pgettext("satu", "Pesanan")


def _order_how(line: StatementLine) -> str:
    part = line.part
    said = [gettext("Barang %(goods)s", goods=rupiah(part.goods if part else line.amount))]
    if part and part.delivery:
        said.append(gettext("ongkos kirim %(sum)s", sum=rupiah(part.delivery)))
    if part and line.amount != part.goods + part.delivery:
        back = part.goods + part.delivery - line.amount
        said.append(gettext("kembali ke pembeli %(sum)s", sum=rupiah(back)))
    said.append(less_fee(line, part.basis_points if part else 0))
    said.append(gettext("menjadi %(net)s.", net=rupiah(line.change)))
    return ", ".join(said)


def _cash_title(line: StatementLine) -> str:
    buyer = _buyer(line)
    return gettext("Tunai dari %(buyer)s", buyer=buyer) if buyer else gettext("Penjualan tunai")


def _own_how(line: StatementLine) -> str:
    paid = gettext("%(sum)s dibayar pembeli langsung kepada Anda.", sum=rupiah(line.amount))
    return f"{paid} {fee_left(line)}"


def _refund_title(line: StatementLine) -> str:
    if buyer := _buyer(line):
        return gettext("Uang kembali ke %(buyer)s", buyer=buyer)
    return gettext("Uang kembali ke pembeli")


def _refund_how(line: StatementLine) -> str:
    said = gettext(
        "%(sum)s dari pesanan ini dikembalikan atas tanggungan Anda.", sum=rupiah(-line.amount)
    )
    return said + gone_back(line)


def _undone_title(line: StatementLine) -> str:
    if buyer := _buyer(line):
        return gettext("Pesanan %(buyer)s yang batal", buyer=buyer)
    return gettext("Pesanan yang batal")


def _undone_how(line: StatementLine) -> str:
    said = []
    if line.amount:
        said.append(gettext("%(sum)s tetap untuk Anda.", sum=rupiah(line.amount)))
    if line.owed:
        said.append(
            gettext(
                "%(sum)s dari pembeli ada pada Anda; program yang mengembalikannya ke pembeli.",
                sum=rupiah(line.owed),
            )
        )
    return " ".join(said)


def _consigned_title(line: StatementLine) -> str:
    if line.consigned:
        return gettext("Titip jual di %(place)s", place=line.consigned.point)
    return gettext("Titip jual")


def _consigned_how(line: StatementLine) -> str:
    found = line.consigned
    said = [f"{found.pieces} {found.thing}"] if found else []
    said.append(gettext("untuk Anda %(sum)s", sum=rupiah(line.amount)))
    said.append(less_fee(line, found.basis_points if found else 0))
    if line.kind is LineKind.CONSIGNED_CASH:
        then = in_hand(line.amount)
    else:
        then = gettext("Uangnya dibayar setelah diterima dari tempat titip.")
    return f"{', '.join(said)}. {then}"


def _back_title(line: StatementLine) -> str:
    if line.consigned:
        return gettext("Titip jual di %(place)s, dibatalkan", place=line.consigned.point)
    return gettext("Titip jual, dibatalkan")


def _back_how(line: StatementLine) -> str:
    found = line.consigned
    if found is None:
        return line.note
    return gettext(
        "%(n)d %(thing)s tidak jadi laku: %(reason)s",
        n=found.pieces, thing=found.thing, reason=line.note,
    )  # fmt: skip


def _handed_on_title(line: StatementLine) -> str:
    if line.consigned:
        return gettext("Tunai dari %(buyer)s", buyer=line.consigned.point)
    return gettext("Uang titip jual")


def _handed_on_how(line: StatementLine) -> str:
    return f"{in_hand(-line.change)} {gettext('Itu uang barang yang laku di tempat titip.')}"


def _handed_in_how(line: StatementLine) -> str:
    why = gettext("Itu uang pesanan tunai yang mereka bawa.")
    return f"{in_hand(-line.change)} {why} {line.note}".strip()


def _payout_title(line: StatementLine) -> str:
    if line.payout is None:
        return gettext("Dibayar")
    return gettext("Dibayar ke %(account)s", account=paid_to(line.payout))


def _payout_how(line: StatementLine) -> str:
    payout = line.payout
    if payout is None:
        return ""
    if payout.way == PayoutWay.CASH:
        taken = payout.state == PayoutState.PAID
        return gettext("Anda sudah menandatanganinya.") if taken else gettext("Siap Anda ambil.")
    if payout.state == PayoutState.PAID:
        said = gettext("Sudah dikirim, nomor bank %(reference)s.", reference=payout.reference)
    elif payout.state == PayoutState.RETURNED:
        said = gettext("Bank mengembalikannya; lihat baris di atas.")
    else:
        said = gettext("Sedang dikirim ke bank Anda.")
    return f"{said} {gettext('Atas nama %(holder)s.', holder=payout.bank_holder)}"


def _returned_how(line: StatementLine) -> str:
    if line.payout is None:
        return ""
    return gettext(
        "Bank tidak bisa mengirim ke %(account)s. Uangnya tetap hak Anda.",
        account=paid_to(line.payout),
    )


_Words = Mapping[LineKind, Callable[[StatementLine], str]]
_TITLES: _Words = {
    LineKind.ORDER: _order_title,
    LineKind.CASH_ORDER: _cash_title,
    LineKind.OWN_ORDER: _order_title,
    LineKind.REFUND: _refund_title,
    LineKind.UNDONE: _undone_title,
    LineKind.CONSIGNED: _consigned_title,
    LineKind.CONSIGNED_CASH: _consigned_title,
    LineKind.CONSIGNED_BACK: _back_title,
    LineKind.HANDED_ON: _handed_on_title,
    LineKind.HANDED_IN: lambda _line: gettext("Tunai dari kurir atau titik"),
    LineKind.PAYOUT: _payout_title,
    LineKind.PAYOUT_RETURNED: lambda _line: gettext("Kembali dari bank"),
    LineKind.PAYOUT_REFUSED: lambda _line: gettext("Pembayaran tidak jadi"),
    LineKind.OTHER: lambda line: entry_words(line.entry_kind),
}
_HOWS: _Words = {
    LineKind.ORDER: _order_how,
    LineKind.CASH_ORDER: lambda line: f"{in_hand(line.amount)} {fee_left(line)}",
    LineKind.OWN_ORDER: _own_how,
    LineKind.REFUND: _refund_how,
    LineKind.UNDONE: _undone_how,
    LineKind.CONSIGNED: _consigned_how,
    LineKind.CONSIGNED_CASH: _consigned_how,
    LineKind.CONSIGNED_BACK: _back_how,
    LineKind.HANDED_ON: _handed_on_how,
    LineKind.HANDED_IN: _handed_in_how,
    LineKind.PAYOUT: _payout_how,
    LineKind.PAYOUT_RETURNED: _returned_how,
    LineKind.PAYOUT_REFUSED: lambda _line: gettext(
        "Daftar bayarnya tidak disetujui. Uangnya tetap hak Anda."
    ),
    LineKind.OTHER: lambda line: line.note or gettext("Tercatat dalam buku program."),
}
