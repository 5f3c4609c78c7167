"""Random promotions, orders and undoings: parts equal wholes, limits hold, the books are right."""

from __future__ import annotations

import uuid
from random import Random

import pytest
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.check import check_orders
from shop.core.money import Rupiah, portion
from shop.ledger.check import check_books
from shop.ledger.fees import set_rule
from shop.orders.accept import accept
from shop.orders.cancel import cancel
from shop.orders.cancel_lines import cancel_lines
from shop.orders.checkout import place
from shop.orders.chosen_lines import BadShare, NothingChosen
from shop.orders.complete import complete
from shop.orders.give_back import give_back
from shop.orders.hand_over import hand_over
from shop.orders.models import SellerOrder
from shop.orders.models_promotion import Target
from shop.orders.promotion_sums import Priced, Running, discounts
from shop.orders.ready import ready
from shop.orders.states import DeliveryKind
from shop.payments.check import check_payments
from shop.payments.settle import settle
from shop.payments.states import Method
from tests.catalog.offered import offer
from tests.factories.orders import filled_in, payment_of
from tests.factories.promotions import make_promotion
from tests.factories.sellers import make_seller

CASES, WALKS, ORDERS = 400, 3, 14
SELLERS = [uuid.UUID(int=n) for n in range(1, 4)]
PRODUCTS = [uuid.UUID(int=n) for n in range(10, 15)]
SHELVES = ("camilan", "kain")


def some_running(dice: Random, number: int) -> Running:
    target = dice.choice(list(Target))
    highest = 9_000 if target is Target.GOODS else 10_000
    points = dice.randint(1, highest) if dice.random() < 0.5 else None
    return Running(
        uuid.UUID(int=100 + number), f"P{number}", "", None, target.value, points,
        None if points else dice.randint(1, 50_000),
        dice.choice((None, None, *SHELVES)), dice.choice((None, None, *SELLERS)),
        dice.choice((None, None, None, *PRODUCTS)), dice.choice((0, 0, 40_000)),
        dice.choice((None, dice.randint(1, 9_000))), dice.choice((None, dice.randint(1, 9_000))),
        dice.randint(0, 10_000),
    )  # fmt: skip


def test_parts_equal_wholes_and_no_limit_is_passed():
    taken = 0
    for seed in range(CASES):
        dice = Random(seed)
        running = [some_running(dice, number) for number in range(dice.randint(0, 5))]
        lines = [
            Priced(
                dice.choice(SELLERS), dice.choice(SHELVES), dice.choice(PRODUCTS),
                dice.choice((dice.randint(1, 30), dice.randint(1, 90_000))),
            )
            for _ in range(dice.randint(1, 7))
        ]  # fmt: skip
        fees = {seller: dice.choice((0, dice.randint(1, 20_000))) for seller in SELLERS}
        found = discounts(running, lines, fees)
        for line, got in zip(lines, found.goods, strict=True):
            assert got is None or (
                got.promotion.is_for(line)
                and got.promotion.target == Target.GOODS
                and 0 < got.discount < line.gross
                and 0 <= got.subsidy <= got.discount
            ), seed
        for seller, brought in found.delivery.items():
            assert 0 < brought.discount <= fees[seller], seed
            assert 0 <= brought.subsidy <= brought.discount, seed
        for one, amount in found.sums:
            every = [*found.goods, *found.delivery.values()]
            own = [got for got in every if got and got.promotion.id == one.id]
            assert amount == sum(got.discount for got in own)
            assert amount <= min(most for most in (one.cap, one.left, amount) if most is not None)
            assert sum(got.subsidy for got in own) == portion(amount, one.subsidy_points), seed
            eligible = sum(line.gross for line in lines if one.is_for(line))
            assert eligible >= one.minimum, seed
            taken += 1
    assert taken > CASES / 2


def some_promotion(session: Session, dice: Random, things: list[Variant]) -> None:
    thing, target = dice.choice(things), dice.choice(list(Target))
    scope = dice.choice(({}, {"seller_id": thing.seller_id}, {"product_id": thing.product_id}))
    measure = (
        {"basis_points": dice.randint(1, 9_000)}
        if dice.random() < 0.5
        else {"off": dice.randint(1, 12_000)}
    )
    make_promotion(
        session, target=target, subsidy_points=dice.choice((0, 3_333, 10_000)),
        minimum=dice.choice((0, 30_000)), cap=dice.choice((None, 2_500)),
        budget=dice.choice((None, dice.randint(500, 20_000))), **scope, **measure,
    )  # fmt: skip


def some_end(session: Session, dice: Random, part: SellerOrder) -> None:
    """It is called off, whole or in part, or completed, and then some of it may go back."""
    accept(session, part.id, None)
    line = dice.choice(part.lines)
    share = dice.choice((None, 0))
    if line.quantity > 1 and dice.random() < 0.4:
        cancel_lines(session, part.id, {line.id: 1}, reason="x", person_id=None, seller_share=share)
    if dice.random() < 0.25:
        return
    ready(session, part.id, None)
    hand_over(session, part.id, None, cash_received=True)
    complete(session, part.id, actor="buyer")
    session.refresh(line)
    left = line.total - line.lowered - line.given_back
    amount = dice.randint(0, left)
    bringing = dice.randint(0, part.delivery)
    try:
        give_back(
            session, part.id, lines={line.id: (0, amount)}, delivery=bringing,
            seller_share=dice.randint(0, amount + bringing), reason="x", person_id=None,
            key=part.id.hex,
        )  # fmt: skip
    except (NothingChosen, BadShare):
        return


@pytest.mark.parametrize("seed", range(WALKS))
def test_the_books_are_right_whatever_becomes_of_promoted_orders(session: Session, seed: int):
    dice = Random(seed)
    set_rule(session, 733, None)
    sellers = [make_seller(session, name) for name in ("Rohana", "Melur")]
    things = [offer(session, seller, on_hand=500) for seller in sellers for _ in range(2)]
    for thing in things:
        thing.price = Rupiah(dice.randint(900, 40_003))
    make_promotion(session, "Always", basis_points=dice.randint(100, 900), subsidy_points=5_000)
    for number in range(ORDERS):
        if number % 3 == 0:
            some_promotion(session, dice, things)
        method = dice.choice((Method.TRANSFER, Method.CASH))
        chosen = dice.sample(things, dice.randint(1, 4))
        order = place(
            session,
            filled_in(
                *[(thing, dice.randint(1, 4)) for thing in chosen], method=method,
                delivery=dice.choice((DeliveryKind.PICKUP, DeliveryKind.DELIVERY)),
            ),
        )  # fmt: skip
        if dice.random() < 0.2:
            cancel(session, order.id, actor="buyer", person_id=None)
            continue
        if method is Method.TRANSFER:
            settle(session, payment_of(session, order).id, actor="staff", person_id=None)
        for part in order.parts:
            some_end(session, dice, part)
    session.flush()
    findings = [*check_books(session), *check_orders(session), *check_payments(session)]
    assert [found.line for found in findings if found.faults] == []
    added = next(one for one in findings if one.name == "the programme added what promotions say")
    assert added.looked_at > ORDERS / 3
