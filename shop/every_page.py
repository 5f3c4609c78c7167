"""What the base templates of every page show, each asked for only where a page draws it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, request
from werkzeug.local import LocalProxy

from shop.accounts.access import current_actor, may
from shop.catalog.models import Category
from shop.catalog.queries_cards import aisles
from shop.core.db import db
from shop.core.models import ShopSettings
from shop.core.settings import load_settings
from shop.navigation import STAFF, STUDIO
from shop.orders.queries import cart_count
from shop.orders.visitor import cart_token
from shop.sellers.queries import stall_name


def _settings() -> ShopSettings:
    if "shop_settings" not in g:
        g.shop_settings = load_settings(db.session())
    found: ShopSettings = g.shop_settings
    return found


def _aisles() -> Sequence[Category]:
    if "aisles" not in g:
        g.aisles = aisles(db.session())
    found: Sequence[Category] = g.aisles
    return found


def for_every_page() -> dict[str, Any]:
    """What base templates show; each is asked for only where a page draws it."""
    door = request.path.split("/", 2)[1] if request else ""
    tabs = STUDIO if door == "sell" else STAFF if door == "staff" else ()
    return {
        "shop_settings": LocalProxy(_settings),
        "cart_count": LocalProxy(lambda: cart_count(db.session(), cart_token())),
        "categories": LocalProxy(_aisles),
        "stall_name": LocalProxy(lambda: stall_name(db.session(), current_actor())),
        "door_nav": [tab for tab in tabs if may(tab.permission)],
    }
