"""The journal takes balanced entries and nothing else, and never forgets."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.post import About, Leg, Unbalanced, balance, post
from shop.ledger.states import AccountKind as A
from shop.ledger.states import EntryKind
from tests.factories.sellers import make_seller

pytestmark = pytest.mark.both


def pay(session: Session, seller_id: uuid.UUID, key: str = "k", amount: int = 30_000) -> uuid.UUID:
    legs = [Leg(A.BANK, amount), Leg(A.HELD, -amount, seller_id)]
    return post(session, EntryKind.ORDER_PAID, key, legs, About())


def test_an_entry_moves_running_balances(session: Session):
    seller = make_seller(session)
    pay(session, seller.id, "a", 30_000)
    pay(session, seller.id, "b", 12_000)
    session.commit()
    assert balance(session, A.BANK) == 42_000
    assert balance(session, A.HELD, seller.id) == -42_000
    bank = select(Posting.number, Posting.balance).join(Account).where(Account.code == "bank")
    assert session.execute(bank.order_by(Posting.number)).all() == [(1, 30_000), (2, 42_000)]


def test_legs_that_do_not_balance_are_refused(session: Session):
    with pytest.raises(Unbalanced):
        post(session, EntryKind.FEE, "k", [Leg(A.BANK, 5), Leg(A.FEE, -4)], About())
    with pytest.raises(Unbalanced):
        post(session, EntryKind.FEE, "k", [], About())


def test_the_database_itself_refuses_an_unbalanced_entry(session: Session):
    account = Account(code="bank", kind="bank")
    session.add(account)
    session.flush()
    entry_id = ids.new_id()
    session.execute(
        insert(Posting).values(
            id=ids.new_id(), entry_id=entry_id, account_id=account.id, number=1, amount=5, balance=5
        )
    )
    with pytest.raises(DatabaseError, match="balance"):
        session.execute(
            insert(Entry).values(
                id=entry_id,
                key="k",
                kind="fee",
                occurred_at=clock.now(),
                month=clock.month_of(clock.now()),
            )
        )


def test_the_same_key_posts_once(session: Session):
    seller = make_seller(session)
    pay(session, seller.id)
    session.commit()
    with pytest.raises(IntegrityError):
        pay(session, seller.id)
    session.rollback()
    assert balance(session, A.BANK) == 30_000


@pytest.mark.parametrize("table", [Entry, Posting])
def test_entries_cannot_be_changed_or_deleted(session: Session, table: type[Entry | Posting]):
    pay(session, make_seller(session).id)
    session.commit()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(update(table).values(id=ids.new_id()))
    session.rollback()
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(delete(table))
    session.rollback()
    assert session.scalar(select(table.id)) is not None


def test_a_closed_entry_takes_no_more_postings(session: Session):
    entry_id = pay(session, make_seller(session).id)
    other = Account(code="fee", kind="fee")
    session.add(other)
    session.flush()
    with pytest.raises(DatabaseError, match="closed"):
        session.execute(
            insert(Posting).values(
                id=ids.new_id(),
                entry_id=entry_id,
                account_id=other.id,
                number=1,
                amount=5,
                balance=5,
            )
        )
