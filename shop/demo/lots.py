"""How the demo's cooperative sells its water spinach by lots: two are settled, one is open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from shop.catalog.models import Variant
from shop.core import clock
from shop.core.images import normalise
from shop.core.pictures import keep_picture
from shop.core.storage import Storage
from shop.demo.memory import Memory
from shop.demo.stock import Restock
from shop.demo.stray import slip
from shop.lots.answer_note import confirm
from shop.lots.deliver import Brought, deliver, members_on
from shop.lots.models import Lot, PooledProduct
from shop.lots.pool import Terms, pool
from shop.lots.settle import settle
from shop.lots.states import Grade, LotState, RecordKind
from shop.lots.work_out import work_out
from shop.lots.write_down import Written, write_down

SELLER, THING = "koperasi-tani-senggarang", "kangkung-ikat"
_BEGAN, _SETTLED = 42, (20, 7)
"""Days before today."""
_TERMS = Terms({Grade.A: 100, Grade.B: 85, Grade.C: 60}, 500)
_GRADES = (Grade.A, Grade.A, Grade.B, Grade.A, Grade.C)
_PROVISIONAL, _FARM_GATE = 11_000, 7_500
_AT_MARKET_G, _AT_MARKET, _ROTTEN_G = 1_000, 12_000, 250
_WHY = "Sebagian dijual di pasar dan ada yang layu, jadi di bawah perkiraan."


class Harvest:
    """Lives through what the cooperative does beside selling, whenever a day has begun."""

    def __init__(self, stage: Memory, storage: Storage) -> None:
        self.stage = stage
        self.storage = storage
        self.day: date | None = None
        self.notes = 0
        self.keys: set[str] = set()

    def until_now(self) -> None:
        """What the days since the last call brought."""
        today = clock.today()
        days = [today] if self.day is None else list(_days(self.day, today))
        self.day = today
        for day in days:
            ago = (self.stage.plan.today - day).days
            if ago == _BEGAN and THING in self.stage.variants:
                pool(
                    self.stage.session, self.stage.sellers[SELLER], self._thing().product_id,
                    _TERMS, person_id=self.stage.keeper(SELLER),
                )  # fmt: skip
            elif ago in _SETTLED:
                self._settle()

    def bring(self, event: Restock) -> bool:
        """What is brought of the thing gets its note; False for everything else."""
        return event.slug == THING and self.weigh(
            self.stage.variants[THING], event.pieces, f"{event.at:%Y%m%d%H%M%S}", event.by
        )

    def weigh(self, variant_id: uuid.UUID, pieces: int, key: str, by: str = "") -> bool:
        """The same for pieces of a variant, once for each `key`; in turn by somebody else."""
        session, seller_id = self.stage.session, self.stage.sellers.get(SELLER)
        if seller_id is None or variant_id != self.stage.variants.get(THING):
            return False
        pooled = session.get(PooledProduct, self._thing().product_id)
        if pooled is None:
            return False
        if key in self.keys:
            return True
        self.keys.add(key)
        today, self.notes = clock.today(), self.notes + 1
        members = members_on(session, seller_id, today)
        member = next((one for one in members if one.name == by), None)
        member = member if member and self.notes % 2 else members[self.notes % len(members)]
        what = Brought(
            pooled.product_id, member.id, pieces * pooled.piece_g,
            _GRADES[self.notes % len(_GRADES)], today, _PROVISIONAL + 250 * (self.notes % 3),
            _FARM_GATE + 250 * (self.notes % 4) if self.notes % 5 else None,
        )  # fmt: skip
        keeper = self.stage.keeper(SELLER)
        note = deliver(session, seller_id, what, key=f"demo-{self.notes}", person_id=keeper)
        if member.person_id is not None and today < self.stage.plan.today:
            confirm(session, note, member.person_id)
        return True

    def _settle(self) -> None:
        session, keeper = self.stage.session, self.stage.keeper(SELLER)
        lot = session.scalars(
            select(Lot).where(
                Lot.product_id == self._thing().product_id, Lot.state == LotState.OPEN.value
            )
        ).first()
        if lot is None:
            return
        today = clock.today()
        seller_id = self.stage.sellers[SELLER]
        extra = Brought(  # for the market, so that the shop's orders find what they count on
            lot.product_id, members_on(session, seller_id, today)[0].id,
            _AT_MARKET_G + _ROTTEN_G, Grade.C, today, _PROVISIONAL,
        )  # fmt: skip
        deliver(session, seller_id, extra, key=f"demo-{today}", person_id=keeper)
        proof = keep_picture(
            session,
            self.storage,
            normalise(slip(_AT_MARKET, "Nota penjualan", "Pasar Bincen")),
            private=True,
        )
        for number, written in enumerate((
            Written(RecordKind.TRANSPORT, 5_000, 0, "Becak motor ke kota", today),
            Written(RecordKind.PACKING, 2_000, 0, "Tali dan kantong", today),
            Written(RecordKind.SHRINK, 0, _ROTTEN_G, "Layu sebelum terjual", today),
            Written(RecordKind.ELSEWHERE, _AT_MARKET, _AT_MARKET_G, "Pasar Bincen", today,
                    proof.sha256),
        )):  # fmt: skip
            write_down(session, lot, written, key=f"demo-{today}-{number}", person_id=keeper)
        seen = work_out(session, lot)
        settle(session, lot, seal=seen.seal, why=_WHY if seen.less else "", person_id=keeper)

    def _thing(self) -> Variant:
        return self.stage.session.get_one(Variant, self.stage.variants[THING])


def _days(after: date, until: date) -> Iterator[date]:
    for number in range(1, (until - after).days + 1):
        yield after + timedelta(days=number)
