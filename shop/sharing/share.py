"""A sale is earned, or less of it than before: each member gets her part, to the last rupiah."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.core import ids
from shop.core.money import Rupiah
from shop.ledger import sales
from shop.ledger.events import SaleEarned
from shop.ledger.pooled import left_to_share
from shop.ledger.post import About, Leg, lock_books, post
from shop.ledger.states import AccountKind, EntryKind
from shop.sellers.models import ShareBasis, ShareRule
from shop.sharing.divide import Division, Pot, Weights, divide
from shop.sharing.members import members_on
from shop.sharing.models import LineMaker, SharedPart, SharedSale, ShareWeight
from shop.sharing.states import FellBack


def on_earned(session: Session, told: SaleEarned) -> None:
    """Share what the group earned of this sale by the rule frozen with it; anew where it changed.

    Nothing is done for a sale without a rule. Rule, members and weights stay those of the first
    time, so whoever left before a refund bears her part of it, too.
    """
    if not _ever_shared(session, told.seller_id):
        return
    lock_books(session)
    session.flush()
    sale = sales.sales(session, [told.sale_id]).get(told.sale_id)
    if sale is None or (rule_id := sale.rule_id) is None:
        return
    earned = sales.earned_of(session, sale.id, consigned=told.consigned)
    sale, net = left_to_share(session, sale, earned)
    shared = session.scalars(select(SharedSale).where(SharedSale.sale_id == sale.id)).first()
    if shared is None:
        if net:
            _first_time(session, sale, rule_id, net, told)
    elif net != shared.net:
        _again(session, sale, shared, net, told)


def _ever_shared(session: Session, seller_id: uuid.UUID) -> bool:
    known = select(ShareRule.id).where(ShareRule.seller_id == seller_id).limit(1)
    return session.scalar(known) is not None


def _first_time(
    session: Session, sale: sales.Sale, rule_id: uuid.UUID, net: int, told: SaleEarned
) -> None:
    rule = session.get_one(ShareRule, rule_id)
    members = [member.id for member in members_on(session, sale.seller_id, sale.sold_on)]
    weights, fell_back = _weights(session, rule, sale.seller_id, sale.sold_on, members)
    pots = [Pot(1, weights)]
    if rule.basis == ShareBasis.MADE:
        pots, weights, missing = _by_makers(session, sale, weights)
        fell_back = fell_back or (FellBack.NO_RECORD if missing else None)
    done = divide(net, rule.reserve_basis_points, pots)
    shared = SharedSale(
        id=ids.new_id(), seller_id=sale.seller_id, sale_id=sale.id, rule_id=rule.id,
        sold_on=sale.sold_on, fell_back=fell_back.value if fell_back else None,
        net=Rupiah(net), fund=Rupiah(done.fund), times=1,
    )  # fmt: skip
    session.add(shared)
    session.flush()  # its parts name it
    session.add_all(
        SharedPart(
            shared_id=shared.id, member_id=member_id, position=position, weight=weight,
            amount=Rupiah(done.parts.get(member_id, 0)),
        )
        for position, (member_id, weight) in enumerate(weights.items())
    )  # fmt: skip
    _book(session, shared, Division(0, 0, {}), done, told)


def _again(
    session: Session, sale: sales.Sale, shared: SharedSale, net: int, told: SaleEarned
) -> None:
    """Book the difference to what was shared before, and keep the new parts."""
    rule = session.get_one(ShareRule, shared.rule_id)
    before = Division(
        shared.net, shared.fund, {part.member_id: part.amount for part in shared.parts}
    )
    weights = {part.member_id: part.weight for part in shared.parts}
    pots = [Pot(1, weights)]
    if rule.basis == ShareBasis.MADE:
        pots, _, _ = _by_makers(session, sale, dict.fromkeys(weights, 1))
    done = divide(net, rule.reserve_basis_points, pots)
    shared.net, shared.fund, shared.times = Rupiah(net), Rupiah(done.fund), shared.times + 1
    for part in shared.parts:
        part.amount = Rupiah(done.parts.get(part.member_id, 0))
    _book(session, shared, before, done, told)


def _weights(
    session: Session,
    rule: ShareRule,
    seller_id: uuid.UUID,
    day: date,
    members: Sequence[uuid.UUID],
) -> tuple[Weights, FellBack | None]:
    """How much each of these members counts by this rule; all alike where nobody has anything."""
    known: Mapping[uuid.UUID, int] | None = None
    why = FellBack.NO_WEIGHTS
    if not members:
        return {}, FellBack.NOBODY
    if rule.basis == ShareBasis.WEIGHT:
        rows = session.execute(
            select(ShareWeight.member_id, ShareWeight.weight).where(ShareWeight.rule_id == rule.id)
        )
        known = {row.member_id: row.weight for row in rows}
    elif rule.basis == ShareBasis.KILOGRAMS:
        known, why = sales.kilograms(session, seller_id, day), FellBack.NO_KILOGRAMS
    if known is None:
        return dict.fromkeys(members, 1), None
    weights = {member_id: known.get(member_id, 0) for member_id in members}
    if not any(weights.values()):
        return dict.fromkeys(members, 1), why
    return weights, None


def _by_makers(
    session: Session, sale: sales.Sale, all_alike: Weights
) -> tuple[list[Pot], Weights, bool]:
    """A pot for each line, by who made it; the pieces of each member; whether a record is missing.

    What nobody is written down for, and the delivery, go to all alike.
    """
    made: dict[uuid.UUID, dict[uuid.UUID, int]] = {line.id: {} for line in sale.lines}
    rows = session.execute(
        select(LineMaker.line_id, LineMaker.member_id, LineMaker.pieces).where(
            LineMaker.line_id.in_(made)
        )
    )
    for line_id, member_id, pieces in rows:
        if member_id in all_alike:
            made[line_id][member_id] = pieces
    ordered = {
        line_id: {member_id: by[member_id] for member_id in all_alike if member_id in by}
        for line_id, by in made.items()
    }
    pots = [Pot(line.value, ordered[line.id] or all_alike) for line in sale.lines]
    if sale.delivery:
        pots.append(Pot(sale.delivery, all_alike))
    counted = {
        member_id: sum(by.get(member_id, 0) for by in ordered.values()) for member_id in all_alike
    }
    return pots, counted, not all(ordered.values())


def _book(
    session: Session, shared: SharedSale, before: Division, after: Division, told: SaleEarned
) -> None:
    seller_id = shared.seller_id
    legs = [
        Leg(AccountKind.POOL, after.net - before.net, seller_id),
        Leg(AccountKind.FUND, before.fund - after.fund, seller_id),
    ]
    for member_id in {**before.parts, **after.parts}:
        change = before.parts.get(member_id, 0) - after.parts.get(member_id, 0)
        legs.append(Leg(AccountKind.MEMBER, change, seller_id, member_id))
    about = About(
        person_id=told.person_id,
        seller_order_id=None if told.consigned else shared.sale_id,
        consigned_id=shared.sale_id if told.consigned else None,
        group_id=shared.id,
    )
    post(session, EntryKind.SHARED, f"shared:{shared.id.hex}:{shared.times}", legs, about)
