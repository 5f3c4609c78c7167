"""Passwords: argon2id with OWASP's 19 MiB, t=2, p=1; four sign-ins at once fit two cores."""

from __future__ import annotations

import os
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shop.core.ids import ALPHABET

SHORTEST = 8
LONGEST = 200

_quick = bool(os.environ.get("SHOP_QUICK_HASHES"))
_hasher = (
    PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    if _quick
    else PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
)
_nobody = _hasher.hash("no password is this one")


def make_password() -> str:
    """A password to hand over once: ten signs that cannot be misread, 49 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10)).lower()


def hash_password(password: str) -> str:
    """The hash to keep of `password`."""
    return _hasher.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; takes as long where there is none."""
    try:
        return _hasher.verify(kept or _nobody, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
