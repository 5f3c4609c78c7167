"""From which device this is done: what the browser says of itself, kept with every move."""

from __future__ import annotations

from flask import has_request_context, request

_MOST = 120


def current() -> str:
    """The browser that acts, at most 120 signs; empty for the clock and the command line."""
    if not has_request_context():
        return ""
    return (request.user_agent.string or "")[:_MOST]
