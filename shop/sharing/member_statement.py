"""What a member of a group is owed, from an opening to a closing balance, told line by line."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock, i18n
from shop.core.money import rupiah
from shop.ledger import legs, sales
from shop.ledger.figures import percent
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.plain_statement import PlainStatement, Told, add_up
from shop.ledger.states import AccountKind, EntryKind
from shop.sellers.models import ShareRule
from shop.sharing import words
from shop.sharing.models import MemberPayment, SharedPart, SharedSale
from shop.sharing.models_surplus import Surplus


@dataclass(frozen=True)
class _Known:
    """What the lines are about, by the id that their entries carry."""

    shared: dict[uuid.UUID, SharedSale]
    parts: dict[uuid.UUID, SharedPart]
    weights: dict[uuid.UUID, int]
    rules: dict[uuid.UUID, ShareRule]
    sales: dict[uuid.UUID, sales.Sale]
    payments: dict[uuid.UUID, MemberPayment]
    surpluses: dict[uuid.UUID, Surplus]


def account_of(session: Session, member_id: uuid.UUID) -> Account | None:
    """The account of what she is owed, if it was ever used."""
    return legs.account_of(session, AccountKind.MEMBER, member_id)


def months_of(session: Session, member_id: uuid.UUID) -> Sequence[date]:
    """The Jakarta months that her statement spans, newest first."""
    return legs.months_of(session, account_of(session, member_id))


def statement_of(
    session: Session, member_id: uuid.UUID, month: date | None = None
) -> PlainStatement:
    """Her whole statement, or that of a Jakarta month."""
    account = account_of(session, member_id)
    if account is None:
        return add_up(0, [])
    span = legs.of_month(session, account, month) if month else legs.whole(account)
    rows = session.execute(
        select(Entry, Posting.amount)
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Posting.account_id == account.id, Posting.number.between(span.first, span.last))
        .order_by(Posting.number)
    ).all()
    known = _known(session, member_id, [entry.group_id for entry, _ in rows if entry.group_id])
    told = [_told(entry, -amount, known) for entry, amount in rows]
    return add_up(-legs.opening_of(session, span), told)


def _known(session: Session, member_id: uuid.UUID, about: Sequence[uuid.UUID]) -> _Known:
    shared = legs.gather(about, lambda ids: _by_id(session, SharedSale, ids))
    rules = {one.rule_id for one in shared.values()}
    return _Known(
        shared,
        legs.gather(shared, lambda ids: _parts(session, member_id, ids)),
        legs.gather(shared, lambda ids: _weights(session, ids)),
        legs.gather(rules, lambda ids: _by_id(session, ShareRule, ids)),
        legs.gather(
            [one.sale_id for one in shared.values()], lambda ids: sales.sales(session, ids)
        ),
        legs.gather(about, lambda ids: _by_id(session, MemberPayment, ids)),
        legs.gather(about, lambda ids: _by_id(session, Surplus, ids)),
    )


def _by_id(
    session: Session, table: type[legs.Found], ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, legs.Found]:
    column = table.id  # type: ignore[attr-defined]
    return {one.id: one for one in session.scalars(select(table).where(column.in_(ids)))}  # type: ignore[attr-defined]


def _parts(
    session: Session, member_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, SharedPart]:
    rows = session.scalars(
        select(SharedPart).where(SharedPart.member_id == member_id, SharedPart.shared_id.in_(ids))
    )
    return {one.shared_id: one for one in rows}


def _weights(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """With how much all of them together counted in each of these sales."""
    rows = session.execute(
        select(SharedPart.shared_id, func.sum(SharedPart.weight))
        .where(SharedPart.shared_id.in_(ids))
        .group_by(SharedPart.shared_id)
    )
    return {shared_id: int(weight) for shared_id, weight in rows}


def _told(entry: Entry, change: int, known: _Known) -> Told:
    about = entry.group_id or entry.id
    day, shared = clock.local_day(entry.occurred_at), known.shared.get(about)
    payment, surplus = known.payments.get(about), known.surpluses.get(about)
    if shared is not None:
        sale = known.sales.get(shared.sale_id)
        what = gettext("Dari %(buyer)s", buyer=sale.buyer) if sale else gettext("Penjualan")
        how = _how_shared(entry, shared, known)
        return Told(day, "sale", sale.number if sale else "", what, how, change)
    if payment is not None:
        undone = entry.reverses_id is not None
        what = gettext("Dibatalkan") if undone else gettext("Diberikan")
        kind = "handed_undone" if undone else "handed"
        return Told(day, kind, "", what, _how_handed(payment), change)
    if surplus is not None:
        how = gettext(
            "Hasil usaha %(first)s sampai %(last)s, menurut jasa dan simpanannya.",
            first=i18n.day(surplus.first), last=i18n.day(surplus.last),
        )  # fmt: skip
        return Told(day, "surplus", "", gettext("SHU"), how, change)
    if entry.kind == EntryKind.LOT_SETTLED:
        how = gettext("Hitungannya ada di catatan lot itu.")
        return Told(day, "lot", entry.note, gettext("Hasil lot"), how, change)
    return Told(day, "other", "", gettext("Catatan lain"), entry.note, change)


def _how_shared(entry: Entry, shared: SharedSale, known: _Known) -> str:
    """Net of the sale, what the fund gets of it, and her part of the rest."""
    rule, part = known.rules[shared.rule_id], known.parts.get(shared.id)
    said = [gettext("Bersih sesudah potongan %(net)s.", net=rupiah(shared.net))]
    if shared.fund:
        said.append(
            gettext(
                "Kas %(percent)s\u00a0%%: %(fund)s.",
                percent=percent(rule.reserve_basis_points), fund=rupiah(shared.fund),
            )
        )  # fmt: skip
    if part is not None:
        said.append(
            gettext(
                "Sisanya %(rest)s, %(basis)s: bagiannya %(mine)s, %(one)s dari %(all)s hitungan.",
                rest=rupiah(shared.net - shared.fund), basis=str(words.BASES[rule.basis]).lower(),
                mine=rupiah(part.amount), one=_plain(part.weight),
                all=_plain(known.weights.get(shared.id, 0)),
            )
        )  # fmt: skip
    if shared.fell_back:
        said.append(str(words.FELL_BACK[shared.fell_back]))
    if not entry.key.endswith(":1"):
        said.append(gettext("Dihitung ulang sesudah ada uang yang kembali ke pembeli."))
    elif shared.times > 1:
        said.append(gettext("Itu hitungan terakhir; selisihnya ada di baris yang dihitung ulang."))
    return " ".join(said)


def _how_handed(payment: MemberPayment) -> str:
    said = [gettext("Di tangan %(sum)s.", sum=rupiah(payment.paid))]
    if payment.deducted:
        said.append(gettext("Kasbon dipotong %(sum)s.", sum=rupiah(payment.deducted)))
    return " ".join([*said, payment.note] if payment.note else said)


def _plain(weight: int) -> str:
    return f"{weight:,}".replace(",", ".")
