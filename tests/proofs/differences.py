"""S12: a shop whose money was reconciled, and twenty kinds of differences planted in it.

Each is planted by itself, looked for, and taken back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from shop.catalog.models import Variant
from shop.check_money import check_money
from shop.core import clock
from shop.core.db import db
from shop.core.money import Rupiah
from shop.ledger.models import Entry, FeeRule
from shop.ledger.paid_out import mark_paid as mark_payout_paid
from shop.ledger.post import About, Leg, post
from shop.ledger.states import AccountKind, EntryKind
from shop.orders.models import OrderLine, SellerOrder
from shop.payments import match_line
from shop.payments.acquire import Sheet, acquire
from shop.payments.differences import DifferenceKind as D
from shop.payments.models import WebhookEvent
from shop.payments.models_bank import BankFile, BankLine, BankMatch
from shop.payments.queries_bank import at_bank, new_lines
from shop.payments.refund import Back, Terms, grant
from shop.payments.refund import mark_paid as mark_refund_paid
from shop.payments.states import Method
from shop.payments.suggest_match import suggest
from shop.sellers.models import Seller
from tests.catalog.offered import offer
from tests.factories.payments import make_earned, make_paid, make_payment
from tests.factories.payouts import approved_batch
from tests.factories.sellers import make_seller
from tests.factories.statement import csv, days_ago, keep_csv
from tests.proofs.stage import opened

THEN = 20
"""Days ago: all of this happened then, so that statements cover it well."""


@dataclass
class Scene:
    """The things that are damaged."""

    session: Session
    seller: Seller
    variant: Variant
    ids: dict[str, uuid.UUID] = field(default_factory=dict)

    def run(self, statement: str, **values: object) -> None:
        """Run SQL; `:paid`, `:waiting`, … are the ids of the scene, as the database keeps them."""
        hexed = self.session.get_bind().dialect.name == "sqlite"
        known = {
            name: one.hex if hexed else one
            for name, one in self.ids.items()
            if f":{name}" in statement
        }
        self.session.execute(text(statement), known | values)

    def earlier(self, method: Method, amount: int) -> None:
        """Somebody pays by this way, then."""
        with clock.at(clock.now() - timedelta(days=THEN)):
            make_paid(self.session, (self.seller, amount), method=method)
        self.fill_in()

    def fill_in(self) -> None:
        """Give every part that has none a line of one thing, so that orders are whole."""
        bare = self.session.scalars(
            select(SellerOrder)
            .outerjoin(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
            .where(OrderLine.id.is_(None))
        )
        for part in bare.all():
            self.session.add(
                OrderLine(
                    seller_order_id=part.id, seller_id=part.seller_id, position=0,
                    product_id=self.variant.product_id, variant_id=self.variant.id, name="Kue",
                    unit_price=part.goods, quantity=1, total=part.goods, fee=0,
                    fee_rule_id=self.session.scalars(select(FeeRule.id).limit(1)).one(),
                )
            )  # fmt: skip
        self.session.flush()


def reconciled(session: Session) -> Scene:
    """Every kind of money came and went, statements were kept and all of them matched."""
    seller = make_seller(session)
    session.add(FeeRule(basis_points=0, valid_from=clock.now()))
    scene = Scene(session, seller, offer(session, seller))
    with clock.at(clock.now() - timedelta(days=THEN)):
        _money(scene)
    rows = [
        (days_ago(45), "BUNGA", 111),
        (days_ago(THEN + 1), "BIAYA ADM", -6_500),
    ]
    later = [
        (days_ago(THEN), "TRSF", 50_123),
        (days_ago(THEN), "TRF PENJUAL", -70_000),
        (days_ago(THEN), "TRF KEMBALI", -9_000),
        (days_ago(THEN), "SETORAN", 33_000),
        (days_ago(THEN), "PAJAK", -222),
        (days_ago(THEN - 1), "MID : 885 QR : 150000.00 DDR : 1050.00", 148_950),
        (days_ago(THEN - 1), "MIDTRANS", 79_440),
        (days_ago(0), "BUNGA", 333),
    ]
    keep_csv(session, csv(rows))
    keep_csv(session, csv(later, opening=1_000_000 + 111 - 6_500))
    lines = new_lines(session)
    found = suggest(session, lines)
    for line in lines:
        best = next(iter(found[line.id]), None)
        if best is not None and best.entry is not None:
            match_line.link(session, line.id, [best.entry.id], person_id=None)
        elif best is not None and best.sales_day is not None:
            match_line.acquired(session, line.id, best.sales_day, person_id=None)
        elif line.description == "SETORAN":
            match_line.unknown(session, line.id, person_id=None)
        else:
            match_line.set_aside(session, line.id, reason="Bank", person_id=None)
    session.flush()
    return scene


def _money(scene: Scene) -> None:
    session, seller = scene.session, scene.seller
    paid = make_paid(session, (seller, 50_123))
    scene.ids["paid"], scene.ids["order"] = paid.id, paid.order_id
    scene.fill_in()
    part_id = paid.parts[0].seller_order_id
    line = session.scalars(select(OrderLine).where(OrderLine.seller_order_id == part_id)).one()
    for number, amount in enumerate((9_000, 2_000)):
        line.given_back = Rupiah(line.given_back + amount)
        line.borne = Rupiah(line.borne + amount)
        refund = grant(
            session, payment_id=paid.id, seller_order_id=part_id,
            seller_id=seller.id, amount=amount, reason="Retak", person_id=None, key=f"k{number}",
            terms=Terms(lines=(Back(line.id, 0, amount),)),
        )  # fmt: skip
        if number == 0:
            mark_refund_paid(session, refund.id, reference="R", person_id=None)
        scene.ids["back" if number == 0 else "due"] = refund.id
    scene.ids["waiting"] = make_payment(session, (seller, 61_000), code=7).id
    make_earned(session, seller, 70_000, method=Method.QRIS)
    batch = approved_batch(session, "one")
    assert batch
    mark_payout_paid(session, batch.payouts[0].id, reference="P", person_id=None)
    scene.ids["sent"] = batch.payouts[0].id
    make_earned(session, seller, 80_000, method=Method.QRIS)
    second = approved_batch(session, "two")
    assert second
    scene.ids["claimed"] = second.payouts[0].id
    make_paid(session, (seller, 80_000), method=Method.GATEWAY)
    sheet = Sheet("midtrans", clock.today(), 80_000, 560, "M1")
    scene.ids["acquired"] = acquire(session, sheet, person_id=None).id
    scene.fill_in()


def _unmatch(scene: Scene, words: str) -> None:
    """The line that was this is set aside instead."""
    line = _line(scene, words)
    scene.session.execute(delete(BankMatch).where(BankMatch.line_id == line.id))
    line.state, line.reason = "aside", "salah"


def _line(scene: Scene, words: str) -> BankLine:
    lines = scene.session.scalars(select(BankLine).where(BankLine.description.startswith(words)))
    return next(iter(lines))


def _forgotten(scene: Scene, words: str) -> None:
    """A line that nobody looked at for ten days."""
    line = _line(scene, words)
    line.state, line.reason = "new", ""
    for kept in scene.session.scalars(select(BankFile)):
        kept.kept_at = clock.now() - timedelta(days=10)


def _other_amount(scene: Scene) -> None:
    _line(scene, "TRSF").amount += 1


def _missing(scene: Scene) -> None:
    line = _line(scene, "PAJAK")
    scene.run("DELETE FROM bank_line_events WHERE reason = 'Bank'")
    scene.session.delete(line)


def _message(scene: Scene) -> None:
    scene.session.add(
        WebhookEvent(
            provider="stripe", provider_event_id="e1", kind="paid", payload={}, fault="no payment"
        )
    )


def _reversed(scene: Scene) -> None:
    paid = scene.ids["paid"]
    entry = scene.session.scalars(select(Entry).where(Entry.key == f"paid:{paid.hex}")).one()
    legs = [
        Leg(AccountKind.BANK, -50_123), Leg(AccountKind.HELD, 50_123, scene.seller.id),
    ]  # fmt: skip
    post(scene.session, EntryKind.REVERSAL, f"reversal:{entry.id.hex}", legs,
         About(reverses_id=entry.id))  # fmt: skip


def _other_gross(scene: Scene) -> None:
    line = _line(scene, "MID :")
    line.gross = (line.gross or 0) + 1_000


def _other_fee(scene: Scene) -> None:
    line = _line(scene, "MID :")
    line.description = line.description.replace("1050", "900")


def _sql(statement: str) -> Callable[[Scene], None]:
    return lambda scene: scene.run(statement, now=clock.now())


def _no_payer(method: Method) -> Callable[[Scene], None]:
    """Somebody pays by this way on a day for which its acquirer paid nothing."""

    def plant(scene: Scene) -> None:
        with clock.at(clock.now() - timedelta(days=THEN + 2)):
            make_paid(scene.session, (scene.seller, 12_000), method=method)
        scene.fill_in()

    return plant


PLANTS: dict[str, tuple[D, Callable[[Scene], None]]] = {
    "money of a payment that waits": (D.BOOKS, _sql(
        "UPDATE payments SET state = 'pending', settled_at = NULL WHERE id = :paid")),
    "a settled payment that is not booked": (D.BOOKS, _sql(
        "UPDATE payments SET state = 'settled', settled_at = :now WHERE id = :waiting")),
    "a payment of another sum than its parts": (D.BOOKS, _sql(
        "UPDATE payments SET amount = amount + 1000 WHERE id = :waiting")),
    "a refund that is paid and not booked": (D.BOOKS, _sql(
        "UPDATE refunds SET state = 'paid', paid_at = :now WHERE id = :due")),
    "more goes back than was paid": (D.BOOKS, _sql(
        "UPDATE refunds SET amount = 90000 WHERE id = :due")),
    "a balance that is not its postings": (D.BOOKS, _sql(
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'bank'")),
    "a payout that is paid and not booked": (D.BOOKS, _sql(
        "UPDATE payouts SET state = 'paid', paid_at = :now, reference = 'x' WHERE id = :claimed")),
    "an order of another sum than its parts": (D.BOOKS, _sql(
        "UPDATE orders SET goods = goods + 1, total = total + 1 WHERE id = :order")),
    "a provider's message without a payment": (D.MESSAGE, _message),
    "a gateway paid for another sum": (D.GATEWAY_DAY, _sql(
        "UPDATE acquired SET gross = gross + 500 WHERE id = :acquired")),
    "a gateway did not pay": (D.GATEWAY_UNPAID, _no_payer(Method.GATEWAY)),
    "a day of QRIS paid with another sum": (D.QRIS_DAY, _other_gross),
    "a day of QRIS not paid": (D.QRIS_UNPAID, _no_payer(Method.QRIS)),
    "a line of QRIS whose sums do not fit": (D.QRIS_FEE, _other_fee),
    "money at the bank that nobody looked at": (
        D.LINE_WAITING, lambda scene: _forgotten(scene, "PAJAK")),
    "a confirmed transfer that is not at the bank": (
        D.NOT_AT_BANK, lambda scene: scene.earlier(Method.TRANSFER, 44_000)),
    "a payout that did not leave the bank": (
        D.NOT_AT_BANK, lambda scene: _unmatch(scene, "TRF PENJUAL")),
    "a line of another sum than its entry": (D.BOOKS, _other_amount),
    "a line that is missing": (D.GAP, _missing),
    "an entry that was undone although the bank moved it": (D.BOOKS, _reversed),
}  # fmt: skip
"""What is planted, and as what it must be found."""


@dataclass(frozen=True)
class Looked:
    """How many of the plants were found, by our comparison and by one of the two balances only."""

    clean: int
    found: int
    by_balance: int
    missed: tuple[str, ...]


def look_for_all(session: Session) -> Looked:
    """Plant each difference by itself, look for it, take it back."""
    scene = reconciled(session)
    clean = len(check_money(session))
    even = _apart(session)
    missed: list[str] = []
    by_balance = 0
    for name, (kind, plant) in PLANTS.items():
        if not found_as(scene, kind, plant):
            missed.append(name)
        by_balance += _seen_by_balance(scene, plant, even)
    clean += len(check_money(session))
    return Looked(clean, len(PLANTS) - len(missed), by_balance, tuple(missed))


def found_as(scene: Scene, kind: D, plant: Callable[[Scene], None]) -> bool:
    """Whether the planted difference is found as what it is."""
    with _planted(scene, plant):
        return kind in {one.kind for one in check_money(scene.session)}


def _seen_by_balance(scene: Scene, plant: Callable[[Scene], None], even: int) -> bool:
    with _planted(scene, plant):
        return _apart(scene.session) != even


@contextmanager
def _planted(scene: Scene, plant: Callable[[Scene], None]) -> Iterator[None]:
    session = scene.session
    session.flush()
    nested = session.begin_nested()
    plant(scene)
    session.flush()
    session.expire_all()
    yield
    nested.rollback()
    session.expire_all()


def _apart(session: Session) -> int:
    """What a comparison of the two balances sees."""
    found = at_bank(session)
    return found.at_bank - found.in_books if found else 0


def look(database: str) -> Looked:
    """The proof on one database."""
    with opened(database) as (app, _env), app.app_context():
        session = db.session()
        seen = look_for_all(session)
        db.session.rollback()
        db.session.remove()
        return seen
