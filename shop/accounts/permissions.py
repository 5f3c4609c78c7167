"""Who may do what: one enum, one table, one question.

A permission is named `door:thing:action`. Routes name theirs with `access.permit`, templates ask
`can`, and a test walks all routes with all roles.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from shop.accounts.models import Role


class Permission(StrEnum):
    """Everything that can be allowed, `door:thing:action`, in alphabetical order by door."""

    ACCOUNT_SELF_USE = "account:self:use"
    BUY_SHOP_USE = "buy:shop:use"
    SELL_CONSIGNMENT_KEEP = "sell:consignment:keep"
    SELL_GROUP_KEEP = "sell:group:keep"
    SELL_MONEY_VIEW = "sell:money:view"
    SELL_ORDER_HANDLE = "sell:order:handle"
    SELL_PRODUCT_EDIT = "sell:product:edit"
    SELL_SELLER_EDIT = "sell:seller:edit"
    SELL_TODAY_VIEW = "sell:today:view"
    STAFF_CERTIFICATE_ISSUE = "staff:certificate:issue"
    STAFF_DELIVERY_EDIT = "staff:delivery:edit"
    STAFF_DESK_VIEW = "staff:desk:view"
    STAFF_IMPACT_VIEW = "staff:impact:view"
    STAFF_LEDGER_CLOSE = "staff:ledger:close"
    STAFF_LEDGER_VIEW = "staff:ledger:view"
    STAFF_MESSAGE_SEND = "staff:message:send"
    STAFF_ORDER_UNDO = "staff:order:undo"
    STAFF_PAYMENT_CONFIRM = "staff:payment:confirm"
    STAFF_PAYMENT_VIEW = "staff:payment:view"
    STAFF_PAYOUT_APPROVE = "staff:payout:approve"
    STAFF_PAYOUT_MAKE = "staff:payout:make"
    STAFF_PAYOUT_VIEW = "staff:payout:view"
    STAFF_PERSON_MANAGE = "staff:person:manage"
    STAFF_PRODUCT_APPROVE = "staff:product:approve"
    STAFF_REFUND_PAY = "staff:refund:pay"
    STAFF_SELLER_APPROVE = "staff:seller:approve"
    STAFF_SELLER_VIEW = "staff:seller:view"
    STAFF_SETTINGS_EDIT = "staff:settings:edit"
    STAFF_TRAINING_EDIT = "staff:training:edit"
    STAFF_TRAINING_VIEW = "staff:training:view"


P = Permission

PUBLIC = frozenset({P.BUY_SHOP_USE})

_APPROVING = frozenset({P.STAFF_SELLER_APPROVE, P.STAFF_SELLER_VIEW, P.STAFF_PRODUCT_APPROVE})
_LOOKING = frozenset(
    {
        P.STAFF_DESK_VIEW,
        P.STAFF_IMPACT_VIEW,
        P.STAFF_LEDGER_VIEW,
        P.STAFF_PAYMENT_VIEW,
        P.STAFF_PAYOUT_VIEW,
        P.STAFF_SELLER_VIEW,
        P.STAFF_TRAINING_VIEW,
    }
)

OF_ROLE: dict[Role, frozenset[Permission]] = {
    Role.FACILITATOR: _APPROVING
    | {
        P.STAFF_DELIVERY_EDIT,
        P.STAFF_DESK_VIEW,
        P.STAFF_MESSAGE_SEND,
        P.STAFF_TRAINING_VIEW,
        P.STAFF_TRAINING_EDIT,
    },
    Role.MANAGER: _APPROVING
    | _LOOKING
    | {
        P.STAFF_CERTIFICATE_ISSUE,
        P.STAFF_DELIVERY_EDIT,
        P.STAFF_MESSAGE_SEND,
        P.STAFF_ORDER_UNDO,
        P.STAFF_PAYOUT_APPROVE,
        P.STAFF_TRAINING_EDIT,
    },
    Role.FINANCE: _LOOKING
    | {
        P.STAFF_LEDGER_CLOSE,
        P.STAFF_PAYMENT_CONFIRM,
        P.STAFF_PAYOUT_APPROVE,
        P.STAFF_PAYOUT_MAKE,
        P.STAFF_REFUND_PAY,
    },
    Role.AUDITOR: _LOOKING,
    Role.ADMIN: frozenset(p for p in Permission if p.startswith("staff:")),
}

OF_MEMBER: dict[str, frozenset[Permission]] = {
    "owner": frozenset(p for p in Permission if p.startswith("sell:")),
    "manager": frozenset(p for p in Permission if p.startswith("sell:")) - {P.SELL_GROUP_KEEP},
    "treasurer": frozenset(p for p in Permission if p.startswith("sell:")),
    "member": frozenset({P.SELL_TODAY_VIEW, P.SELL_MONEY_VIEW}),
}
"""What the people of a seller may do there, by their role in it (`sellers.models.MemberRole`)."""


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The staff roles that may do this."""
    return tuple(role for role, held in OF_ROLE.items() if permission in held)


class OfSeller(Protocol):
    """Anything that belongs to one seller."""

    seller_id: uuid.UUID


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with staff roles, and the seller whose studio they stand in."""

    person_id: uuid.UUID | None = None
    name: str = ""
    language: str = "id"
    roles: frozenset[Role] = field(default_factory=frozenset)
    seller_id: uuid.UUID | None = None
    member_role: str | None = None

    @property
    def known(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None

    @property
    def person(self) -> uuid.UUID:
        """The signed-in person's id. Raises `PermissionError` where nobody is signed in."""
        if self.person_id is None:
            raise PermissionError("nobody is signed in")
        return self.person_id

    @property
    def seller(self) -> uuid.UUID:
        """The id of the seller acted for. Raises `PermissionError` where there is none."""
        if self.seller_id is None:
            raise PermissionError("not in a seller's studio")
        return self.seller_id


NOBODY = Actor()


def can(actor: Actor, permission: Permission, thing: OfSeller | None = None) -> bool:
    """Whether `actor` may do this (to `thing`, where it belongs to a seller)."""
    if permission in PUBLIC:
        return True
    if not actor.known:
        return False
    if permission is P.ACCOUNT_SELF_USE:
        return True
    if permission.startswith("sell:"):
        own = thing is None or thing.seller_id == actor.seller_id
        return own and permission in OF_MEMBER.get(actor.member_role or "", frozenset())
    return any(permission in OF_ROLE[role] for role in actor.roles)
