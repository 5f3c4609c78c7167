"""The programme's own QRIS picture, with the amount to type."""

from __future__ import annotations

from dataclasses import dataclass

from shop.config import Config
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.qris import MOST
from shop.payments.states import Method


@dataclass(frozen=True)
class Qris:
    """QRIS, confirmed by staff who look at the acquirer's list. Refunds are bank transfers."""

    method: Method = Method.QRIS
    lies_in: AccountKind = AccountKind.QRIS
    goes_back_from: AccountKind = AccountKind.BANK
    needs_code: bool = True
    most: int | None = MOST

    def offered(self, settings: ShopSettings, config: Config) -> bool:  # noqa: ARG002
        """Where staff have uploaded the picture."""
        return settings.qris_sha256 is not None
