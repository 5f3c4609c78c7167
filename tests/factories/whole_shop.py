"""A shop in which everything that `shop check` looks at has happened at least once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog.models import Category, Product, Variant
from shop.catalog.reserve import reserve
from shop.catalog.stock import count
from shop.consignment.hand_on import hand_on
from shop.consignment.models import ConsignmentCount
from shop.consignment.record import Counted, record
from shop.consignment.states import PaidBy
from shop.consignment.take_back import take_back
from shop.core import clock
from shop.core.images import normalise
from shop.core.pictures import keep_picture
from shop.core.storage import Storage
from shop.ledger.fees import current_rule
from shop.ledger.models import Entry, Payout, Posting
from shop.ledger.paid_out import mark_paid, mark_returned
from shop.ledger.states import AccountKind, EntryKind
from shop.orders.end_promotion import end_promotion
from shop.orders.give_back import give_back
from shop.orders.models import OrderLine, SellerOrder
from shop.payments import refund
from shop.payments.acquire import Sheet, acquire
from shop.payments.book_code import book as book_code
from shop.payments.cancel import cancel
from shop.payments.carry import hand_in
from shop.payments.match_line import link
from shop.payments.models import Payment
from shop.payments.models_gateway import GatewayCode, GatewayRefund
from shop.payments.providers.acquirer import Standing, Status
from shop.payments.record_stray import Came
from shop.payments.record_stray import record as record_stray
from shop.payments.settle import settle
from shop.payments.states import AskedBack, Method
from shop.sellers.models import Seller
from tests.catalog.offered import offer
from tests.factories.cards import card_things
from tests.factories.complaints import open_complaint
from tests.factories.consignment import consigned
from tests.factories.credit import codes_are_credit, give_credit, ordered_by
from tests.factories.holders import carried_part, make_courier
from tests.factories.lots import settled_lot
from tests.factories.orders import completed_part, payment_of, placed_order
from tests.factories.payments import make_earned, make_order, make_paid, make_payment
from tests.factories.payouts import approved_batch
from tests.factories.people import make_person
from tests.factories.promotions import make_promotion
from tests.factories.sellers import make_seller
from tests.factories.sharing import group_things
from tests.factories.statement import make_line
from tests.photos import lively, saved


def whole_shop(session: Session, storage: Storage) -> str:
    """Fill the shop; commits. Returns the name of its one picture."""
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
    promoted(session, rohana)
    carried(session, rohana)
    with_credit(session, complained)
    by_gateway = placed_order(session, (complained, 1), method=Method.GATEWAY)
    by_code(session, payment_of(session, by_gateway), by_gateway.parts[0])
    card_things(session, placed_order(session, (complained, 1), method=Method.CARD))
    at_bank(session)
    picture = keep_picture(session, storage, normalise(saved(lively(700, 500), "JPEG")))
    session.commit()
    return picture.sha256


def carried(session: Session, seller: Seller) -> None:
    """A courier took cash for her and gave her some of it."""
    courier, thing = make_courier(session), offer(session, seller)
    count(session, thing.id, 3, key="carried", person_id=None)
    carried_part(session, courier, (thing, 1))
    hand_in(session, courier.id, 2_000, reference="", person_id=None, key="h", seller_id=seller.id)


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


def with_credit(session: Session, thing: Variant) -> None:
    """A buyer has credit from too much money and from a code, used some, and uses some now."""
    count(session, thing.id, 9, key="credit", person_id=None)
    buyer = make_person(session)
    give_credit(session, buyer, 9_000, (thing, 1))
    codes_are_credit(session)
    used = payment_of(session, ordered_by(session, buyer, (thing, 1), credit=4_000))
    settle(session, used.id, actor="staff", person_id=None)
    ordered_by(session, buyer, (thing, 1), credit=2_000)


def promoted(session: Session, seller: Seller) -> None:
    """A thing sold at a lower price, the programme bearing the difference, while there was one."""
    made = make_promotion(session, off=1_000, seller_id=seller.id, budget=9_000)
    thing = offer(session, seller)
    count(session, thing.id, 3, key="promoted", person_id=None)
    completed_part(session, (thing, 1))
    end_promotion(session, made.id, person_id=None)


def by_code(session: Session, payment: Payment, part: SellerOrder) -> None:
    """A payment came through a gateway, some of it went back there, the rest on to the bank."""
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
    back = give_back(
        session, part.id, lines={part.lines[0].id: (0, 1_500)}, delivery=0, seller_share=0,
        reason="x", person_id=None, key="gateway",
    )  # fmt: skip
    refund.mark_paid(
        session, back.id, reference="midtrans X-1", person_id=None, source=AccountKind.GATEWAY
    )
    session.add(GatewayRefund(refund_id=back.id, code_id=code.id, state=AskedBack.DONE.value))


def at_bank(session: Session) -> None:
    """A line of the bank's statement is what a seller was paid; another is nobody's."""
    entry = session.scalars(
        select(Entry).where(Entry.kind == EntryKind.PAYOUT_PAID.value).limit(1)
    ).one()
    amount = session.scalars(
        select(Posting.amount).where(Posting.entry_id == entry.id, Posting.amount < 0)
    ).one()
    link(session, make_line(session, amount).id, [entry.id], person_id=None)
    make_line(session, 1_234, "BUNGA")
