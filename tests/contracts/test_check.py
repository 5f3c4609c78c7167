"""`shop check` finds a sound shop sound, and each of its lines can fail."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Category, Product, Variant
from shop.catalog.reserve import reserve
from shop.catalog.stock import count
from shop.check import check_all
from shop.consignment.hand_on import hand_on
from shop.consignment.models import ConsignmentCount
from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.consignment.take_back import take_back
from shop.core import clock
from shop.core.images import master_key, normalise, rendition_key
from shop.core.pictures import keep_picture
from shop.ledger.check import Finding
from shop.ledger.fees import current_rule
from shop.ledger.models import Payout
from shop.ledger.paid_out import mark_paid, mark_returned
from shop.orders.give_back import give_back
from shop.orders.models import OrderLine, SellerOrder
from shop.payments import refund
from shop.payments.acquire import Sheet, acquire
from shop.payments.book_code import book as book_code
from shop.payments.cancel import cancel
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode
from shop.payments.providers.acquirer import Standing, Status
from shop.payments.record_stray import Came
from shop.payments.record_stray import record as record_stray
from shop.payments.settle import settle
from shop.payments.states import Method
from shop.sellers.models import Seller
from tests.catalog.offered import offer
from tests.factories.complaints import open_complaint
from tests.factories.consignment import consigned
from tests.factories.lots import settled_lot
from tests.factories.orders import payment_of, placed_order
from tests.factories.payments import make_earned, make_order, make_paid, make_payment
from tests.factories.payouts import approved_batch
from tests.factories.planting import plant
from tests.factories.sellers import make_seller
from tests.factories.sharing import group_things
from tests.photos import lively, saved

pytestmark = pytest.mark.both


def make_variant(session: Session, seller: Seller) -> Variant:
    session.add(Category(slug="kue", name="Kue", name_en="Cakes", position=1))
    product = Product(
        seller_id=seller.id, slug="kue-1", name="Kue", category_slug="kue", state="live",
        published_at=clock.now(),
    )  # fmt: skip
    session.add(product)
    session.flush()
    variant = Variant(product_id=product.id, seller_id=seller.id, price=5_000, on_hand=0)
    session.add(variant)
    session.flush()
    count(session, variant.id, 20, key="count", person_id=None)
    return variant


def give_lines(session: Session, variant: Variant) -> None:
    """Every part gets the one line it is the sum of."""
    rule = current_rule(session)
    for part in session.scalars(select(SellerOrder)):
        session.add(
            OrderLine(
                seller_order_id=part.id,
                seller_id=part.seller_id,
                position=0,
                name="Kue",
                product_id=variant.product_id,
                variant_id=variant.id,
                unit_price=part.goods,
                quantity=1,
                total=part.goods,
                fee=part.fee,
                fee_rule_id=rule.id,
            )
        )
        if part.state in ("unpaid", "waiting"):
            reserve(session, {variant.id: 1}, key=f"order:{part.id.hex}")
    session.flush()


@pytest.fixture
def shop(app: Flask, session: Session) -> SimpleNamespace:
    """A shop in which everything that is checked has happened at least once."""
    rohana, melur = make_seller(session), make_seller(session, "Melur")
    variant = make_variant(session, rohana)
    make_earned(session, rohana, 60_000, fee=1_800)
    make_earned(session, melur, 30_000, method=Method.CASH, fee=900)
    make_earned(session, melur, 80_000)
    approved_batch(session, "one")
    paid, returned = session.scalars(select(Payout).order_by(Payout.amount)).all()
    mark_paid(session, paid.id, reference="BRI 1", person_id=None)
    mark_returned(session, returned.id, reason="x", person_id=None)
    approved_batch(session, "two")
    part_back = make_paid(session, (rohana, 20_000), (melur, 10_000))
    late = make_payment(session, (rohana, 40_000), code=3)
    cancel(session, late.id, "buyer", None)
    settle(session, late.id, actor="staff", person_id=None)
    make_order(session, (rohana, 7_000))
    give_lines(session, variant)
    complained = offer(session, rohana)
    count(session, complained.id, 5, key="complained", person_id=None)
    open_complaint(session, (complained, 2))
    part_id = part_back.parts[0].seller_order_id
    line_id = session.scalars(
        select(OrderLine.id).where(OrderLine.seller_order_id == part_id)
    ).one()
    granted = give_back(
        session, part_id, lines={line_id: (0, 5_000)}, delivery=0, seller_share=4_000,
        reason="x", person_id=None, key="r",
    )  # fmt: skip
    refund.mark_paid(session, granted.id, reference="BRI 2", person_id=None)
    lot = consigned(session, variant, 3, share=1_000)
    counted = [Counted(lot.lines[0].id, sold=2)]
    record(session, lot.id, counted, paid_by=PaidBy.POINT, key="c", person_id=None)
    counted = [Counted(lot.lines[0].id, sold=1)]
    record(session, lot.id, counted, paid_by=PaidBy.SELLER, key="w", person_id=None)
    wrong = session.scalars(select(ConsignmentCount).where(ConsignmentCount.quantity == 1)).one()
    take_back(session, lot.id, wrong.id, "x", person_id=None)
    hand_on(session, lot.id, 5_000, paid_to=PaidBy.PROGRAMME, key="h", person_id=None)
    group_things(session, melur)
    settled_lot(session)
    record_stray(
        session, Came(Method.TRANSFER, 12_345, "x"), payment_id=None, person_id=None, key="stray"
    )
    by_gateway = placed_order(session, (complained, 1), method=Method.GATEWAY)
    by_code(session, payment_of(session, by_gateway))
    storage = app.extensions["storage"]
    picture = keep_picture(session, storage, normalise(saved(lively(700, 500), "JPEG")))
    session.commit()
    return SimpleNamespace(session=session, storage=storage, picture=picture.sha256)


def findings(shop: SimpleNamespace) -> dict[str, Finding]:
    with clock.at(clock.now() + timedelta(hours=2)):
        return {f.name: f for f in check_all(shop.session, shop.storage)}


def by_code(session: Session, payment: Payment) -> None:
    """A payment came through a gateway, and on to the bank."""
    code = GatewayCode(
        payment_id=payment.id, provider="midtrans", reference="X-1", amount=payment.amount,
        expires_at=clock.now(),
    )  # fmt: skip
    session.add(code)
    session.flush()
    said = Status(Standing.PAID, reference="X-1", transaction_id="t", amount=payment.amount)
    book_code(session, code.id, said)
    sheet = Sheet("midtrans", clock.today(), payment.amount, 63, "BRI 3")
    acquire(session, sheet, person_id=None)


OF_OTHER_STAGES = {
    "refunds through gateways are paid just where they are",  # tests/payments/test_gateway_refund
    "every matched line of the bank is its entries",  # tests/payments/test_bank_lines
    "no line of the bank is an entry that was undone",  # the same
}
"""Rules whose things need a server or a statement: they are looked at where these stand."""


@pytest.fixture(autouse=True)
def _empty_storage(app: Flask):
    yield
    storage = app.extensions["storage"]
    for key, _, _ in list(storage.keys()):
        storage.delete(key)


def test_a_sound_shop_is_sound(shop: SimpleNamespace):
    found = findings(shop)
    assert [f.line for f in found.values() if f.faults] == []
    assert {f.name for f in found.values() if f.looked_at == 0} == OF_OTHER_STAGES
    assert found["every entry balances"].line.startswith("ok    every entry balances (")


_BANK = "(SELECT id FROM accounts WHERE code = 'bank')"
_FIRST_BANK = f"account_id = {_BANK} AND number = 1"
_ONE_PAID = "id = (SELECT payout_id FROM entries WHERE kind = 'payout_paid')"

PLANTED = {
    "every entry balances": [f"UPDATE postings SET amount = amount + 1 WHERE {_FIRST_BANK}"],
    "no posting without its entry": ["DELETE FROM entries WHERE kind = 'refund_paid'"],
    "all accounts sum to zero": ["UPDATE accounts SET balance = balance + 1 WHERE code = 'bank'"],
    "running balances equal the sums": [
        "UPDATE accounts SET balance = balance + 1 WHERE code = 'bank'",
        "UPDATE accounts SET balance = balance - 1 WHERE code = 'fee'",
    ],
    "postings are numbered without a gap": [
        f"UPDATE postings SET number = 99, balance = balance WHERE account_id = {_BANK}"
        " AND number = 2"
    ],
    "every payout is in the books as it stands": [
        f"UPDATE payouts SET amount = amount + 1 WHERE {_ONE_PAID}"
    ],
    "nobody was paid more than was payable": [
        "UPDATE postings SET balance = 5 WHERE amount > 0 AND entry_id IN"
        " (SELECT id FROM entries WHERE kind = 'payout_claimed')"
    ],
    "every payment is the sum of its parts and code": [
        "UPDATE payment_parts SET amount = amount + 1 WHERE amount = 20000"
    ],
    "every settled payment is in the books once": [
        "UPDATE payments SET state = 'pending', settled_at = NULL WHERE method = 'cash'"
    ],
    "no more goes back than was paid": ["UPDATE refunds SET amount = 20001 WHERE amount = 5000"],
    "every refund is in the books as it stands": [
        "UPDATE refunds SET state = 'due', paid_at = NULL WHERE state = 'paid'"
    ],
    "what is to go back is on its account": [
        "UPDATE refunds SET amount = amount - 1 WHERE state = 'due'"
    ],
    "no order without its parts": [
        "DELETE FROM order_lines WHERE total = 7000",
        "DELETE FROM seller_orders WHERE total = 7000",
    ],
    "every order is the sum of its parts": [
        "UPDATE orders SET goods = goods + 1, total = total + 1 WHERE goods = 7000"
    ],
    "every part is the sum of its lines": [
        "UPDATE order_lines SET total = total + 1 WHERE total = 7000"
    ],
    "every completed part is in the books once": [
        "UPDATE seller_orders SET state = 'completed' WHERE total = 7000"
    ],
    "nothing is held for parts that were undone": [
        "UPDATE seller_orders SET state = 'cancelled' WHERE total = 20000"
    ],
    "sellers hold just what their buyers paid them": [
        "UPDATE accounts SET balance = balance + 1 WHERE substr(code, 1, 5) = 'cash:'"
    ],
    "lines and refunds say the same of a line": [
        "UPDATE order_lines SET given_back = given_back + 1 WHERE total = 7000"
    ],
    "lines and refunds say the same of a part": [
        "UPDATE order_lines SET borne = borne - 1 WHERE total = 20000"
    ],
    "consigned pieces are the sum of their records": ["UPDATE consignment_lines SET sold = 3"],
    "a consignment is closed when nothing lies there": ["UPDATE consignments SET state = 'closed'"],
    "every consigned sale is in the books once": ["UPDATE consignment_counts SET amount = 7999"],
    "what takes a count back says the same as it": [
        "UPDATE consignment_counts SET quantity = 2 WHERE reverses_id IS NOT NULL"
    ],
    "a sale taken back is undone in the books": [
        "DELETE FROM consignment_counts WHERE reverses_id IS NOT NULL"
    ],
    "what points handed on is in the books once": ["UPDATE consignment_payments SET amount = 1"],
    "points hold what they owe": ["UPDATE accounts SET balance = 1 WHERE kind = 'point'"],
    "every settled lot is the sum of its parts": ["UPDATE lot_parts SET amount = amount + 1"],
    "every settled lot counts just its notes": ["UPDATE delivery_notes SET grams = grams + 1"],
    "every settled lot is in the books": ["UPDATE lot_parts SET deducted = 1"],
    "no stock below zero or promised twice": ["UPDATE variants SET reserved = on_hand + 1"],
    "stock is the sum of its moves": ["UPDATE variants SET on_hand = on_hand + 1"],
    "promised pieces are those of open orders": [
        "UPDATE seller_orders SET state = 'cancelled' WHERE total = 7000"
    ],
    "every picture has a rendition": ["DELETE FROM renditions"],
}


@pytest.mark.parametrize("name", list(PLANTED))
def test_a_planted_fault_is_found(shop: SimpleNamespace, name: str):
    assert findings(shop)[name].faults == ()
    plant(shop.session, *PLANTED[name])
    found = findings(shop)[name]
    assert found.faults
    assert found.line.startswith(f"FAULT {name}: {len(found.faults)} of ")


def test_a_missing_trigger_is_found(shop: SimpleNamespace, database: str):
    trigger = "postings_no_update" if database == "sqlite" else "postings_append_only"
    table = "" if database == "sqlite" else " ON postings"
    shop.session.connection().exec_driver_sql(f"DROP TRIGGER {trigger}{table}")
    name = "nothing in the journal can be changed"
    assert findings(shop)[name].faults == (f"the trigger {trigger} is missing",)


def test_a_lost_or_shortened_file_is_found(shop: SimpleNamespace):
    name = "every picture has its files"
    master = master_key(shop.picture)
    shop.storage.delete(master)
    assert findings(shop)[name].faults == (f"{master} is missing",)
    shop.storage.put(master, b"short", "image/jpeg")
    assert "has 5 bytes" in findings(shop)[name].faults[0]


def test_a_file_of_nobody_is_found_unless_it_is_fresh(shop: SimpleNamespace):
    name = "every file has its picture"
    key = rendition_key("ab" + "0" * 62, 640, "webp")
    shop.storage.put(key, b"x", "image/webp")
    assert findings(shop)[name].faults == (f"{key} belongs to no picture",)
    fresh = {f.name: f for f in check_all(shop.session, shop.storage)}
    assert fresh[name].faults == ()
