"""A statement as a PDF to download."""

from __future__ import annotations

from datetime import date

from werkzeug.wrappers import Response

from shop.core.db import session
from shop.core.settings import load_settings
from shop.ledger import statement
from shop.ledger.statement_paper import Paper, paper_of, period_words, statement_pdf
from shop.sellers.models import Seller


def statement_file(seller: Seller, month: date | None) -> Response:
    """A seller's statement of a Jakarta month, or from the beginning."""
    found = statement.statement_of(session(), seller.id, month)
    name = load_settings(session()).name
    return pdf_file(paper_of(found, name, seller.name, period_words(month)))


def pdf_file(paper: Paper) -> Response:
    """Any statement."""
    return Response(statement_pdf(paper), content_type="application/pdf")
