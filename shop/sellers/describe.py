"""What a seller says about themselves, and where their money goes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.core import events
from shop.core.regions import all_kelurahan
from shop.sellers.events import SellerDescribed
from shop.sellers.models import Seller
from shop.sellers.onboard import UnknownKelurahan
from shop.sellers.queries import people_running

BANK_CHANGED = "seller_bank_changed"


class Facts(TypedDict, total=False):
    """What can be said about a seller; what is left out stays as it is. `phone` is E.164."""

    name: str
    phone: str
    kelurahan_code: str
    address: str
    story: str
    story_en: str
    makes: str
    makes_en: str
    pickup_hours: str


def describe(
    session: Session, seller_id: uuid.UUID, person_id: uuid.UUID, **facts: Unpack[Facts]
) -> None:
    """Change the facts given; the seller's address in the shop stays. Raises `UnknownKelurahan`."""
    if facts.get("kelurahan_code", "") not in {"", *all_kelurahan()}:
        raise UnknownKelurahan(facts["kelurahan_code"])
    changed = _change(session.get_one(Seller, seller_id), facts)
    if changed:
        audit.write(session, person_id, "seller.describe", "seller", seller_id, fields=changed)
        events.publish(session, SellerDescribed(seller_id))


def set_bank(
    session: Session,
    seller_id: uuid.UUID,
    person_id: uuid.UUID,
    *,
    bank_name: str,
    bank_account: str,
    bank_holder: str,
) -> None:
    """From now on payouts go to this account; everybody who runs the seller is told."""
    wanted = {"bank_name": bank_name, "bank_account": bank_account, "bank_holder": bank_holder}
    changed = _change(session.get_one(Seller, seller_id), wanted)
    if changed:
        audit.write(session, person_id, "seller.bank", "seller", seller_id, fields=changed)
        notify.tell(
            session,
            people_running(session, seller_id),
            BANK_CHANGED,
            seller_id=seller_id,
            link="/sell/more",
            event=notify.just_now(seller_id),
            bank=bank_name,
            last=bank_account[-4:],
        )


def _change(seller: Seller, wanted: Mapping[str, object]) -> list[str]:
    changed = [field for field, value in wanted.items() if getattr(seller, field) != value]
    for field in changed:
        setattr(seller, field, wanted[field])
    return changed
