"""Sellers are paid exactly what they are owed, and never twice."""

from __future__ import annotations

import threading
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Notification
from shop.core.db import db
from shop.core.lifecycle import IllegalMove
from shop.core.settings import default_settings
from shop.ledger import paid_out
from shop.ledger.models import Entry, Payout, PayoutBatch
from shop.ledger.paid_out import NoReference, mark_paid, mark_returned
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.payments.states import Method
from tests.factories.payments import make_earned
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def batch_of(session: Session, key: str = "friday") -> list[Payout]:
    batch = approved_batch(session, key)
    assert batch is not None
    return list(session.scalars(select(Payout).where(Payout.batch_id == batch.id)))


def test_a_batch_claims_all_that_is_owed(session: Session):
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    make_earned(session, rohana, 60_000, fee=1_800)
    make_earned(session, rohana, 35_000, fee=1_050)
    make_earned(session, melur, 20_000)
    paid = {payout.seller_id: payout for payout in batch_of(session)}
    assert paid[rohana.id].amount == 92_150
    assert paid[melur.id].amount == 20_000
    assert paid[rohana.id].bank_account == rohana.bank_account
    assert balance(session, A.PAYABLE, rohana.id) == 0
    assert balance(session, A.IN_TRANSIT, rohana.id) == -92_150


def test_the_same_key_makes_one_batch(session: Session):
    make_earned(session, make_seller(session), 60_000)
    first = approved_batch(session, "one")
    again = approved_batch(session, "one")
    assert first is not None
    assert again is not None
    assert first.id == again.id
    assert session.scalar(select(func.count()).select_from(Payout)) == 1


def test_a_second_batch_finds_nothing_to_pay(session: Session):
    make_earned(session, make_seller(session), 60_000)
    batch_of(session)
    assert approved_batch(session, "other") is None


def test_batches_are_numbered_by_day(session: Session, noon: object):
    seller = make_seller(session)
    for key in ("a", "b"):
        make_earned(session, seller, 60_000)
        batch_of(session, key)
    numbers = session.scalars(select(PayoutBatch.number).order_by(PayoutBatch.number)).all()
    assert numbers == ["2026-11-25-1", "2026-11-25-2"]


def test_who_has_no_account_owes_or_is_below_the_minimum_waits(session: Session):
    settings = default_settings()
    settings.payout_minimum = 50_000
    session.add(settings)
    no_account, owes = make_seller(session, "Tanpa"), make_seller(session, "Tunai")
    small, exact = make_seller(session, "Kecil"), make_seller(session, "Pas")
    no_account.bank_account = ""
    make_earned(session, no_account, 60_000)
    make_earned(session, owes, 30_000, method=Method.CASH, fee=900)
    make_earned(session, small, 49_999)
    make_earned(session, exact, 50_000)
    assert [payout.seller_id for payout in batch_of(session)] == [exact.id]
    assert balance(session, A.PAYABLE, owes.id) == 900


def test_the_fee_of_cash_sales_is_netted(session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 30_000, method=Method.CASH, fee=900)
    make_earned(session, seller, 60_000, fee=1_800)
    assert batch_of(session)[0].amount == 57_300


def test_a_payout_leaves_the_bank_once(session: Session):
    seller = make_seller(session)
    make_earned(session, seller, 60_000)
    payout = batch_of(session)[0]
    with pytest.raises(NoReference):
        mark_paid(session, payout.id, reference=" ", person_id=None)
    mark_paid(session, payout.id, reference="BRI 1", person_id=None)
    with pytest.raises(IllegalMove):
        mark_paid(session, payout.id, reference="BRI 2", person_id=None)
    assert balance(session, A.BANK) == 0
    assert balance(session, A.IN_TRANSIT, seller.id) == 0


def test_a_whole_batch_is_marked_at_once(session: Session):
    for name in ("Rohana", "Melur", "Sari"):
        make_earned(session, make_seller(session, name), 10_000)
    payouts = batch_of(session)
    mark_paid(session, payouts[0].id, reference="own", person_id=None)
    marked = paid_out.mark_batch_paid(session, payouts[0].batch_id, reference="all", person_id=None)
    assert marked == 2
    assert balance(session, A.BANK) == 0


@pytest.mark.parametrize("was_paid", [False, True])
def test_what_the_bank_sends_back_is_owed_again(session: Session, was_paid: bool):
    seller = make_seller(session)
    make_earned(session, seller, 60_000)
    payout = batch_of(session)[0]
    if was_paid:
        mark_paid(session, payout.id, reference="BRI 1", person_id=None)
    mark_returned(session, payout.id, reason="rekening ditutup", person_id=None)
    assert balance(session, A.PAYABLE, seller.id) == -60_000
    assert balance(session, A.IN_TRANSIT, seller.id) == 0
    assert balance(session, A.BANK) == 60_000
    with pytest.raises(IllegalMove):
        mark_returned(session, payout.id, reason="lagi", person_id=None)
    assert batch_of(session, "again")[0].amount == 60_000


def press(app: Flask, keys: list[str]) -> list[uuid.UUID | None]:
    """Make a batch for each key in a thread of its own, all at once."""
    made: list[uuid.UUID | None] = []
    gate = threading.Barrier(len(keys))

    def one(key: str) -> None:
        with app.app_context():
            gate.wait()
            batch = approved_batch(db.session(), key)
            made.append(batch.id if batch else None)
            db.session.commit()
            db.session.remove()

    threads = [threading.Thread(target=one, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made


@pytest.mark.parametrize("keys", [["same"] * 4, ["a", "b", "c", "d"]])
def test_two_staff_at_once_pay_once(app: Flask, session: Session, keys: list[str]):
    sellers = [make_seller(session, f"Penjual {n}") for n in range(5)]
    for seller in sellers:
        make_earned(session, seller, 60_000)
    session.commit()
    made = press(app, keys)
    assert len({batch for batch in made if batch}) == 1
    assert len(made) == len(keys)
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Payout)) == 5
    claimed = session.scalar(
        select(func.count()).select_from(Entry).where(Entry.kind == "payout_claimed")
    )
    assert claimed == 5
    assert all(balance(session, A.PAYABLE, seller.id) == 0 for seller in sellers)
    assert all(balance(session, A.IN_TRANSIT, seller.id) == -60_000 for seller in sellers)


def test_the_studio_is_told_of_a_payout_and_of_its_return(session: Session):
    make_earned(session, make_seller(session), 100_000)
    (payout,) = batch_of(session)
    mark_paid(session, payout.id, reference="TRF1", person_id=None)
    mark_returned(session, payout.id, reason="closed", person_id=None)
    told = session.scalars(select(Notification).where(Notification.kind.like("payout%"))).all()
    assert sorted(one.kind for one in told) == [paid_out.PAID, paid_out.RETURNED]
    assert {one.detail["amount"] for one in told} == {"Rp100.000"}
