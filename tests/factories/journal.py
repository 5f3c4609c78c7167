"""A journal with something of everything, and one as long as is wanted."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from shop.core import clock, ids
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.pay_out import make_batch
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.payments.states import Method
from tests.factories.payments import make_earned, make_paid
from tests.factories.sellers import make_seller

ODD = 'Kedai "Bu; Ani" \\ 🦐, 50% = a:b\n  2026-01-01 * "x"\r\n; y: z'
"""A text with everything in it that means something to a format."""
NOTE = f"untuk Bu Yusni {ODD}"
BEGAN = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
_CHUNK = 5_000


def busy_journal(session: Session) -> None:
    """Sales, cash, fees and payouts over some days, odd texts among them; commits."""
    rohana, odd = make_seller(session), make_seller(session, f"Melur {ODD}"[:60])
    for number, day in enumerate((1, 2, 2, 5, 9)):
        with clock.at(datetime(2026, 11, day, 16, 59, tzinfo=UTC) + timedelta(minutes=number)):
            make_earned(session, rohana, 60_000 + number, fee=1_800)
            make_earned(session, odd, 25_000, method=Method.CASH, fee=750)
            make_paid(session, (rohana, 12_000), (odd, 7_000))
    with clock.at(datetime(2026, 11, 10, 3, 0, tzinfo=UTC)):
        make_batch(session, key="k", person_id=None)
        post_odd(session, ODD, note=NOTE)
    session.commit()


def post_odd(session: Session, key: str, note: str = "", amount: int = 9) -> uuid.UUID:
    """A small entry with this key and note."""
    legs = [Leg(AccountKind.BANK, amount), Leg(AccountKind.SURPLUS, -amount)]
    return post(session, EntryKind.ORDER_PAID, key, legs, About(note=note))


def long_journal(session: Session, postings: int, sellers: int = 20) -> None:
    """So many postings, written straight into the tables: sales four legs at a time; commits."""
    places: list[tuple[AccountKind, uuid.UUID | None]]
    places = [(AccountKind.BANK, None), (AccountKind.FEE, None)]
    for _ in range(sellers):
        seller_id = make_seller(session).id
        places += [(AccountKind.HELD, seller_id), (AccountKind.PAYABLE, seller_id)]
    accounts = [
        Account(
            code=f"{kind.value}:{seller_id.hex}" if seller_id else kind.value,
            kind=kind.value,
            seller_id=seller_id,
        )
        for kind, seller_id in places
    ]
    session.add_all(accounts)
    session.flush()
    known = [(account.id, account.seller_id) for account in accounts]
    numbers: defaultdict[uuid.UUID, int] = defaultdict(int)
    filled: defaultdict[uuid.UUID, int] = defaultdict(int)
    for start in range(0, postings // 4, _CHUNK):
        legs, heads = [], []
        for n in range(start, min(start + _CHUNK, postings // 4)):
            at, of = BEGAN + timedelta(minutes=10 * n), 2 + n % sellers * 2
            price, entry_id = 10_000 + n % 977, ids.new_id()
            moved = zip((0, 1, of, of + 1), (price, -300, -700, 1_000 - price), strict=True)
            for place, amount in moved:
                account_id, seller_id = known[place]
                numbers[account_id] += 1
                filled[account_id] += amount
                legs.append(
                    {
                        "id": ids.new_id(), "entry_id": entry_id, "account_id": account_id,
                        "seller_id": seller_id, "number": numbers[account_id], "amount": amount,
                        "balance": filled[account_id],
                    }
                )  # fmt: skip
            heads.append(
                {
                    "id": entry_id, "key": f"paid:{entry_id.hex}", "occurred_at": at,
                    "kind": EntryKind.ORDER_PAID.value, "month": clock.month_of(at),
                    "order_id": entry_id, "payment_id": entry_id,
                }
            )  # fmt: skip
        session.execute(insert(Posting), legs)
        session.execute(insert(Entry), heads)
    for account_id, number in numbers.items():
        session.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(balance=filled[account_id], last_number=number)
        )
    session.commit()
