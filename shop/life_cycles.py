"""Every life cycle of the shop; walked at the start, so that none is broken."""

from __future__ import annotations

from shop.catalog.states import PRODUCT
from shop.complaints.states import COMPLAINT
from shop.consignment.states import CONSIGNMENT
from shop.ledger.states import PAYOUT
from shop.lots.states import DELIVERY_NOTE, LOT
from shop.orders.states import SELLER_ORDER
from shop.payments.states import ASKED_BACK, PAYMENT, REFUND
from shop.payments.states_bank import BANK_LINE
from shop.payments.states_stray import STRAY
from shop.payments.states_stripe import CARD_REFUND, DISPUTE
from shop.sellers.states import SELLER
from shop.sharing.states import MEMBER_PAYMENT
from shop.standing.states import STANDING
from shop.training.states import ENROLMENT

LIFE_CYCLES = (
    SELLER, PRODUCT, ENROLMENT, PAYMENT, REFUND, SELLER_ORDER, PAYOUT, COMPLAINT, STANDING,
    CONSIGNMENT, MEMBER_PAYMENT, STRAY, ASKED_BACK, BANK_LINE, DELIVERY_NOTE, LOT, CARD_REFUND,
    DISPUTE,
)  # fmt: skip
