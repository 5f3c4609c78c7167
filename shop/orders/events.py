"""What orders tell the rooms above."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NewsStopped:
    """The buyer with this `phone` gets no more news at `email`; by WhatsApp where that is empty."""

    phone: str
    email: str = ""
