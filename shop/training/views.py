"""What anybody may know of the training: courses, and whether a certificate is true."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shop.accounts.access import permit
from shop.accounts.permissions import Permission
from shop.core.db import session
from shop.core.forms import tidy
from shop.training import queries

bp = Blueprint("training", __name__, url_prefix="/pelatihan")


@bp.get("")
@permit(Permission.BUY_SHOP_USE)
def about() -> str:
    """The courses, who gives them, and how many people finished."""
    return render_template("training/about.html", lines=queries.course_lines(session()))


@bp.get("/sertifikat")
@permit(Permission.BUY_SHOP_USE)
def find_certificate() -> Response:
    """Lead from the number that was typed to the certificate's own address."""
    number = tidy(request.args.get("nomor")).upper().replace(" ", "")
    if not number:
        return redirect(url_for(".about"), 303)
    return redirect(url_for(".certificate", number=number[:60]), 303)


@bp.get("/sertifikat/<number>")
@permit(Permission.BUY_SHOP_USE)
def certificate(number: str) -> tuple[str, int]:
    """Whether a certificate is true: the name on it, course, agency and date, and nothing else.

    The number cannot be guessed, so only who holds the certificate comes here. Kept by nobody.
    """
    g.personal = True
    proof = queries.proof_of(session(), number.upper())
    page = render_template("training/certificate_check.html", proof=proof, number=number)
    return page, 200 if proof else 404
