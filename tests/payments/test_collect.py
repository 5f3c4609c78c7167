"""Sellers who collect by themselves: a payment each, each with its own end, and books to match."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.check import check_books, check_orders
from shop.core import clock
from shop.core.lifecycle import IllegalMove
from shop.core.settings import default_settings, load_settings
from shop.ledger.fees import set_rule
from shop.ledger.post import balance
from shop.ledger.states import AccountKind as A
from shop.orders.accept import accept
from shop.orders.arrange import agree, name_fee
from shop.orders.cancel import cancel
from shop.orders.checkout import place
from shop.orders.complete import complete
from shop.orders.decline import decline
from shop.orders.give_back import give_back
from shop.orders.hand_over import hand_over
from shop.orders.models import Order, SellerOrder
from shop.orders.ready import ready
from shop.orders.states import DeliveryKind
from shop.orders.states import SellerOrderState as S
from shop.payments.check import check_payments
from shop.payments.collect import collecting
from shop.payments.expire import expire_due
from shop.payments.models import Payment, PaymentPart, Refund
from shop.payments.record_stray import Came, OtherWay, record
from shop.payments.refund import mark_paid
from shop.payments.settle import AlreadySettled, claim, not_arrived, settle
from shop.payments.start import NoFreeCode
from shop.payments.states import Method, PaymentState
from shop.sellers.models import DeliveryZone, Seller
from tests.catalog.offered import offer
from tests.factories.orders import filled_in, placed_order
from tests.factories.people import make_person
from tests.factories.sellers import make_seller
from tests.payments.qris.codes import STATIC

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def _allowed(session: Session) -> None:
    session.add(default_settings())
    load_settings(session).sellers_collect = True
    set_rule(session, 1_000, None)


def collector(
    session: Session, name: str = "Rohana", qris: str = "", bank: str = "123456"
) -> Seller:
    seller = make_seller(session, name)
    seller.collects, seller.qris_text, seller.bank_account = True, qris, bank
    session.flush()
    return seller


def order_of(session: Session, *sellers: Seller, method: Method = Method.TRANSFER) -> Order:
    """Two things at Rp15.000 of each seller."""
    things = [(offer(session, seller, on_hand=9), 2) for seller in sellers]
    return placed_order(session, *things, method=method)


def payment_for(session: Session, seller: Seller, order: Order) -> Payment:
    return session.scalars(
        select(Payment)
        .join(PaymentPart)
        .where(PaymentPart.seller_id == seller.id, Payment.order_id == order.id)
    ).one()


def part_of(session: Session, seller: Seller, order: Order) -> SellerOrder:
    session.expire_all()
    return next(part for part in order.parts if part.seller_id == seller.id)


def seen_by_her(session: Session, payment: Payment) -> PaymentState:
    return settle(session, payment.id, actor="seller", person_id=None)


def money(session: Session, seller: Seller) -> dict[str, int]:
    """Rupiah in her account, held for her, and owed to her (negative: by her)."""
    return {
        "own": balance(session, A.OWN, seller.id),
        "held": -balance(session, A.HELD, seller.id),
        "owed": -balance(session, A.PAYABLE, seller.id),
    }


def faults(session: Session) -> list[str]:
    checks = (check_books, check_payments, check_orders)
    return [f.line for check in checks for f in check(session) if f.faults]


def finished(session: Session, part: SellerOrder) -> None:
    accept(session, part.id, None)
    ready(session, part.id, None)
    hand_over(session, part.id, None)
    complete(session, part.id, actor="buyer")


class TestWhoIsPaid:
    def test_one_payment_for_each_collector_and_one_for_the_rest(self, session: Session):
        rohana, melur = collector(session), collector(session, "Melur")
        others = [make_seller(session, name) for name in ("Salmah", "Zubaidah")]
        order = order_of(session, rohana, others[0], melur, others[1])
        payments = session.scalars(select(Payment).where(Payment.order_id == order.id)).all()
        assert sorted(str(p.collector_id) for p in payments) == sorted(
            [str(rohana.id), str(melur.id), "None"]
        )
        shared = next(p for p in payments if p.collector_id is None)
        assert {part.seller_id for part in shared.parts} == {one.id for one in others}
        assert [p.amount - p.unique_code for p in payments if p is not shared] == [30_000] * 2
        assert all(1 <= p.unique_code <= 333 for p in payments)
        assert order.unique_code == sum(p.unique_code for p in payments)
        assert order.total == sum(p.amount for p in payments)

    def test_all_of_it_can_be_hers(self, session: Session):
        rohana = collector(session)
        order = order_of(session, rohana)
        payment = payment_for(session, rohana, order)
        assert payment.collector_id == rohana.id
        assert order.total == payment.amount

    @pytest.mark.parametrize("method", [Method.CASH, Method.CARD, Method.GATEWAY])
    def test_other_ways_are_as_ever(self, session: Session, method: Method):
        rohana = collector(session, qris=STATIC)
        assert (
            payment_for(session, rohana, order_of(session, rohana, method=method)).collector_id
            is None
        )

    @pytest.mark.parametrize(
        ("method", "qris", "bank", "hers"),
        [
            (Method.TRANSFER, "", "123", True),
            (Method.TRANSFER, STATIC, "", False),
            (Method.QRIS, STATIC, "", True),
            (Method.QRIS, "", "123", False),
        ],
    )
    def test_only_in_a_way_she_has(
        self, session: Session, method: Method, qris: str, bank: str, hers: bool
    ):
        rohana = collector(session, qris=qris, bank=bank)
        payment = payment_for(session, rohana, order_of(session, rohana, method=method))
        assert (payment.collector_id == rohana.id) is hers

    def test_not_where_the_shop_or_the_seller_has_it_off(self, session: Session):
        rohana = collector(session)
        rohana.collects = False
        session.flush()
        assert collecting(session, Method.TRANSFER, [rohana.id]) == frozenset()
        rohana.collects = True
        load_settings(session).sellers_collect = False
        session.flush()
        assert payment_for(session, rohana, order_of(session, rohana)).collector_id is None

    def test_pressing_twice_makes_one_order(self, session: Session):
        wanted = filled_in((offer(session, collector(session), on_hand=9), 2), key="k")
        assert place(session, wanted).id == place(session, wanted).id
        assert len(session.scalars(select(Payment)).all()) == 1

    def test_her_sums_are_told_apart_from_each_other_only(self, session: Session):
        rohana, melur = collector(session), collector(session, "Melur")
        codes = {
            payment_for(session, seller, order_of(session, seller)).unique_code
            for seller in [rohana] * 6
        }
        assert len(codes) == 6
        session.flush()
        for _ in range(3):
            order_of(session, melur)

    def test_no_code_left_places_nothing(self, session: Session, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("shop.payments.start.HIGHEST_CODE", 1)
        rohana = collector(session)
        order_of(session, rohana)
        with pytest.raises(NoFreeCode):
            order_of(session, rohana)

    def test_after_a_fee_was_agreed_on(self, session: Session):
        rohana = collector(session)
        rohana.arranges = True
        session.execute(delete(DeliveryZone).where(DeliveryZone.seller_id == rohana.id))
        thing = (offer(session, rohana, on_hand=9), 2)
        order = placed_order(session, thing, delivery=DeliveryKind.ARRANGED)
        part = order.parts[0]
        name_fee(session, part.id, 5_000, person_id=make_person(session).id)
        agree(session, order.id, total_seen=35_000)
        payment = payment_for(session, rohana, order)
        assert payment.collector_id == rohana.id
        assert payment.amount == 35_000 + payment.unique_code == order.total


class TestEachPartGoesItsWay:
    def test_hers_begins_when_her_money_is_there_and_the_rest_runs_out(self, session: Session):
        rohana, salmah = collector(session), make_seller(session, "Salmah")
        order = order_of(session, rohana, salmah)
        assert seen_by_her(session, payment_for(session, rohana, order)) == PaymentState.SETTLED
        assert part_of(session, rohana, order).state == S.WAITING
        assert part_of(session, salmah, order).state == S.UNPAID
        with clock.at(clock.now() + timedelta(days=2)):
            assert expire_due(session) == 1
        assert part_of(session, salmah, order).state == S.EXPIRED
        assert part_of(session, rohana, order).state == S.WAITING
        assert faults(session) == []

    def test_staff_can_confirm_it_too_and_nobody_twice(self, session: Session):
        rohana = collector(session)
        payment = payment_for(session, rohana, order_of(session, rohana))
        settle(session, payment.id, actor="staff", person_id=None)
        with pytest.raises(AlreadySettled):
            seen_by_her(session, payment)
        assert money(session, rohana) == {"own": 30_000, "held": 30_000, "owed": 0}
        assert faults(session) == []

    def test_a_seller_confirms_nothing_that_comes_through_the_programme(self, session: Session):
        salmah = make_seller(session, "Salmah")
        payment = payment_for(session, salmah, order_of(session, salmah))
        with pytest.raises(IllegalMove):
            seen_by_her(session, payment)
        claim(session, payment.id)
        with pytest.raises(IllegalMove):
            not_arrived(session, payment.id, person_id=None, actor="seller")

    def test_what_she_did_not_find_waits_again(self, session: Session):
        rohana = collector(session)
        payment = payment_for(session, rohana, order_of(session, rohana))
        claim(session, payment.id)
        not_arrived(session, payment.id, person_id=None, actor="seller")
        session.refresh(payment)
        assert payment.state == PaymentState.PENDING
        assert seen_by_her(session, payment) == PaymentState.SETTLED

    def test_calling_off_ends_what_is_not_paid_and_gives_back_what_is(self, session: Session):
        rohana, salmah = collector(session), make_seller(session, "Salmah")
        order = order_of(session, rohana, salmah)
        seen_by_her(session, payment_for(session, rohana, order))
        cancel(session, order.id, actor="buyer", person_id=None)
        assert {part.state for part in order.parts} == {S.CANCELLED}
        assert payment_for(session, salmah, order).state == PaymentState.CANCELLED
        assert [r.amount for r in session.scalars(select(Refund))] == [30_000]
        assert faults(session) == []

    def test_calling_off_ends_every_open_payment(self, session: Session):
        rohana, salmah = collector(session), make_seller(session, "Salmah")
        order = order_of(session, rohana, salmah)
        cancel(session, order.id, actor="buyer", person_id=None)
        states = session.scalars(select(Payment.state)).all()
        assert states == [PaymentState.CANCELLED] * 2
        assert faults(session) == []

    def test_money_that_the_programme_got_is_not_for_it(self, session: Session):
        rohana = collector(session)
        payment = payment_for(session, rohana, order_of(session, rohana))
        with pytest.raises(OtherWay):
            record(
                session, Came(Method.TRANSFER, 5_000), payment_id=payment.id, person_id=None,
                key="k",
            )  # fmt: skip


class TestHerBooks:
    def test_completed_she_owes_only_the_fee(self, session: Session):
        rohana = collector(session)
        order = order_of(session, rohana)
        seen_by_her(session, payment_for(session, rohana, order))
        assert money(session, rohana) == {"own": 30_000, "held": 30_000, "owed": 0}
        assert faults(session) == []
        finished(session, part_of(session, rohana, order))
        assert money(session, rohana) == {"own": 0, "held": 0, "owed": -3_000}
        assert balance(session, A.SURPLUS) == 0
        assert faults(session) == []

    def test_of_a_part_undone_she_owes_all_and_the_programme_sends_it_back(self, session: Session):
        rohana = collector(session)
        order = order_of(session, rohana)
        seen_by_her(session, payment_for(session, rohana, order))
        decline(session, part_of(session, rohana, order).id, None, "Habis")
        assert money(session, rohana) == {"own": 0, "held": 0, "owed": -30_000}
        refund = session.scalars(select(Refund)).one()
        mark_paid(session, refund.id, reference="BRI 1", person_id=None)
        assert balance(session, A.BANK) == -30_000
        assert balance(session, A.REFUNDS) == 0
        assert faults(session) == []

    @pytest.mark.parametrize(("share", "owed"), [(10_000, -12_000), (0, -3_000)])
    def test_what_went_back_of_it_is_owed_as_far_as_she_bears_it(
        self, session: Session, share: int, owed: int
    ):
        rohana = collector(session)
        order = order_of(session, rohana)
        seen_by_her(session, payment_for(session, rohana, order))
        part = part_of(session, rohana, order)
        finished(session, part)
        line = part.lines[0].id
        give_back(
            session, part.id, lines={line: (0, 10_000)}, delivery=0, seller_share=share,
            reason="Rusak", person_id=None, key="k",
        )  # fmt: skip
        assert money(session, rohana) == {"own": 0, "held": 0, "owed": owed}
        assert faults(session) == []

    def test_late_money_goes_back_through_the_programme(self, session: Session):
        rohana = collector(session)
        order = order_of(session, rohana)
        payment = payment_for(session, rohana, order)
        with clock.at(clock.now() + timedelta(days=20)):
            expire_due(session)
            assert seen_by_her(session, payment) == PaymentState.LATE
        assert money(session, rohana) == {"own": 0, "held": 0, "owed": -payment.amount}
        assert [r.amount for r in session.scalars(select(Refund))] == [payment.amount]
        assert faults(session) == []

    def test_a_wrong_sum_in_her_account_is_found(
        self, session: Session, monkeypatch: pytest.MonkeyPatch
    ):
        """Planted: what she keeps at the end stays in her account."""
        rohana = collector(session)
        order = order_of(session, rohana)
        seen_by_her(session, payment_for(session, rohana, order))
        monkeypatch.setattr("shop.orders.complete.earn", _forgetful)
        finished(session, part_of(session, rohana, order))
        assert any("sellers hold just what" in line for line in faults(session))


def _forgetful(session: Session, **about: object) -> None:
    from shop.ledger.earn import earn

    earn(session, **(about | {"in_own": False}))  # type: ignore[arg-type]
