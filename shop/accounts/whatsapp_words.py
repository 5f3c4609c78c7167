"""The approved templates of WhatsApp messages: their names, and what stands in their gaps.

Outside of 24 hours after somebody wrote, the Business Platform takes only templates that Meta has
approved (https://developers.facebook.com/docs/whatsapp/pricing, "customer service window"). Their
texts are in docs/operations.md, to be put in by whoever opens the account, in `id` and `en`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """A template's name, and the details of the notification that fill {{1}}, {{2}}, … in it.

    With `button` its button's address ends in the notification's link.
    """

    name: str
    gaps: tuple[str, ...]
    button: bool = True


TEMPLATES: Mapping[str, Template] = {
    "order_new": Template("pesanan_baru", ("buyer", "number")),
    "order_cancelled": Template("pesanan_batal", ("buyer", "number")),
    "order_called_off": Template("pesanan_dibatalkan", ("buyer", "number")),
    "order_unseen": Template("pesanan_belum_dilihat", ("seller", "number")),
    "fee_wanted": Template("minta_ongkos", ("buyer", "number")),
    "fee_named": Template("ongkos_antar", ("number", "amount")),
    "order_accepted": Template("pesanan_diterima", ("seller", "number")),
    "order_ready": Template("pesanan_siap", ("number", "seller")),
    "order_handed_over": Template("pesanan_diserahkan", ("number", "seller")),
    "complaint_new": Template("keluhan_baru", ("buyer", "number")),
    "complaint_answered": Template("keluhan_dijawab", ("number",)),
    "complaint_granted": Template("keluhan_dikabulkan", ("number", "reason")),
    "complaint_refused": Template("keluhan_ditolak", ("number", "reason")),
    "payout_paid": Template("uang_dikirim", ("amount", "bank", "last")),
}
"""By kind of notification; other kinds are not sent by WhatsApp."""
