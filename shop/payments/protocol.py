"""What every way to pay tells the rest of the shop about itself."""

from __future__ import annotations

from typing import Protocol

from shop.config import Config
from shop.core.models import ShopSettings
from shop.ledger.states import AccountKind
from shop.payments.states import Method


class Way(Protocol):
    """One way to pay."""

    @property
    def method(self) -> Method:
        """Which way it is."""

    @property
    def lies_in(self) -> AccountKind:
        """Where a buyer's money is once it came this way."""

    @property
    def goes_back_from(self) -> AccountKind:
        """Where money that goes back to the buyer is taken from."""

    @property
    def needs_code(self) -> bool:
        """Whether a person tells payments apart by their last three digits."""

    @property
    def most(self) -> int | None:
        """The largest sum in rupiah that can be paid this way, if there is one."""

    def offered(self, settings: ShopSettings, config: Config) -> bool:
        """Whether this shop can take money this way now."""
