"""The ways to pay this shop knows, in the order in which buyers are asked."""

from __future__ import annotations

from collections.abc import Container

from shop.config import Config
from shop.core.models import ShopSettings
from shop.payments.protocol import Way
from shop.payments.providers.cash import Cash
from shop.payments.providers.gateway import Gateway
from shop.payments.providers.qris import Qris
from shop.payments.providers.stripe import Card
from shop.payments.providers.transfer import Transfer
from shop.payments.states import Method

_ALL: tuple[Way, ...] = (Cash(), Transfer(), Qris(), Gateway(), Card())
WAYS: dict[Method, Way] = {way.method: way for way in _ALL}


def offered(
    settings: ShopSettings, config: Config, total: int = 0, *, off: Container[Method] = ()
) -> list[Method]:
    """How a buyer can pay `total` rupiah in this shop now, without what is switched `off`."""
    highest = total + 999  # the unique code comes on top
    return [
        way.method
        for way in _ALL
        if way.offered(settings, config)
        and (way.most is None or highest <= way.most)
        and way.method not in off
    ]
