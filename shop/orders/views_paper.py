"""Receipt, packing slip and label: as pages to print, as PDF, as a picture."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Response, abort, current_app, make_response, render_template, request, url_for

from shop.accounts.access import current_actor, permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.paper import SHEETS, Size
from shop.core.qr import qr_svg
from shop.core.settings import load_settings
from shop.orders import queries, queries_studio
from shop.orders.paper.content import Receipt, Slip, receipt_of, slip_of
from shop.orders.paper.label import label_png
from shop.orders.paper.receipt import receipt_pdf
from shop.orders.paper.slip import slip_pdf
from shop.orders.views import bp
from shop.orders.views_studio import bp as studio


@bp.get("/o/<token>/receipt")
@permit(Permission.BUY_SHOP_USE)
def receipt(token: str) -> Response:
    """The receipt as a page."""
    found = _receipt(token)
    page = render_template(
        "orders/receipt.html", receipt=found, token=token, code=qr_svg(found.link)
    )
    return _unlisted(make_response(page))


@bp.get("/o/<token>/receipt.pdf")
@permit(Permission.BUY_SHOP_USE)
def receipt_file(token: str) -> Response:
    """The receipt to keep or to print."""
    found, size = _receipt(token), _size()
    name = f"nota-{found.number}-{size}.pdf"
    return _unlisted(_file(receipt_pdf(found, size), "application/pdf", name))


@studio.get("/orders/<uuid:part_id>/slip")
@permit(Permission.SELL_ORDER_HANDLE)
def slip(part_id: uuid.UUID) -> str:
    """The packing slip as a page."""
    found = _slip(part_id)
    return render_template(
        "orders/studio/slip.html", slip=found, part_id=part_id, code=qr_svg(found.link)
    )


@studio.get("/orders/<uuid:part_id>/slip.pdf")
@permit(Permission.SELL_ORDER_HANDLE)
def slip_file(part_id: uuid.UUID) -> Response:
    """The packing slip to print: a label on A6, a sheet on A4."""
    found, size = _slip(part_id), _size()
    return _file(slip_pdf(found, size), "application/pdf", f"{found.number}-{size}.pdf")


@studio.get("/orders/<uuid:part_id>/label.png")
@permit(Permission.SELL_ORDER_HANDLE)
def label(part_id: uuid.UUID) -> Response:
    """The label as a picture to send on."""
    found = _slip(part_id)
    return _file(label_png(found), "image/png", f"{found.number}.png")


def _receipt(token: str) -> Receipt:
    view = queries.order_by_token(session(), token)
    if view is None:
        abort(404)
    link = _outside(url_for("orders.track", token=token))
    return receipt_of(view, load_settings(session()), link)


def _slip(part_id: uuid.UUID) -> Slip:
    """The slip of one's own order; there is none before it is paid, since the buyer is unknown."""
    view = queries_studio.part_of(session(), current_actor().seller, part_id)
    if view is None or not view.known:
        abort(404)
    link = _outside(url_for("orders_studio.order", part_id=part_id))
    return slip_of(view, load_settings(session()), link)


def _size() -> Size:
    asked = request.args.get("size", "A6")
    if asked not in SHEETS:
        abort(404)
    return cast("Size", asked)


def _outside(path: str) -> str:
    """An address that works from paper."""
    return f"{current_app.extensions['config'].base_url}{path}"


def _file(body: bytes, kind: str, name: str) -> Response:
    answer = Response(body, content_type=kind)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _unlisted(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
