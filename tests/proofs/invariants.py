"""S11: thirteen things that must be true of money, in a shop where everything happened.

Each is proved by rules of `shop check`, which must find it broken once it is, or by a guard of the
database, which must refuse what goes through once the guard is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop.check import check_all
from shop.core.db import db
from shop.core.storage import Storage
from tests.contracts.damages import PLANTED
from tests.factories.planting import damaged, run
from tests.factories.whole_shop import whole_shop
from tests.proofs.stage import opened


@dataclass(frozen=True)
class Kept:
    """How an invariant is kept: by which rules of the check, by refusing which statements."""

    what: str
    rules: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


INVARIANTS = {
    "I1": Kept("the legs of an entry sum to zero", ("every entry balances",)),
    "I2": Kept("the whole journal sums to zero", ("all accounts sum to zero",)),
    "I3": Kept(
        "what is written stays",
        refused=(
            "UPDATE postings SET amount = amount + 1", "DELETE FROM postings",
            "UPDATE entries SET key = key || 'x'",
            "DELETE FROM entries WHERE kind = 'refund_paid'",
        ),
    ),
    "I4": Kept("no leg is of nothing", ("every entry balances",)),
    "I5": Kept(
        "what is paid is booked, and what is booked is paid",
        ("every settled payment is in the books once", "no order without its parts"),
    ),
    "I6": Kept(
        "a sale is what the seller gets and the fee",
        ("every completed part is in the books once", "every part is the sum of its lines"),
    ),
    "I7": Kept(
        "no more goes back than came",
        ("no more goes back than was paid", "lines and refunds say the same of a line"),
    ),
    "I8": Kept(
        "nobody is paid more than she is owed",
        ("nobody was paid more than was payable", "nothing earned is in two payouts"),
    ),
    "I9": Kept(
        "stock is what came less what went",
        ("stock is the sum of its moves", "no stock below zero or promised twice"),
    ),
    "I10": Kept(
        "balances are the sums of their legs",
        ("running balances equal the sums", "postings are numbered without a gap"),
    ),
    "I11": Kept(
        "one payment of a provider is booked once",
        ("every code that was paid settled its payment, alone",),
    ),
    "I12": Kept(
        "what a provider holds is what it said",
        ("what gateways paid into the bank is in the books",),
    ),
    "I13": Kept(
        "who pays by hand leaves a proof and a moment",
        refused=(
            "UPDATE payouts SET reference = '' WHERE state = 'paid'",
            "UPDATE payouts SET paid_at = NULL WHERE state = 'paid'",
            "UPDATE refunds SET paid_at = NULL WHERE state = 'paid'",
            "UPDATE payments SET settled_at = NULL WHERE state = 'settled'",
        ),
    ),
}  # fmt: skip
"""As docs/proofs.md numbers them."""
DAMAGES = PLANTED | {
    "I4": ["UPDATE postings SET amount = 0 WHERE number = 1"],
}
"""By the invariant, where its rule has another damage than its own."""


@dataclass
class Proved:
    """How many invariants held, and of how many it was seen that they can break."""

    held: int = 0
    can_break: int = 0
    looked_at: int = 0
    wrong: list[str] = field(default_factory=list)


def prove(database: str) -> Proved:
    """The thirteen on one database."""
    with opened(database) as (app, _), app.app_context():
        proved = prove_in(app)
        db.session.remove()
        return proved


def prove_in(app: Flask) -> Proved:
    """Fill the shop, look, and break each invariant by itself."""
    session, storage = db.session(), app.extensions["storage"]
    whole_shop(session, storage)
    found = {one.name: one for one in check_all(session, storage)}
    proved = Proved(looked_at=sum(one.looked_at for one in found.values()))
    for name, kept in INVARIANTS.items():
        sound = all(not found[rule].faults and found[rule].looked_at for rule in kept.rules)
        if sound and all(_is_refused(session, statement) for statement in kept.refused):
            proved.held += 1
        else:
            proved.wrong.append(f"{name} does not hold: {kept.what}")
    with damaged(session) as broken:
        for name, kept in INVARIANTS.items():
            if _breaks(broken, storage, name, kept):
                proved.can_break += 1
            else:
                proved.wrong.append(f"{name} cannot be seen to break: {kept.what}")
    return proved


def _is_refused(session: Session, statement: str) -> bool:
    until_here = session.begin_nested()
    try:
        session.connection().exec_driver_sql(statement)
    except DBAPIError:
        return True
    else:
        return False
    finally:
        until_here.rollback()


def _breaks(session: Session, storage: Storage, name: str, kept: Kept) -> bool:
    """Whether each rule finds its damage, and each statement goes through without guards."""
    for rule in kept.rules:
        with session.begin_nested() as until_here:
            run(session.connection(), DAMAGES.get(name) or DAMAGES[rule])
            session.expire_all()
            faults = {one.name: one.faults for one in check_all(session, storage)}[rule]
            until_here.rollback()
        if not faults:
            return False
    for statement in kept.refused:
        with session.begin_nested() as until_here:
            run(session.connection(), [statement])
            until_here.rollback()
    return True
