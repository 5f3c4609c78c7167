"""Lots: delivered by weight, sold together, settled once, to the last rupiah."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.ledger import sales
from shop.ledger.check import check_books
from shop.ledger.fees import set_rule
from shop.ledger.models import Entry
from shop.ledger.states import EntryKind
from shop.lots import facts, price
from shop.lots.answer_note import NoReason, NotHers, confirm, withdraw
from shop.lots.check import check_lots
from shop.lots.deliver import Brought, NotMember, WrongDay, deliver
from shop.lots.hold import NotPooled, Settled, open_lot
from shop.lots.models import DeliveryNote, Lot, LotPart, PooledProduct
from shop.lots.pool import NotCooperative, NoWeight, Terms, pool
from shop.lots.queries import gained_by
from shop.lots.settle import Changed, NothingDelivered, NoWhy, settle
from shop.lots.states import Grade, LotState, NoteState, RecordKind
from shop.lots.work_out import notes_of, work_out, worked
from shop.lots.write_down import NoProof, Written, take_back, write_down
from shop.orders.give_back import give_back
from shop.sellers.models import Seller, SellerMember, ShareBasis
from shop.sharing.check import check_sharing
from shop.sharing.give_advance import Beforehand, give_advance
from shop.sharing.models import SharedSale
from shop.sharing.purse import advanced, owed, purse
from shop.sharing.states import AdvanceKind
from tests.catalog.offered import offer
from tests.factories.complaints import kept_photo
from tests.factories.lots import (
    WEIGHTS,
    brought,
    make_cooperative,
    pooled_thing,
    settled,
    written,
)
from tests.factories.orders import completed_part
from tests.factories.people import make_person
from tests.factories.sharing import decided, make_group, shared_of, thing_of

pytestmark = pytest.mark.both
TERMS = Terms(WEIGHTS, 500)


@pytest.fixture(autouse=True)
def _sound(session: Session) -> Iterator[None]:
    """Whatever a test did, lots, shares and books agree."""
    yield
    found = [*check_lots(session), *check_sharing(session), *check_books(session)]
    assert [one.line for one in found if one.faults] == []


@pytest.fixture
def coop(session: Session) -> tuple[Seller, list[SellerMember], Variant]:
    """Owner and Siti; chili at Rp20.000 a kilogram, 5 % for the cooperative."""
    seller, members = make_cooperative(session, "Siti")
    return seller, members, pooled_thing(session, seller)


Coop = tuple[Seller, list[SellerMember], Variant]


def lot_of(session: Session, note: DeliveryNote) -> Lot:
    return session.get_one(Lot, note.lot_id)


def test_deliveries_make_stock_of_whole_pieces_and_keep_what_is_over(session: Session, coop: Coop):
    _, members, variant = coop
    first = brought(session, members[0], variant, 12.5)
    session.refresh(variant)
    assert (variant.on_hand, lot_of(session, first).state) == (12, LotState.OPEN)
    second = brought(session, members[1], variant, 0.5, Grade.B)
    session.refresh(variant)
    assert (variant.on_hand, second.lot_id, second.weight) == (13, first.lot_id, 80)


def test_a_note_sent_twice_is_one(session: Session, coop: Coop):
    _, members, variant = coop
    first = brought(session, members[0], variant, 5, key="once")
    assert brought(session, members[0], variant, 5, key="once").id == first.id
    session.refresh(variant)
    assert variant.on_hand == 5


def test_only_members_deliver_what_is_pooled_on_days_people_remember(session: Session, coop: Coop):
    seller, members, variant = coop
    today = clock.today()
    given = Brought(variant.product_id, members[0].id, 1_000, Grade.A, today, 10_000)
    for change, fault in (
        ({"day": clock.today() + timedelta(days=1)}, WrongDay),
        ({"day": clock.today() - timedelta(days=15)}, WrongDay),
        ({"member_id": make_group(session, name="Lain")[1][0].id}, NotMember),
        ({"product_id": offer(session, seller).product_id}, NotPooled),
    ):
        with pytest.raises(fault):
            deliver(session, seller.id, replace(given, **change), key="x", person_id=None)


def test_only_the_member_confirms_and_a_witness_where_she_cannot(session: Session, coop: Coop):
    _, (owner, siti), variant = coop
    note = brought(session, siti, variant, 5)
    assert owner.person_id is not None
    assert siti.person_id is not None
    with pytest.raises(NotHers):
        confirm(session, note, owner.person_id)
    confirm(session, note, siti.person_id)
    assert note.state == NoteState.CONFIRMED
    with pytest.raises(IllegalMove):
        confirm(session, note, siti.person_id)
    siti.person_id = None
    other = brought(session, siti, variant, 5)
    other.person_id = owner.person_id
    session.flush()
    with pytest.raises(NotHers):
        confirm(session, other, owner.person_id)
    confirm(session, other, make_person(session, name="Saksi").id)
    assert other.state == NoteState.CONFIRMED


def test_a_withdrawn_note_counts_no_more_and_leaves_the_stock(session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[0], variant, 12.5)
    stays = brought(session, members[1], variant, 2)
    person = make_person(session, name="Pencatat").id
    with pytest.raises(NoReason):
        withdraw(session, note, person, " ")
    withdraw(session, note, person, "Salah timbang")
    session.refresh(variant)
    assert variant.on_hand == 2
    assert [one.member_id for one in work_out(session, lot_of(session, stays)).parts] == [
        members[1].id
    ]
    with pytest.raises(IllegalMove):
        withdraw(session, note, person, "Lagi")


def test_a_lot_is_shared_by_graded_weight_after_fees_costs_and_the_cooperatives_part(
    session: Session, coop: Coop
):
    set_rule(session, 1_000, person_id=None)
    seller, (owner, siti), variant = coop
    note = brought(session, owner, variant, 10)
    brought(session, siti, variant, 5, Grade.B)
    completed_part(session, (variant, 10))
    lot = lot_of(session, note)
    written(session, lot, RecordKind.TRANSPORT, 20_000)
    written(session, lot, RecordKind.PACKING, 1_000)
    written(session, lot, RecordKind.ELSEWHERE, 40_000, 2_000, kept_photo(session))
    written(session, lot, RecordKind.SHRINK, 0, 1_000)
    done = settled(session, lot)
    # Rp200.000 − 10 % + Rp40.000 = Rp220.000; 5 % of it Rp11.000; − Rp21.000 costs.
    assert (done.gross, done.fees, done.elsewhere, done.costs) == (200_000, 20_000, 40_000, 21_000)
    assert done.pot == price.Pot(11_000, 188_000, 0)
    assert [part.amount for part in done.parts] == [134_286, 53_714]  # 1000 : 400
    assert [owed(session, seller.id, one.id) for one in (owner, siti)] == [134_286, 53_714]
    assert purse(session, seller.id).fund == 11_000
    assert purse(session, seller.id).pool == 199_000
    session.refresh(variant)
    assert variant.on_hand == 15 - 10 - 2 - 1
    assert worked(session, lot).parts == done.parts


def test_a_pooled_sale_is_not_shared_by_the_rule_too(session: Session, coop: Coop):
    seller, members, variant = coop
    decided(session, seller, members, ShareBasis.EQUAL, reserve=0)
    other = thing_of(session, seller, 30_000)
    note = brought(session, members[0], variant, 10)
    alone = completed_part(session, (variant, 2))
    mixed = completed_part(session, (variant, 1), (other, 1))
    shared = session.scalars(select(SharedSale.sale_id)).all()
    assert alone.id not in shared
    assert shared_of(session, mixed).net == 30_000
    assert work_out(session, lot_of(session, note)).gross == 60_000


def test_sales_before_the_product_was_pooled_stay_with_the_rule(session: Session):
    seller, members = make_cooperative(session, "Siti")
    decided(session, seller, members, reserve=0)
    variant = offer(session, seller, 10, name="Timun")
    session.get_one(Product, variant.product_id).weight_g = 1_000
    part = completed_part(session, (variant, 2))
    pooled = pool(session, seller.id, variant.product_id, TERMS, person_id=None)
    assert pooled.since == clock.today() + timedelta(days=1)
    note = brought(session, members[0], variant, 5)
    assert shared_of(session, part).net == 30_000
    assert work_out(session, lot_of(session, note)).gross == 0


def test_advances_are_worked_off_by_the_settlement(session: Session, coop: Coop):
    seller, (owner, siti), variant = coop
    note = brought(session, siti, variant, 10)
    brought(session, owner, variant, 10)
    before = Beforehand(AdvanceKind.STOCK, 70_000, "Bibit", clock.today())
    give_advance(session, seller.id, siti.id, before, key="a", person_id=None)
    completed_part(session, (variant, 10))
    done = settled(session, lot_of(session, note))
    assert [(one.amount, one.deducted) for one in done.parts] == [(95_000, 0), (95_000, 70_000)]
    assert (owed(session, seller.id, siti.id), advanced(session, seller.id, siti.id)) == (25_000, 0)


def test_less_than_the_provisional_price_is_refused_without_a_reason(session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[0], variant, 10, provisional=30_000)
    completed_part(session, (variant, 10))
    lot = lot_of(session, note)
    with pytest.raises(NoWhy):
        settled(session, lot, why=" ")
    assert settled(session, lot, why="Harga pasar turun").parts[0].less == 300_000 - 190_000
    assert lot.why == "Harga pasar turun"


def test_it_is_settled_once_and_only_as_it_was_seen(session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[0], variant, 10)
    completed_part(session, (variant, 5))
    lot = lot_of(session, note)
    seen = work_out(session, lot).seal
    written(session, lot, RecordKind.OTHER, 5_000)
    with pytest.raises(Changed):
        settle(session, lot, seal=seen, why="-", person_id=None)
    settled(session, lot)
    person = make_person(session, name="P").id
    for again in (
        lambda: settle(session, lot, seal=seen, why="-", person_id=None),
        lambda: withdraw(session, note, person, "Salah"),
        lambda: written(session, lot, RecordKind.OTHER, 1),
    ):
        with pytest.raises(Settled):
            again()
    entries = session.scalars(select(Entry).where(Entry.kind == EntryKind.LOT_SETTLED.value)).all()
    assert len(entries) == 1
    assert brought(session, members[0], variant, 1).lot_id != lot.id


def test_a_lot_without_a_note_has_nobody_to_share_with(session: Session, coop: Coop):
    _, _, variant = coop
    lot = open_lot(session, session.get_one(PooledProduct, variant.product_id))
    with pytest.raises(NothingDelivered):
        settled(session, lot)


def test_costs_above_what_was_sold_are_the_funds_loss(session: Session, coop: Coop):
    seller, members, variant = coop
    note = brought(session, members[0], variant, 10)
    written(session, lot_of(session, note), RecordKind.TRANSPORT, 30_000)
    done = settled(session, lot_of(session, note))
    assert done.pot == price.Pot(0, 0, 30_000)
    assert (purse(session, seller.id).fund, purse(session, seller.id).pool) == (-30_000, -30_000)


def test_a_lot_without_any_money_is_settled_without_an_entry(session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[0], variant, 10)
    settled(session, lot_of(session, note))
    assert lot_of(session, note).state == LotState.SETTLED


def test_money_that_goes_back_later_is_taken_from_the_next_lot(session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[0], variant, 10)
    part = completed_part(session, (variant, 5))
    settled(session, lot_of(session, note))
    give_back(
        session, part.id, lines={part.lines[0].id: (2, 40_000)}, delivery=0,
        seller_share=40_000, reason="Busuk", person_id=None, key="a",
    )  # fmt: skip
    after = brought(session, members[1], variant, 4)
    completed_part(session, (variant, 3))
    done = work_out(session, lot_of(session, after))
    assert done.gross - done.fees == 60_000 - 40_000
    settled(session, lot_of(session, after))
    third = brought(session, members[1], variant, 1)
    assert work_out(session, lot_of(session, third)).sold == []


def test_what_is_written_down_twice_is_one_and_can_be_taken_back(session: Session, coop: Coop):
    _, members, variant = coop
    lot = lot_of(session, brought(session, members[0], variant, 10))
    what = Written(RecordKind.SHRINK, 0, 2_000, "Busuk", clock.today())
    row = write_down(session, lot, what, key="s", person_id=None)
    assert write_down(session, lot, what, key="s", person_id=None).id == row.id
    session.refresh(variant)
    assert variant.on_hand == 8
    for _ in range(2):
        take_back(session, row, None, "Salah")
    session.refresh(variant)
    assert (variant.on_hand, work_out(session, lot).shrink_g) == (10, 0)
    sold = Written(RecordKind.ELSEWHERE, 10_000, 1_000, "Pasar", clock.today())
    with pytest.raises(NoProof):
        write_down(session, lot, sold, key="e", person_id=None)
    with pytest.raises(ValueError, match="shrink"):
        write_down(session, lot, Written(RecordKind.SHRINK, 5, 5, "?", clock.today()), key="f",
                   person_id=None)  # fmt: skip


def test_the_price_gained_is_against_the_farm_gate_of_the_notes_that_have_one(
    session: Session, coop: Coop
):
    _, (owner, siti), variant = coop
    note = brought(session, owner, variant, 10, farm_gate=12_000)
    brought(session, owner, variant, 5)
    brought(session, siti, variant, 5, farm_gate=25_000)
    completed_part(session, (variant, 20))
    lot = lot_of(session, note)
    assert gained_by(lot, notes_of(session, lot)) is None
    settled(session, lot)
    notes = notes_of(session, lot)  # Rp380.000 for 20 kg: Rp19.000 a kilogram
    assert gained_by(lot, notes, owner.id) == price.Gained(7_000, 10_000, 1, 2)
    assert gained_by(lot, notes, siti.id) == price.Gained(-6_000, 5_000, 1, 1)
    assert gained_by(lot, notes) == price.Gained(2_667, 15_000, 2, 3)


def test_kilograms_of_the_month_are_what_a_rule_by_kilograms_shares_by(
    session: Session, coop: Coop
):
    seller, members, variant = coop
    decided(session, seller, members, ShareBasis.KILOGRAMS, reserve=0)
    brought(session, members[0], variant, 3)
    brought(session, members[1], variant, 1)
    gone = brought(session, members[1], variant, 8)
    withdraw(session, gone, make_person(session, name="P").id, "Salah")
    part = completed_part(session, (thing_of(session, seller, 40_000), 1))
    assert [one.amount for one in shared_of(session, part).parts] == [30_000, 10_000]
    next_month = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    assert facts.kilograms(session, seller.id, next_month) == {}
    assert sales.knows_kilograms()


def test_lots_are_for_cooperatives_and_for_things_with_a_weight(session: Session):
    group, _ = make_group(session)
    with pytest.raises(NotCooperative):
        pool(session, group.id, offer(session, group).product_id, TERMS, person_id=None)
    seller, _ = make_cooperative(session)
    weightless = offer(session, seller)
    with pytest.raises(NoWeight):
        pool(session, seller.id, weightless.product_id, TERMS, person_id=None)
    with pytest.raises(LookupError):
        pool(session, seller.id, offer(session, group).product_id, TERMS, person_id=None)


def test_other_terms_do_not_touch_notes_that_are_written(session: Session, coop: Coop):
    seller, members, variant = coop
    note = brought(session, members[0], variant, 1, Grade.B)
    other = Terms({Grade.A: 10, Grade.B: 5, Grade.C: 1}, 0)
    pool(session, seller.id, variant.product_id, other, person_id=None)
    assert (note.weight, brought(session, members[0], variant, 1, Grade.B).weight) == (80, 5)


def test_two_who_press_at_once_settle_once(app: Flask, session: Session, coop: Coop):
    seller, members, variant = coop
    note = brought(session, members[0], variant, 10)
    completed_part(session, (variant, 5))
    lot_id, seal = note.lot_id, work_out(session, lot_of(session, note)).seal
    session.commit()
    ends: list[str] = []
    gate = threading.Barrier(4)

    def press() -> None:
        with app.app_context():
            gate.wait()
            try:
                lot = db.session().get_one(Lot, lot_id)
                settle(db.session(), lot, seal=seal, why="Harga turun", person_id=None)
                db.session.commit()
                ends.append("settled")
            except Settled:
                ends.append("too late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    assert sorted(ends) == ["settled", "too late", "too late", "too late"]
    assert owed(session, seller.id, members[0].id) == 95_000


def test_a_changed_part_of_a_lot_is_found(session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[0], variant, 10)
    completed_part(session, (variant, 5))
    settled(session, lot_of(session, note))
    part = session.scalars(select(LotPart)).one()
    part.amount += 1  # type: ignore[assignment]
    session.flush()
    assert sum(len(one.faults) for one in check_lots(session)) == 2
    part.amount -= 1  # type: ignore[assignment]
    session.flush()
