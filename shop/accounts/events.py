"""What the accounts' room tells the others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PersonSignedIn:
    """Somebody has signed in; `kept` is what the browser's cookie held for them from before."""

    person_id: uuid.UUID
    kept: Mapping[str, str]
