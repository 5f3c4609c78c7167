"""What a browser says of itself (its User-Agent header), in words."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

# The first that is named counts: nearly all browsers also call themselves by older names.
# https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/User-Agent
_BROWSERS: Final = (
    ("SamsungBrowser/", "Samsung Internet"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_MACHINES: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip
_PHONE, _TABLET = _l("HP Android"), _l("tablet Android")


def device(said: str) -> str:
    """`Chrome, HP Android`; that it is another device where nothing is recognised."""
    browser = next((name for sign, name in _BROWSERS if sign in said), "")
    return ", ".join(filter(None, (browser, str(_machine(said))))) or gettext("perangkat lain")


def _machine(said: str) -> Any:
    if "Android" in said:
        return _PHONE if "Mobile" in said else _TABLET
    return next((name for sign, name in _MACHINES if sign in said), "")
