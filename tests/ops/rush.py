"""A rush on a shop that is killed again and again; `tests.ops.counting` counts what came of it.

Buyers order and never lose patience: a form whose answer did not come is sent again, the same one.
Staff confirm what was ordered; the seller hands over most of it, and declines the rest, whose money
staff send back; she sends photos, too. Each writes down what the shop said yes to.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.catalog import stock
from shop.core.db import db, only_reading
from shop.orders.models import Order, SellerOrder
from shop.payments.models import Payment, Refund
from tests.catalog.offered import offer
from tests.factories.people import PASSWORD, make_person
from tests.factories.sellers import make_seller
from tests.ops.browser import CUT, Answer, Browser
from tests.photos import lively, saved

Person = tuple[Browser, tuple[str, str]]
"""A browser in which somebody is signed in, and the token that her forms carry."""
BUYERS = 4
STOCK = 100_000
_HOPE_SECONDS = 60
_PAUSE_SECONDS = 0.25
_STEPS = ("accept", "ready", "hand-over")


@dataclass(frozen=True)
class Stage:
    """What stands in the shop before the rush."""

    variant_id: uuid.UUID
    seller_phone: str
    staff_phone: str


@dataclass
class Said:
    """What the shop said yes to, and how many requests it left without an answer."""

    orders: dict[str, str] = field(default_factory=dict)
    """Buyer's name → token of the order."""
    confirmed: set[uuid.UUID] = field(default_factory=set)
    handed_over: set[uuid.UUID] = field(default_factory=set)
    """Parts."""
    refunded: set[uuid.UUID] = field(default_factory=set)
    """Refunds that staff have sent."""
    photos: int = 0
    cut: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def set_stage(session: Session) -> Stage:
    """One seller with one thing of which there is plenty, and somebody who confirms payments."""
    owner, staff = make_person(session, name="Rohana"), make_person(session, Role.FINANCE)
    owner.email = "rohana@example.id"
    variant = offer(session, make_seller(session, owner=owner))
    stock.count(session, variant.id, STOCK, key="stage", person_id=owner.id)
    session.commit()
    return Stage(variant.id, owner.phone, staff.phone)


class Rush:
    """The people, each in a thread; `stop` lets them finish what they are at."""

    def __init__(self, app: Flask, url: str, stage: Stage) -> None:
        self._app, self._url, self._stage = app, url, stage
        self._end = threading.Event()
        self.said = Said()
        works = [self._buy] * BUYERS + [self._send_photos]
        self._threads = [
            threading.Thread(target=work, args=(number,)) for number, work in enumerate(works)
        ]

    def start(self) -> None:
        """Let them in."""
        for thread in self._threads:
            thread.start()

    def let_work(self, orders: int, photos: int) -> None:
        """Wait until so many more were said yes to, or until it is clear that none will be."""
        orders, photos = orders + len(self.said.orders), photos + self.said.photos
        end = time.monotonic() + _HOPE_SECONDS
        while len(self.said.orders) < orders or self.said.photos < photos:
            assert time.monotonic() < end, f"the shop says yes no more: {self.said.refused}"
            time.sleep(0.01)

    def stop(self) -> None:
        """Wait until everybody has an answer to the last thing asked."""
        self._end.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        while True:
            try:
                answer = ask()
            except CUT as error:
                if not isinstance(getattr(error, "reason", error), ConnectionRefusedError):
                    self.said.cut += 1  # refused means: nobody there yet, so nothing was begun
                time.sleep(_PAUSE_SECONDS)
                continue
            if answer.status != 503:
                return answer
            self.said.refused["503"] += 1
            time.sleep(_PAUSE_SECONDS)

    def _signed_in(self, phone: str, page: str) -> Person:
        while True:
            browser = Browser(self._url)
            try:
                browser.sign_in(phone, PASSWORD)
                return browser, browser.get(page).csrf
            except (*CUT, StopIteration):
                time.sleep(_PAUSE_SECONDS)

    def _buy(self, number: int) -> None:
        """Order, and see each order through with the people who look after it."""
        staff = self._signed_in(self._stage.staff_phone, "/staff/payments")
        seller = self._signed_in(self._stage.seller_phone, "/sell/products/new")
        count = 0
        while not self._end.is_set():
            count += 1
            name = f"Pembeli {number} {count}"
            order = self._order(name)
            if order is None:
                continue
            self.said.orders[name] = order
            payment_id = self._id(select(Payment.id).join(Order).where(Order.token == order))
            if payment_id is None:
                continue
            if self._yes(staff, f"/staff/payments/{payment_id}/confirm"):
                self.said.confirmed.add(payment_id)
                self._see_through(count, order, seller, staff)

    def _see_through(self, count: int, order: str, seller: Person, staff: Person) -> None:
        part = self._id(select(SellerOrder.id).join(Order).where(Order.token == order))
        path = f"/sell/orders/{part}"
        if count % 3:
            steps = [self._yes(seller, f"{path}/{step}") for step in _STEPS]
            if all(steps) and part is not None:
                self.said.handed_over.add(part)
        elif self._yes(seller, f"{path}/decline", ("reason", "Bahan habis")):
            refund = self._id(select(Refund.id).where(Refund.seller_order_id == part))
            paid = ("reference", f"TRF {count}")
            if refund is not None and self._yes(staff, f"/staff/refunds/{refund}/paid", paid):
                self.said.refunded.add(refund)

    def _yes(self, person: Person, path: str, *typed: tuple[str, str]) -> bool:
        browser, token = person
        answer = self._patiently(lambda: browser.post(path, [token, *typed]))
        if answer.status != 303:
            self.said.refused[f"{path.rpartition('/')[2]} {answer.status}"] += 1
        return answer.status == 303

    def _order(self, name: str) -> str | None:
        """The token of the order placed, or None where the shop said no."""
        visitor = Browser(self._url)
        thing = [("variant_id", str(self._stage.variant_id)), ("quantity", "1")]
        self._patiently(lambda: visitor.post("/cart/add", thing))
        page = self._patiently(lambda: visitor.get("/checkout"))
        if page.status != 200:
            self.said.refused[f"checkout {page.status}"] += 1
            return None
        form = page.hidden()
        seller = next(value for key, value in form if key == "line").partition(":")[0]
        form += [
            ("buyer_name", name), ("buyer_phone", "081234567890"), ("kelurahan", ""),
            ("address", ""), ("method", "transfer"), (f"way-{seller}", "pickup"),
        ]  # fmt: skip
        answer = self._patiently(lambda: visitor.post("/checkout", form))
        if answer.status == 303 and answer.location.startswith("/o/"):
            return answer.location.removeprefix("/o/")
        self.said.refused[f"order {answer.status}"] += 1
        return None

    def _id(self, query: Select[tuple[uuid.UUID]]) -> uuid.UUID | None:
        with self._app.app_context(), only_reading():
            return db.session.scalar(query)

    def _send_photos(self, number: int) -> None:
        seller, token = self._signed_in(self._stage.seller_phone, "/sell/products/new")
        dice = random.Random(number)
        while not self._end.is_set():
            image = lively(dice.randrange(300, 500), dice.randrange(300, 500))
            photo = saved(image, "PNG")
            answer = self._patiently(
                lambda photo=photo: seller.send_photo("/sell/products/photos", [token], photo)  # type: ignore[misc]
            )
            if answer.status == 200:
                self.said.photos += 1
            else:
                self.said.refused[f"photo {answer.status}"] += 1
