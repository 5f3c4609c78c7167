"""The one place that knows every room: blueprints, navigation, events, the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

import shop.accounts.models
import shop.accounts.views
import shop.accounts.views_messages
import shop.accounts.views_staff
import shop.accounts.views_ways
import shop.accounts.views_whatsapp
import shop.catalog.models
import shop.catalog.views
import shop.catalog.views_photos
import shop.catalog.views_staff
import shop.catalog.views_studio
import shop.complaints.models
import shop.complaints.views
import shop.complaints.views_phone
import shop.complaints.views_staff
import shop.complaints.views_studio
import shop.consignment.views_staff
import shop.consignment.views_studio
import shop.impact.views_participant
import shop.impact.views_staff
import shop.ledger.models
import shop.ledger.views_inside
import shop.ledger.views_journal
import shop.ledger.views_months
import shop.ledger.views_paying
import shop.ledger.views_payouts
import shop.ledger.views_programme
import shop.ledger.views_staff
import shop.ledger.views_statements
import shop.ledger.views_studio
import shop.lots.views
import shop.orders.models
import shop.orders.models_cart
import shop.orders.models_promotion
import shop.orders.views
import shop.orders.views_arrange
import shop.orders.views_carry
import shop.orders.views_cart
import shop.orders.views_checkout
import shop.orders.views_follow
import shop.orders.views_link
import shop.orders.views_mail
import shop.orders.views_paper
import shop.orders.views_promotions
import shop.orders.views_staff
import shop.orders.views_studio
import shop.orders.views_track
import shop.orders.views_undo
import shop.orders.views_unseen
import shop.orders.views_work
import shop.payments.models
import shop.payments.models_bank
import shop.payments.models_credit
import shop.payments.models_stray
import shop.payments.models_stripe
import shop.payments.views
import shop.payments.views_acquired
import shop.payments.views_bank
import shop.payments.views_bank_lines
import shop.payments.views_collect
import shop.payments.views_credit
import shop.payments.views_direct
import shop.payments.views_disputes
import shop.payments.views_fees
import shop.payments.views_gateway
import shop.payments.views_holders
import shop.payments.views_settings
import shop.payments.views_slip
import shop.payments.views_staff
import shop.payments.views_stray
import shop.payments.views_transfers
import shop.payments.views_ways
import shop.sellers.models
import shop.sellers.models_holder
import shop.sellers.views
import shop.sellers.views_delivery
import shop.sellers.views_delivery_staff
import shop.sellers.views_members
import shop.sellers.views_minimum
import shop.sellers.views_staff
import shop.sellers.views_studio
import shop.sharing.views_fund
import shop.sharing.views_rules
import shop.sharing.views_staff
import shop.sharing.views_statement
import shop.sharing.views_studio
import shop.standing.views
import shop.standing.views_link
import shop.standing.views_staff
import shop.standing.views_studio
import shop.training.models
import shop.training.views
import shop.training.views_staff
from shop.accounts import notify, readers, sending
from shop.accounts.events import PersonSignedIn
from shop.accounts.push_key import push_key
from shop.catalog import search
from shop.catalog.order_day import ready_things, ready_words
from shop.consignment import facts_sale as consigned_sales
from shop.consignment.facts import consigned_facts
from shop.core import pictures
from shop.core.db import session as session_of_request
from shop.core.events import Handler
from shop.core.i18n import chosen
from shop.core.outbox import Handler as OutboxHandler
from shop.every_page import for_every_page
from shop.ledger import facts, holds, sales
from shop.ledger.events import SaleEarned
from shop.ledger.pay_out import TRANSFER
from shop.lots import facts as lots
from shop.orders import expire, follow, mark_paid, merge, unpay
from shop.orders import facts as order_facts
from shop.orders import facts_sale as order_sales
from shop.orders.events import NewsStopped
from shop.orders.promoted import promoted
from shop.orders.readers import buyers_of, no_whatsapp
from shop.payments import events as money
from shop.payments import refund_by_card, transfer, withhold
from shop.payments.queries_disputes import AtStripe, at_stripe
from shop.payments.reasons import reason_words
from shop.payments.words_stripe import missing_words
from shop.sellers.events import SellerDescribed
from shop.sellers.queries import membership_of
from shop.sharing.share import on_earned
from shop.standing.stop_news import on_stopped

BLUEPRINTS = (
    shop.catalog.views.bp,
    shop.orders.views.bp,
    shop.orders.views_cart.bp,
    shop.orders.views_link.bp,
    shop.orders.views_link.bp_staff,
    shop.orders.views_arrange.bp,
    shop.orders.views_arrange.bp_studio,
    shop.payments.views.bp,
    shop.training.views.bp,
    shop.accounts.views.bp,
    shop.orders.views_studio.bp,
    shop.catalog.views_studio.bp,
    shop.ledger.views_studio.bp,
    shop.sellers.views.bp,
    shop.sellers.views_studio.bp,
    shop.sellers.views_delivery.bp,
    shop.sellers.views_delivery_staff.bp,
    shop.sellers.views_minimum.bp,
    shop.impact.views_staff.bp,
    shop.impact.views_participant.bp,
    shop.payments.views_staff.bp,
    shop.payments.views_acquired.bp,
    shop.payments.views_collect.bp,
    shop.payments.views_credit.bp,
    shop.payments.views_credit.bp_staff,
    shop.payments.views_direct.bp_staff,
    shop.payments.views_direct.bp_studio,
    shop.payments.views_bank.bp,
    shop.payments.views_disputes.bp,
    shop.payments.views_bank_lines.bp,
    shop.payments.views_gateway.bp,
    shop.payments.views_holders.bp,
    shop.payments.views_settings.bp,
    shop.payments.views_fees.bp,
    shop.payments.views_slip.bp,
    shop.payments.views_slip.bp_staff,
    shop.payments.views_slip.bp_studio,
    shop.payments.views_stray.bp,
    shop.payments.views_ways.bp,
    shop.payments.views_ways.bp_studio,
    shop.orders.views_staff.bp,
    shop.orders.views_undo.bp,
    shop.orders.views_promotions.bp,
    shop.orders.views_promotions.bp_studio,
    shop.ledger.views_staff.bp,
    shop.ledger.views_inside.bp,
    shop.ledger.views_journal.bp,
    shop.ledger.views_paying.bp,
    shop.ledger.views_payouts.bp,
    shop.ledger.views_statements.bp,
    shop.ledger.views_programme.bp,
    shop.payments.views_transfers.bp,
    shop.payments.views_transfers.bp_studio,
    shop.ledger.views_months.bp,
    shop.catalog.views_staff.bp,
    shop.sellers.views_staff.bp,
    shop.sellers.views_members.bp,
    shop.training.views_staff.bp,
    shop.complaints.views.bp,
    shop.complaints.views_studio.bp,
    shop.complaints.views_staff.bp,
    shop.complaints.views_phone.bp,
    shop.accounts.views_staff.bp,
    shop.accounts.views_messages.bp,
    shop.accounts.views_ways.bp,
    shop.accounts.views_whatsapp.bp,
    shop.orders.views_follow.bp,
    shop.orders.views_mail.bp,
    shop.orders.views_unseen.bp,
    shop.consignment.views_staff.bp,
    shop.consignment.views_studio.bp,
    *shop.lots.views.BLUEPRINTS,
    shop.sharing.views_studio.bp,
    shop.sharing.views_rules.bp,
    shop.sharing.views_fund.bp,
    shop.sharing.views_staff.bp,
    shop.sharing.views_statement.studio,
    shop.sharing.views_statement.staff,
    shop.standing.views.bp,
    shop.standing.views_studio.bp,
    shop.standing.views_staff.bp,
)

EVENTS: dict[type, Sequence[Handler]] = {
    PersonSignedIn: (merge.on_sign_in,),
    SellerDescribed: (search.reindex_seller,),
    money.PaymentSettled: (mark_paid.mark_paid,),
    money.PaymentExpired: (expire.expire,),
    money.PaymentCameLate: (expire.take_back,),
    money.PaymentReopened: (expire.reopen,),
    money.PaymentTakenBack: (unpay.unpay,),
    money.PaymentChanged: (follow.follow,),
    SaleEarned: (on_earned,),
    NewsStopped: (on_stopped,),
}
"""Which room hears which event of a room below it."""


def _render(session: Session, payload: Mapping[str, Any]) -> None:
    pictures.render(session, current_app.extensions["storage"], payload)


def _send(session: Session, payload: Mapping[str, Any]) -> None:
    sending.send(session, payload, current_app.extensions["config"])


def _transfer(session: Session, payload: Mapping[str, Any]) -> None:
    transfer.transfer(session, payload, current_app.extensions["config"])


def _refund(session: Session, payload: Mapping[str, Any]) -> None:
    refund_by_card.carry_out(session, payload, current_app.extensions["config"])


OUTBOX: dict[str, OutboxHandler] = {
    pictures.RENDER: _render, notify.SEND: _send, TRANSFER: _transfer,
    refund_by_card.SEND: _refund,
}  # fmt: skip
"""Who does which work of the outbox."""


def _at_stripe(account: str | None) -> AtStripe:
    return at_stripe(session_of_request(), account)


def register(app: Flask) -> None:
    """Put every room into the application."""
    facts.wire(order_facts.part_facts, order_facts.order_facts, consigned_facts)
    sales.wire((order_sales.SALES, consigned_sales.SALES), lots.kilograms, lots.pooled)
    holds.wire(withhold.withheld, withhold.closed)
    readers.wire(buyers_of, no_whatsapp)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/media/<path:key>", "core.media", pictures.serve_media)
    app.context_processor(for_every_page)
    app.jinja_env.globals.update(
        push_key=push_key,
        chosen=chosen,
        why=reason_words,
        at_stripe=_at_stripe,
        missing_words=missing_words,
        ready_words=ready_words,
        ready_things=ready_things,
        promoted=promoted,
    )


membership = membership_of
"""For `accounts.access`: in whose studio somebody stands, and as what."""
