"""S1 to S3: 200 buyers at once, with nothing sold twice and nobody left without an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog import stock
from shop.catalog.models import Variant
from shop.core import clock
from shop.orders.models import OrderLine, SellerOrder
from shop.orders.states import UNDONE
from shop.payments.expire import expire_due
from tests.catalog.offered import offer
from tests.factories.orders import placed_order
from tests.proofs.buyers import Fields, Reply, Thing, Visitor, all_at_once, forms
from tests.proofs.stage import Shop

BUYERS = 200
LAST = 20
Press = Callable[[], Reply]


@dataclass(frozen=True)
class Sale:
    """What became of a rush. `sold` are pieces of orders that still stand, `orders` new ones."""

    sold: int
    stock: int
    orders: int
    clear: int
    unclear: int
    broken: int
    freed: int
    """Pieces that came free meanwhile."""
    faults: tuple[str, ...]

    @property
    def oversold(self) -> int:
        """Pieces that were sold and are not there."""
        return max(0, self.sold - self.stock)

    def is_right(self, orders: int, refused: int, freed: int = 0) -> bool:
        """So many bought all there was, so many were told clearly, and nothing else happened."""
        said = (self.orders, self.clear, self.unclear, self.broken, self.freed)
        return (
            self.sold == self.stock and said == (orders, refused, 0, 0, freed) and not self.faults
        )

    def words(self) -> str:
        """For the table."""
        said = (
            f"{self.sold} sold, {self.oversold} oversold, {self.clear} clear refusals, "
            f"{self.unclear} unclear, {self.broken} errors"
        )
        return f"{said}; check: {self.faults[0]}" if self.faults else said


def last_pieces(shop: Shop, buyers: int = BUYERS, last: int = LAST) -> Sale:
    """All want one of the last pieces."""
    thing = put_up(shop, last)
    return _count(shop, thing, last, _press(shop, [[(thing, 1)]] * buyers))


def two_lines(shop: Shop, buyers: int = BUYERS, last: int = LAST) -> Sale:
    """All want two of the last pieces, on two lines of one cart that share the stock."""
    thing = put_up(shop, 2 * last)
    return _count(shop, thing, 2 * last, _press(shop, [[(thing, 1), (thing, 1)]] * buyers))


def while_they_expire(shop: Shop, buyers: int = BUYERS, last: int = LAST) -> Sale:
    """Half of the last pieces are promised to orders that nobody paid, and expire meanwhile.

    Who was refused while they were still promised presses once more.
    """
    thing = put_up(shop, last)
    long_ago = clock.now() - timedelta(days=3)
    with shop.session() as session, clock.at(long_ago):
        _promise(session, thing, last // 2)

    def sweep() -> Reply:
        with shop.session() as session:
            ended = expire_due(session)
            session.commit()
        return Reply(200, "", str(ended))

    sent = forms(shop, [[(thing, 1)]] * buyers)
    *replies, swept = all_at_once([*_acts(shop, sent), sweep])
    return _count(shop, thing, last, _once_more(shop, sent, replies), freed=int(swept.text or 0))


def while_some_cancel(shop: Shop, buyers: int = BUYERS, last: int = LAST) -> Sale:
    """All of the last pieces are ordered, and half of those buyers cancel meanwhile."""
    thing = put_up(shop, last)
    with shop.session() as session:
        tokens = _promise(session, thing, last)
    visitor = Visitor.of(shop)
    leave = [
        partial(visitor.post, shop.url, f"/o/{token}/cancel", []) for token in tokens[: last // 2]
    ]
    sent = forms(shop, [[(thing, 1)]] * buyers)
    replies = all_at_once([*_acts(shop, sent), *leave])
    freed = sum(reply.status == 303 for reply in replies[buyers:])
    return _count(shop, thing, last, _once_more(shop, sent, replies[:buyers]), freed)


def one_key(shop: Shop, presses: int = 50) -> tuple[int, int, int]:
    """Press one form many times at once: how many orders, pages of it, and other answers."""
    thing = put_up(shop, 2 * presses)
    sent = forms(shop, [[(thing, 1)]]) * presses
    replies = all_at_once(_acts(shop, sent))
    pages = {reply.token for reply in replies if reply.token}
    others = sum(not reply.token for reply in replies)
    return _orders(shop, thing), len(pages), others


def opposite_baskets(shop: Shop, baskets: int = BUYERS) -> Sale:
    """Half want one thing and then another, the others the same in the other order."""
    one, two = put_up(shop, baskets), put_up(shop, baskets)
    there, back = [(one, 1), (two, 1)], [(two, 1), (one, 1)]
    replies = _press(shop, [there if number % 2 else back for number in range(baskets)])
    return _count(shop, one, baskets, replies)


def put_up(shop: Shop, pieces: int, price: int = 15_000) -> Thing:
    """Something of which there are so many, by a seller of its own."""
    with shop.session() as session:
        variant = offer(session, on_hand=0, name=f"Kerupuk {clock.now():%H%M%S%f}")
        variant.price = price
        session.flush()
        stock.count(session, variant.id, pieces, key=f"put:{variant.id.hex}", person_id=None)
        session.commit()
        return Thing.of(variant)


def _promise(session: Session, thing: Thing, orders: int) -> list[str]:
    variant = session.get_one(Variant, thing.variant)
    tokens = [placed_order(session, (variant, 1)).token for _ in range(orders)]
    session.commit()
    return tokens


def _acts(shop: Shop, sent: Sequence[Fields]) -> list[Press]:
    visitor = Visitor.of(shop)
    return [partial(visitor.post, shop.url, "/checkout", fields) for fields in sent]


def _press(shop: Shop, baskets: Sequence[Sequence[tuple[Thing, int]]]) -> list[Reply]:
    return all_at_once(_acts(shop, forms(shop, baskets)))


def _once_more(shop: Shop, sent: Sequence[Fields], replies: Sequence[Reply]) -> list[Reply]:
    """Those who were refused press the same form again; the last word of each."""
    refused = [number for number, reply in enumerate(replies) if reply.status == 409]
    again = all_at_once(_acts(shop, [sent[number] for number in refused]))
    last = list(replies)
    for number, reply in zip(refused, again, strict=True):
        last[number] = reply
    return last


def _count(shop: Shop, thing: Thing, there: int, replies: Sequence[Reply], freed: int = 0) -> Sale:
    with shop.session() as session:
        pieces = session.scalar(
            select(func.sum(OrderLine.quantity - OrderLine.cancelled))
            .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .where(OrderLine.variant_id == thing.variant, SellerOrder.state.not_in(UNDONE))
        )
    placed = [reply for reply in replies if reply.token]
    clear = [reply for reply in replies if reply.refuses(thing.name)]
    broken = [reply for reply in replies if reply.status == 0 or reply.status >= 500]
    return Sale(
        sold=pieces or 0,
        stock=there,
        orders=len({reply.token for reply in placed}),
        clear=len(clear),
        unclear=len(replies) - len(placed) - len(clear) - len(broken),
        broken=len(broken),
        freed=freed,
        faults=tuple(shop.faults()),
    )


def _orders(shop: Shop, thing: Thing) -> int:
    with shop.session() as session:
        found = session.scalar(
            select(func.count(func.distinct(SellerOrder.order_id)))
            .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
            .where(OrderLine.variant_id == thing.variant)
        )
    return found or 0
