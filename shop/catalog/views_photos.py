"""The studio's addresses for the photos of products."""

from __future__ import annotations

import uuid

from flask import Response, jsonify
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission as P
from shop.catalog import add_photo, uploads
from shop.catalog import queries_studio as queries
from shop.catalog.studio_pages import Page, back_to, bp, own_product, photos_sent, product_page
from shop.core.db import session
from shop.core.http import keep_writes, takes_photos
from shop.core.pictures import picture_view


@bp.post("/photos")
@permit(P.SELL_PRODUCT_EDIT)
@takes_photos
def keep_photos() -> tuple[Response, int]:
    """For the script: keep photos while the rest is still being typed."""
    sent, seller_id = photos_sent(), current_actor().seller
    keep_writes()
    kept = [
        {
            "token": uploads.TRAY.token_of(picture.sha256, seller_id),
            "url": picture_view(picture).fallback,
        }
        for picture in queries.pictures(session(), sent.kept)
    ]
    return jsonify(kept=kept, faults=list(sent.faults)), 422 if sent.faults else 200


@bp.post("/<uuid:product_id>/photos")
@permit(P.SELL_PRODUCT_EDIT)
@takes_photos
def photos(product_id: uuid.UUID) -> Page | BaseResponse:
    """Add photos; those that pass are kept even where another does not."""
    own_product(product_id)
    sent, person_id = photos_sent(), current_actor().person
    left_out = add_photo.attach_all(session(), product_id, sent.kept, person_id=person_id)
    faults = [*sent.faults, *([uploads.too_many(left_out)] if left_out else [])]
    if faults:
        keep_writes()
        return product_page(own_product(product_id), faults=faults, status=422)
    if not sent.kept:
        fault = gettext("Pilih atau ambil fotonya dulu.")
        return product_page(own_product(product_id), faults=[fault], status=422)
    return back_to(product_id, gettext("Foto tersimpan."))


@bp.post("/<uuid:product_id>/photos/<uuid:photo_id>/remove")
@permit(P.SELL_PRODUCT_EDIT)
def remove_photo(product_id: uuid.UUID, photo_id: uuid.UUID) -> Page | BaseResponse:
    """Take a photo away."""
    product, person_id = own_product(product_id), current_actor().person
    try:
        add_photo.remove_photo(session(), product_id, photo_id, person_id=person_id)
    except add_photo.LastPhoto:
        fault = gettext("Ini foto satu-satunya. Tambah foto lain dulu, baru yang ini dibuang.")
        return product_page(product, faults=[fault], status=422)
    return back_to(product_id, gettext("Foto dibuang."))


@bp.post("/<uuid:product_id>/photos/<uuid:photo_id>/first")
@permit(P.SELL_PRODUCT_EDIT)
def first_photo(product_id: uuid.UUID, photo_id: uuid.UUID) -> BaseResponse:
    """Let buyers see this photo first."""
    own_product(product_id)
    add_photo.move_photo(session(), product_id, photo_id, person_id=current_actor().person)
    return back_to(product_id, gettext("Foto ini sekarang yang pertama."))
