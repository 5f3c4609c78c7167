"""The pages of every room at every door; with them all tables are known."""

from __future__ import annotations

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
