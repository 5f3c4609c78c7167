"""The studio's pages about products as they are drawn, and what they have in common."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from shop.accounts.access import current_actor
from shop.catalog import queries_studio as queries
from shop.catalog.add_photo import MOST_PHOTOS
from shop.catalog.advice import advice_for
from shop.catalog.forms import FactsForm, NewProductForm, PriceForm, StockForm
from shop.catalog.models import Product
from shop.catalog.queries import categories
from shop.catalog.state_words import STATE_NAMES
from shop.catalog.states import PRODUCT, ProductState
from shop.catalog.uploads import TRAY
from shop.core.db import session
from shop.core.http import keep_writes
from shop.core.pictures import picture_view
from shop.core.uploads import Uploads

bp = Blueprint("catalog_studio", __name__, url_prefix="/sell/products")
Page = str | tuple[str, int]


def own_product(product_id: uuid.UUID) -> Product:
    """The seller's own product, or the answer 404."""
    return queries.product_of(session(), current_actor().seller, product_id) or abort(404)


def photos_sent() -> Uploads:
    """The photos of this request, checked and kept."""
    return TRAY.take(
        session(),
        current_actor().seller,
        request.files.getlist("photos"),
        request.form.getlist("kept"),
    )


def back_to(product_id: uuid.UUID, said: str) -> Response:
    """To the product's page, with a word on what was done."""
    flash(said)
    return redirect(url_for("catalog_studio.product", product_id=product_id), 303)


def said_of(state: str) -> str:
    """What it means for the seller that a product is in this state now."""
    words = {
        ProductState.LIVE: gettext("Sudah dijual. Pembeli bisa memesannya sekarang."),
        ProductState.WAITING: gettext(
            "Terkirim ke pendamping. Anda diberi tahu begitu barangnya tampil."
        ),
        ProductState.DRAFT: gettext("Tersimpan, belum dijual."),
        ProductState.HIDDEN: gettext("Disembunyikan. Pembeli tidak melihatnya lagi."),
    }
    return str(words[ProductState(state)])


def new_page(
    form: NewProductForm, kept: Sequence[str] = (), faults: Sequence[str] = (), status: int = 200
) -> Page:
    """The page for a new thing; pictures kept so far come back with it."""
    seller_id = current_actor().seller
    form.offer(categories(session()))
    if status != 200:
        keep_writes()  # the photos that passed have travelled far enough once
    shots = [
        (TRAY.token_of(picture.sha256, seller_id), picture_view(picture))
        for picture in queries.pictures(session(), kept)
    ]
    return render_template(
        "catalog/studio/new.html",
        form=form,
        shots=shots,
        faults=faults,
        names=queries.names_to_pick(session()),
        most_photos=MOST_PHOTOS,
    ), status


def product_page(
    product: Product,
    *,
    facts: FactsForm | None = None,
    price: PriceForm | None = None,
    stock: StockForm | None = None,
    faults: Sequence[str] = (),
    status: int = 200,
) -> Page:
    """The page of a product; a form that was refused comes back as it was typed."""
    if facts is None:
        facts = FactsForm(formdata=None, obj=product)
        facts.offer(categories(session()))
    low, high, others = queries.prices_beside(session(), product)
    declined = product.state == ProductState.DECLINED
    return render_template(
        "catalog/studio/product.html",
        product=product,
        names=STATE_NAMES,
        variant=product.variants[0],
        photos=[(photo, picture_view(photo.picture, photo.alt)) for photo in product.photos],
        facts=facts,
        price=price or PriceForm(formdata=None, price=product.variants[0].price),
        stock=stock or StockForm.of(product),
        faults=faults,
        beside=(low, high) if others > 1 else None,
        reason=queries.reason_of(session(), product.id) if declined else None,
        advice=advice_for(product),
        targets=PRODUCT.targets(ProductState(product.state), "seller"),
        room=MOST_PHOTOS - len(product.photos),
    ), status
