"""Words in the page's language, as plain text."""

from __future__ import annotations

from typing import Any

import flask_babel


def gettext(message: str, **values: Any) -> str:
    """The message with these values in it."""
    return str(flask_babel.gettext(message, **values))


def pgettext(context: str, message: str, **values: Any) -> str:
    """The message as it is said in this context."""
    return str(flask_babel.pgettext(context, message, **values))
