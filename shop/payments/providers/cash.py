"""Cash, handed to the seller with the goods: the money is in her hand, not with the programme."""

from __future__ import annotations

from dataclasses import dataclass

from shop.config import Config
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.states import Method


@dataclass(frozen=True)
class Cash:
    """Cash on hand-over. What goes back is paid by the programme, which the seller then owes."""

    method: Method = Method.CASH
    lies_in: AccountKind = AccountKind.CASH
    goes_back_from: AccountKind = AccountKind.BANK
    needs_code: bool = False
    most: int | None = None

    def offered(self, settings: ShopSettings, config: Config) -> bool:  # noqa: ARG002
        """Always."""
        return True
