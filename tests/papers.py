"""Reading what stands on a printed sheet."""

from __future__ import annotations

import io

from pypdf import PdfReader


def text_of(data: bytes) -> str:
    """All words of a PDF, in one line."""
    pages = PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
