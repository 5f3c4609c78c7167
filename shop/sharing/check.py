"""Proving the shares: the accounts of a group sum to zero, and what was shared is in the books."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.check import Finding, count, found
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.pooled import left_to_share
from shop.ledger.sales import all_earned, sales
from shop.ledger.states import AccountKind, EntryKind
from shop.sellers.models import SellerMember, ShareRule
from shop.sharing.models import MemberPayment, SharedPart, SharedSale, SurplusTerm
from shop.sharing.models_surplus import Surplus, SurplusPurpose
from shop.sharing.states import PaidState

_OF_GROUP = [
    kind.value
    for kind in (AccountKind.POOL, AccountKind.FUND, AccountKind.MEMBER, AccountKind.ADVANCE)
]


def check_sharing(session: Session) -> list[Finding]:
    """Every rule of sharing, one finding each."""
    shared = count(session, select(func.count()).select_from(SharedSale))
    groups = count(
        session,
        select(func.count(Account.seller_id.distinct())).where(Account.kind.in_(_OF_GROUP)),
    )
    paid = count(session, select(func.count()).select_from(MemberPayment))
    surpluses = count(session, select(func.count()).select_from(Surplus))
    return [
        found("the accounts of each group sum to zero", groups, _not_zero(session)),
        found("every shared sale is the sum of its parts", shared, _wrong_sums(session)),
        found("every part of a sale is in the books", shared, _not_booked(session)),
        found("what is shared of a sale is what it earned", shared, _not_earned(session)),
        found("nobody shares in what was sold without her", shared, _strangers(session)),
        found("every payment to a member is in the books", paid, _wrong_payments(session)),
        found("what a surplus goes to adds up to it", surpluses, _wrong_surpluses(session)),
    ]


def _not_zero(session: Session) -> Iterator[str]:
    total = func.sum(Account.balance)
    rows = session.execute(
        select(Account.seller_id, total)
        .where(Account.kind.in_(_OF_GROUP))
        .group_by(Account.seller_id)
        .having(total != 0)
    )
    return (f"group {seller_id}: they sum to {rest}" for seller_id, rest in rows)


def _wrong_sums(session: Session) -> Iterator[str]:
    parts = func.coalesce(func.sum(SharedPart.amount), 0)
    rows = session.execute(
        select(SharedSale.id, SharedSale.net, SharedSale.fund, parts)
        .outerjoin(SharedPart, SharedPart.shared_id == SharedSale.id)
        .group_by(SharedSale.id, SharedSale.net, SharedSale.fund)
        .having(SharedSale.fund + parts != SharedSale.net)
    )
    return (f"sale {id_}: {net} into {fund} and {shares}" for id_, net, fund, shares in rows)


def _not_booked(session: Session) -> Iterator[str]:
    """What the entries of a sale brought each account is what its row says."""
    booked = (
        select(
            Entry.group_id,
            Account.kind,
            Account.member_id,
            func.sum(Posting.amount).label("sum"),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Entry.kind == EntryKind.SHARED.value)
        .group_by(Entry.group_id, Account.kind, Account.member_id)
        .subquery()
    )
    whole = session.execute(
        select(SharedSale.id, booked.c.kind, booked.c.sum)
        .join(booked, booked.c.group_id == SharedSale.id)
        .where(
            or_(
                (booked.c.kind == AccountKind.POOL.value) & (booked.c.sum != SharedSale.net),
                (booked.c.kind == AccountKind.FUND.value) & (booked.c.sum != -SharedSale.fund),
            )
        )
    )
    yield from (f"sale {id_}: {kind} has {amount}" for id_, kind, amount in whole)
    unbooked = session.scalars(
        select(SharedSale.id).where(~exists().where(booked.c.group_id == SharedSale.id))
    )
    yield from (f"sale {id_} is in no entry" for id_ in unbooked)
    rows = session.execute(
        select(SharedPart.shared_id, SharedPart.member_id, SharedPart.amount, booked.c.sum)
        .outerjoin(
            booked,
            (booked.c.group_id == SharedPart.shared_id)
            & (booked.c.kind == AccountKind.MEMBER.value)
            & (booked.c.member_id == SharedPart.member_id),
        )
        .where(SharedPart.amount != -func.coalesce(booked.c.sum, 0))
    )
    yield from (f"sale {id_}: {member} has {own}, books {sum_}" for id_, member, own, sum_ in rows)


def _not_earned(session: Session) -> Iterator[str]:
    earned = all_earned()
    rows = session.execute(
        select(SharedSale, func.coalesce(earned.c.earned, 0))
        .outerjoin(earned, earned.c.sale == SharedSale.sale_id)
        .where(SharedSale.net != func.coalesce(earned.c.earned, 0))
    ).all()
    found = sales(session, [shared.sale_id for shared, _ in rows])
    for shared, own in rows:
        sale = found.get(shared.sale_id)
        # What went to lots is rightly missing.
        left = left_to_share(session, sale, int(own))[1] if sale else own
        if left != shared.net:
            yield f"sale {shared.id}: shared {shared.net}, earned {left}"


def _strangers(session: Session) -> Iterator[str]:
    """Parts of members who were not there on that day, or by a rule that was not."""
    rows = session.execute(
        select(SharedSale.id, SellerMember.name)
        .join(SharedPart, SharedPart.shared_id == SharedSale.id)
        .join(SellerMember, SellerMember.id == SharedPart.member_id)
        .join(ShareRule, ShareRule.id == SharedSale.rule_id)
        .where(
            or_(
                SellerMember.seller_id != SharedSale.seller_id,
                ShareRule.seller_id != SharedSale.seller_id,
                SellerMember.joined_on > SharedSale.sold_on,
                SellerMember.left_on < SharedSale.sold_on,
                ShareRule.valid_from > SharedSale.sold_on,
            )
        )
    )
    return (f"sale {id_}: {name}" for id_, name in rows)


def _wrong_payments(session: Session) -> Iterator[str]:
    """Each moved just what it says, and nothing where it was taken back."""
    moved = (
        select(Entry.group_id, func.sum(Posting.amount).label("sum"))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == AccountKind.MEMBER.value)
        .group_by(Entry.group_id)
        .subquery()
    )
    rows = session.execute(
        select(MemberPayment, func.coalesce(moved.c.sum, 0)).outerjoin(
            moved, moved.c.group_id == MemberPayment.id
        )
    )
    for payment, amount in rows:
        back = payment.state == PaidState.TAKEN_BACK
        if amount != (0 if back else payment.paid + payment.deducted):
            yield f"payment {payment.id} ({payment.state}): the books say {amount}"


def _wrong_surpluses(session: Session) -> Iterator[str]:
    total = func.coalesce(func.sum(SurplusPurpose.amount), 0)
    rows = session.execute(
        select(Surplus.id, Surplus.amount, total)
        .outerjoin(SurplusPurpose, SurplusPurpose.surplus_id == Surplus.id)
        .group_by(Surplus.id, Surplus.amount)
        .having(total != Surplus.amount)
    )
    yield from (f"surplus {id_} of {amount}: {parts}" for id_, amount, parts in rows)
    percents = func.sum(SurplusTerm.percent)
    terms = session.execute(
        select(SurplusTerm.rule_id, percents).group_by(SurplusTerm.rule_id).having(percents != 100)
    )
    yield from (f"rule {rule}: its hundredths are {total}" for rule, total in terms)
