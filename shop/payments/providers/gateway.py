"""A QRIS code for each payment, made by a gateway that is asked whether it was paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shop.config import Config
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.providers.acquirer import Acquirer
from shop.payments.providers.midtrans import Midtrans
from shop.payments.qris import MOST
from shop.payments.states import Method


def _midtrans(config: Config) -> Acquirer | None:
    key = config.midtrans_server_key
    return Midtrans(key, config.midtrans_api_base) if key else None


ACQUIRERS: Mapping[str, Callable[[Config], Acquirer | None]] = {"midtrans": _midtrans}
"""The gateways this shop knows, by name; None where one's key is not set."""


def acquirer_of(config: Config) -> Acquirer | None:
    """The gateway that makes new codes: the first whose key is set."""
    return next(filter(None, (make(config) for make in ACQUIRERS.values())), None)


@dataclass(frozen=True)
class Gateway:
    """Confirmed by asking the gateway. Many apps take no QRIS refund: money goes back by bank."""

    method: Method = Method.GATEWAY
    lies_in: AccountKind = AccountKind.GATEWAY
    goes_back_from: AccountKind = AccountKind.BANK
    needs_code: bool = False
    most: int | None = MOST

    def offered(self, settings: ShopSettings, config: Config) -> bool:  # noqa: ARG002
        """Where a gateway's key is set."""
        return acquirer_of(config) is not None
