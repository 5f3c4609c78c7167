"""Who orders the same every week in the demo, and what lies for sale at points."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from shop.catalog import stock
from shop.consignment.hand_on import hand_on
from shop.consignment.leave import Left, leave
from shop.consignment.models import ConsignmentLine
from shop.consignment.queries import taking_points
from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.core import clock
from shop.demo.calendar import at
from shop.demo.cast import phone
from shop.demo.lots import Harvest
from shop.demo.memory import Memory
from shop.orders import accept, complete, hand_over, ready
from shop.orders.models import SellerOrder
from shop.orders.states import DeliveryKind, SellerOrderState
from shop.payments.states import Method
from shop.standing import pause, run
from shop.standing.models import StandingOrder, StandingRun
from shop.standing.start import start
from shop.standing.wanted import Wanted
from shop.standing.week import week

S = SellerOrderState


@dataclass(frozen=True, slots=True)
class Regular:
    """A stall or an office: what it wants of whom, since when, and what became of it.

    `stops` is nothing, `paused` or `ended`, eight days ago.
    """

    name: str
    slug: str
    pieces: int
    weekday: int
    since_days: int
    stops: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """Pieces that were left at a point, and what was counted how many days ago.

    `counted` are days ago, sold, returned, lost; `handed_on` of all its money, `paid_to` whom.
    """

    slug: str
    pieces: int
    share: int
    days_ago: int
    counted: tuple[tuple[int, int, int, int], ...] = ()
    paid_by: PaidBy = PaidBy.POINT
    paid_to: PaidBy | None = None


REGULARS = (
    Regular("Kedai Kopi Pelangi", "kerupuk-tenggiri", 6, 3, 49),
    Regular("Kantor Lurah Sei Jang", "rempeyek-bilis", 4, 0, 35),
    Regular("Wisma Pelantar", "luti-gendang", 10, 5, 42),
    Regular("Kantin SMK Dompak", "keripik-pisang", 8, 1, 56, "paused"),
    Regular("Warung Mak Cik Ani", "kangkung-ikat", 10, 4, 63, "ended"),
)
LOTS = (
    Lot("kerupuk-tenggiri", 20, 1_500, 24, ((17, 12, 0, 0), (11, 6, 2, 0)),
        paid_to=PaidBy.PROGRAMME),
    Lot("keripik-pisang", 24, 1_000, 30, ((20, 23, 0, 1),), paid_to=PaidBy.SELLER),
    Lot("rempeyek-bilis", 15, 1_000, 9, ((4, 5, 0, 1),), paid_by=PaidBy.SELLER),
    Lot("luti-gendang", 30, 1_000, 5, ((2, 14, 0, 0),)),
    Lot("stik-bayam", 12, 1_000, 1),
)  # fmt: skip


class Regulars:
    """Lives through both beside the plan's own events, whenever the clock has moved on."""

    def __init__(self, stage: Memory, harvest: Harvest) -> None:
        self.stage = stage
        self.harvest = harvest
        self.standing: list[uuid.UUID] = []
        self.last_day: date | None = None
        self.later = sorted([*self._of_regulars(), *self._of_lots()], key=lambda entry: entry[0])

    def until_now(self) -> None:
        """Do what has come due since the last call."""
        while self.later and self.later[0][0] <= clock.now():
            self.later.pop(0)[1]()
        if self.standing and self.last_day != clock.today():
            self.last_day = clock.today()
            self._day()

    def _of_regulars(self) -> list[tuple[datetime, Callable[[], None]]]:
        today = self.stage.plan.today
        found: list[tuple[datetime, Callable[[], None]]] = []
        for number, regular in enumerate(REGULARS):
            begins = at(today - timedelta(days=regular.since_days), 10)
            found.append((begins, partial(self._begin, regular, number)))
            if regular.stops:
                stops = at(today - timedelta(days=8), 11)
                found.append((stops, partial(self._stop, regular, f"regular-{number}")))
        return found

    def _begin(self, regular: Regular, number: int) -> None:
        session, slug = self.stage.session, regular.slug
        wanted = Wanted(
            seller_id=self.stage.sellers[self._seller(slug)],
            lines=((self.stage.variants[slug], regular.pieces),),
            weekday=regular.weekday,
            starts_on=clock.today(),
            ends_on=None,
            delivery_kind=DeliveryKind.PICKUP,
            method=Method.CASH,
            buyer_name=regular.name,
            buyer_phone=phone(1900 + number),
        )
        total = week(session, wanted).total
        made = start(session, wanted, key=f"regular-{number}", agreed=total)
        self.standing.append(made.id)

    def _stop(self, regular: Regular, key: str) -> None:
        session = self.stage.session
        standing = session.scalars(select(StandingOrder).where(StandingOrder.key == key)).one()
        act = pause.pause if regular.stops == "paused" else pause.end
        act(session, standing.id, actor="buyer", person_id=None)

    def _day(self) -> None:
        """The clock makes orders; their sellers make them, hand them over and are paid."""
        session = self.stage.session
        for standing_id in self.standing:
            self._fresh(session.get_one(StandingOrder, standing_id))
        run.run_due(session)
        open_parts = session.scalars(
            select(SellerOrder)
            .join(StandingRun, StandingRun.order_id == SellerOrder.order_id)
            .where(SellerOrder.state.in_([S.WAITING, S.ACCEPTED, S.HANDED_OVER]))
            .order_by(SellerOrder.id)
        ).all()
        for part in open_parts:
            self._step(part)

    def _fresh(self, standing: StandingOrder) -> None:
        """Pieces for this week are made beside those that the plan has for other buyers."""
        for line in standing.lines:
            key = f"week:{standing.id.hex[-8:]}:{standing.next_on}"
            if self.harvest.weigh(line.variant_id, line.quantity, key):
                continue
            stock.restock(
                self.stage.session, line.variant_id, line.quantity, person_id=None, key=key
            )

    def _step(self, part: SellerOrder) -> None:
        session = self.stage.session
        if part.state == S.WAITING and part.due_on > clock.today() + timedelta(days=1):
            return
        if part.state == S.WAITING:
            accept.accept(session, part.id, None)
        elif part.state == S.ACCEPTED and part.due_on <= clock.today():
            ready.ready(session, part.id, None)
            hand_over.hand_over(session, part.id, None, cash_received=True)
        elif part.state == S.HANDED_OVER:
            complete.complete(session, part.id, actor="buyer")

    def _of_lots(self) -> list[tuple[datetime, Callable[[], None]]]:
        today = self.stage.plan.today
        found: list[tuple[datetime, Callable[[], None]]] = []
        for number, lot in enumerate(LOTS):
            ids: dict[str, uuid.UUID] = {}
            left_at = at(today - timedelta(days=lot.days_ago), 8)
            found.append((left_at, partial(self._leave, lot, number, ids)))
            for days_ago, sold, back, lost in lot.counted:
                then = at(today - timedelta(days=days_ago), 16)
                found.append((then, partial(self._count, lot, ids, (sold, back, lost))))
            if lot.paid_to:
                then = at(today - timedelta(days=lot.counted[-1][0] - 1), 9)
                found.append((then, partial(self._hand_on, lot, ids)))
        return found

    def _leave(self, lot: Lot, number: int, ids: dict[str, uuid.UUID]) -> None:
        session, seller = self.stage.session, self._seller(lot.slug)
        variant_id, person = self.stage.variants[lot.slug], self.stage.keeper(seller)
        key = f"demo-lot-{number}"
        stock.restock(session, variant_id, lot.pieces, key=key, person_id=person)
        made = leave(
            session, self.stage.sellers[seller], self._point(number),
            [Left(variant_id, lot.pieces, lot.share)], key=key, person_id=person,
        )  # fmt: skip
        ids["lot"], ids["line"] = made.id, made.lines[0].id

    def _count(self, lot: Lot, ids: dict[str, uuid.UUID], numbers: tuple[int, int, int]) -> None:
        record(
            self.stage.session, ids["lot"], [Counted(ids["line"], *numbers)], paid_by=lot.paid_by,
            key=f"{clock.today()}", person_id=self.stage.keeper(self._seller(lot.slug)),
        )  # fmt: skip

    def _hand_on(self, lot: Lot, ids: dict[str, uuid.UUID]) -> None:
        if lot.paid_to is None:
            return
        line = self.stage.session.get_one(ConsignmentLine, ids["line"], populate_existing=True)
        by_staff = lot.paid_to is PaidBy.PROGRAMME
        keeper = self.stage.keeper(self._seller(lot.slug))
        hand_on(
            self.stage.session, ids["lot"], line.sold * (line.unit_price - line.point_share),
            paid_to=lot.paid_to, key="all",
            person_id=self.stage.staff["finance"] if by_staff else keeper,
        )  # fmt: skip

    def _point(self, number: int) -> uuid.UUID:
        taking = taking_points(self.stage.session)
        return taking[number % len(taking)].id

    def _seller(self, slug: str) -> str:
        return next(one.seller for one in self.stage.plan.listings if one.slug == slug)
