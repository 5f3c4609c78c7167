"""A QRIS code for each payment, made by an acquirer that confirms it by itself (Midtrans)."""

from __future__ import annotations

from dataclasses import dataclass

from shop.config import Config
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.qris import MOST
from shop.payments.states import Method


@dataclass(frozen=True)
class Gateway:
    """Confirmed by asking the acquirer. Many apps take no QRIS refund: money goes back by bank."""

    method: Method = Method.GATEWAY
    lies_in: AccountKind = AccountKind.GATEWAY
    goes_back_from: AccountKind = AccountKind.BANK
    needs_code: bool = False
    most: int | None = MOST

    def offered(self, settings: ShopSettings, config: Config) -> bool:  # noqa: ARG002
        """Where the acquirer's key is set."""
        return bool(config.midtrans_server_key)
