"""A lot's money from nothing to nothing, and one member's part of it, note by note."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from shop.core import clock
from shop.core.money import rupiah
from shop.ledger.figures import percent
from shop.ledger.plain_statement import PlainStatement, Told, add_up
from shop.lots import price, words
from shop.lots.models import DeliveryNote, Lot
from shop.lots.states import COSTS, RecordKind
from shop.lots.work_out import Sold, Worked, notes_of, records, worked


def lot_statement(session: Session, lot: Lot, names: dict[uuid.UUID, str]) -> PlainStatement:
    """Every sale and cost of a lot, and to whom the rest went; while it is open, as it would be.

    What is left is nothing. `names` are those of all who ever were members.
    """
    done = worked(session, lot)
    end = lot.last or clock.today()
    told = [
        *(_sold(one, end) for one in done.sold),
        *_written_down(session, lot),
        *_shared_out(done, end, names),
    ]
    return add_up(0, told)


def member_statement(session: Session, lot: Lot, member_id: uuid.UUID) -> PlainStatement | None:
    """What each of her notes brought, less her advances: what she is owed of the lot.

    Her part is split over her notes by graded weight. None where she delivered nothing.
    """
    done = worked(session, lot)
    part = next((one for one in done.parts if one.member_id == member_id), None)
    if part is None:
        return None
    notes = [one for one in notes_of(session, lot) if one.member_id == member_id]
    brought = price.share(part.amount, {one.id: one.grams * one.weight for one in notes})
    told = [_note(one, brought[one.id], done) for one in notes]
    if part.deducted:
        told.append(
            Told(
                lot.last or clock.today(), "advance", "",
                gettext("Kasbon dan bahan yang dipotong"), "", -part.deducted,
            )
        )  # fmt: skip
    return add_up(0, told)


def period_of(lot: Lot) -> str:
    """From which day to which, or that it is not over."""
    title = title_of(lot)
    said: str = gettext("%(lot)s, belum pasti: lot masih berjalan", lot=title)
    return title if lot.last else said


def title_of(lot: Lot) -> str:
    """`Beras Lewotolok, lot 3`."""
    said: str = gettext("%(product)s, lot %(number)d", product=lot.product.name, number=lot.number)
    return said


def _sold(one: Sold, end: date) -> Told:
    sale = one.sale
    what = sale.buyer if sale else gettext("Penjualan")
    how = ngettext(
        "%(num)d buah, dibayar %(gross)s, potongan program %(fee)s.",
        "%(num)d buah, dibayar %(gross)s, potongan program %(fee)s.",
        one.pieces, gross=rupiah(one.gross), fee=rupiah(one.gross - one.net),
    )  # fmt: skip
    return Told(
        sale.sold_on if sale else end, "sale", sale.number if sale else "", what, how, one.net
    )


def _written_down(session: Session, lot: Lot) -> Iterator[Told]:
    for row in records(session, lot):
        weight = f"{words.kilograms(row.grams)} kg. " if row.grams else ""
        if row.kind == RecordKind.ELSEWHERE:
            change = int(row.amount)
        elif row.kind in COSTS:
            change = -row.amount
        else:
            change = 0
        what = str(words.RECORDS[row.kind])
        yield Told(row.day, row.kind, "", what, f"{weight}{row.note}", change)


def _shared_out(done: Worked, end: date, names: dict[uuid.UUID, str]) -> Iterator[Told]:
    pot = done.pot
    if pot.coop_fee:
        how = gettext(
            "%(percent)s\u00a0%% dari penjualan, masuk kas", percent=percent(done.fee_basis_points)
        )
        yield Told(end, "coop_fee", "", gettext("Potongan koperasi"), how, -pot.coop_fee)
    if pot.lost:
        yield Told(end, "lost", "", gettext("Rugi, ditanggung kas"), "", pot.lost)
    for part in done.parts:
        how = gettext(
            "%(kg)s kg; hitungannya %(one)s dari %(all)s.",
            kg=words.kilograms(part.grams), one=words.kilograms(part.graded),
            all=words.kilograms(done.graded),
        )  # fmt: skip
        yield Told(end, "member", "", names[part.member_id], how, -part.amount)


def _note(note: DeliveryNote, amount: int, done: Worked) -> Told:
    what = gettext("Setoran %(kg)s kg", kg=words.kilograms(note.grams))
    per_kg = price.price(done.pot.shared, done.graded, note.weight)
    how = gettext(
        "mutu %(grade)s, bobot %(weight)d, %(sum)s per kg",
        grade=note.grade, weight=note.weight, sum=rupiah(per_kg),
    )  # fmt: skip
    return Told(note.day, "delivery", short_number(note), what, how, amount)


def short_number(note: DeliveryNote) -> str:
    """By which people tell notes apart on paper: the last signs of its id."""
    return note.id.hex[-6:].upper()
