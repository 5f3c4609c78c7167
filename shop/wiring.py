"""The one place that knows every room: navigation, events, the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from shop.accounts import notify, readers, sending
from shop.accounts.events import PersonSignedIn
from shop.accounts.push_key import push_key
from shop.blueprints import BLUEPRINTS
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
