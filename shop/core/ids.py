"""Identities: time-ordered keys, secret tokens, order numbers people can read out."""

from __future__ import annotations

import hashlib
import secrets
import uuid

from uuid_utils import compat

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty signs without 0/O, 1/I/L and U: nothing to mishear or mistype."""


def new_id() -> uuid.UUID:
    """A time-ordered UUID (version 7), so that new rows land beside each other."""
    return compat.uuid7()


def new_token() -> str:
    """A secret for an address or a cookie: 192 random bits."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What the database keeps of a token that works as a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_number() -> str:
    """An order number: seven random signs and a check sign, e.g. `4F2K7MQ9`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    return body + _check_sign(body)


def is_number(text: str) -> bool:
    """Whether `text` (upper case, no separators) is a well-formed order number."""
    return (
        len(text) == 8 and all(c in ALPHABET for c in text) and _check_sign(text[:-1]) == text[-1]
    )


def _check_sign(body: str) -> str:
    """Luhn's check in base 30: finds one wrong sign and most swapped neighbours."""
    total = 0
    for place, sign in enumerate(reversed(body)):
        value = ALPHABET.index(sign) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
