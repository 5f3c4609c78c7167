"""A transfer to the programme's bank account, known by its last three digits."""

from __future__ import annotations

from dataclasses import dataclass

from shop.config import Config
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.states import Method


@dataclass(frozen=True)
class Transfer:
    """Bank transfer, confirmed by staff who look at the account."""

    method: Method = Method.TRANSFER
    lies_in: AccountKind = AccountKind.BANK
    goes_back_from: AccountKind = AccountKind.BANK
    needs_code: bool = True
    most: int | None = None

    def offered(self, settings: ShopSettings, config: Config) -> bool:  # noqa: ARG002
        """Where the shop has a bank account."""
        return bool(settings.bank_account)
