"""What is written to people about links."""

from __future__ import annotations

import flask_babel

from shop.catalog.words import whatsapp
from shop.orders.models import Order
from shop.orders.words import gettext


def to_buyer(order: Order, find_page: str) -> str:
    """A chat with the buyer, in her language, whose old link is dead."""
    with flask_babel.force_locale(order.language):
        text = gettext(
            "Halo %(buyer)s, tautan lama pesanan %(number)s sudah dimatikan. Buka pesanan Anda"
            " dengan nomor pesanan dan nomor HP ini di %(page)s",
            buyer=order.buyer_name,
            number=order.number,
            page=find_page,
        )
    return whatsapp(text, order.buyer_phone)


def of_cart(address: str) -> str:
    """A chat with anybody, with the link of a cart."""
    text = gettext("Ini isi keranjang saya. Buka, lalu masukkan ke keranjang Anda:")
    return whatsapp(f"{text} {address}")


def of_order(order: Order, address: str) -> str:
    """A chat with anybody, with the secret link of an order."""
    text = gettext("Pesanan %(number)s bisa dilihat di sini:", number=order.number)
    return whatsapp(f"{text} {address}")
