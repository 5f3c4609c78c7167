"""The address by which a buyer says that no more mail about her orders is to come.

It is signed and not the order's secret link: letters are forwarded, and it must work for years.
"""

from __future__ import annotations

import uuid

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "no-more-mail"


def address_for(base_url: str, secret: str, order_id: uuid.UUID, language: str) -> str:
    """The whole address for the buyer of this order."""
    door = "/en" if language == "en" else ""
    token = str(URLSafeSerializer(secret, salt=_SALT).dumps(order_id.hex))
    return f"{base_url}{door}/mail/{token}"


def order_of(secret: str, token: str) -> uuid.UUID | None:
    """The order such an address was made for."""
    try:
        return uuid.UUID(str(URLSafeSerializer(secret, salt=_SALT).loads(token)))
    except (BadSignature, ValueError):
        return None
