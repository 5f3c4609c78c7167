"""Which words of the shop have no English yet: `python -m tests.messages` lists them."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_dir

from shop.core.i18n import read_catalogues

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}


def missing(code: str = "en") -> list[str]:
    """Every message of the source without a translation into `code`, with where it stands."""
    catalogue = read_catalogues(code)
    faults = []
    for file, line, message, _comments, context in extract_from_dir(
        str(ROOT / "shop"), METHODS, OPTIONS, keywords=KEYWORDS
    ):
        known = catalogue.get(message, context)
        strings = known.string if known else ""
        whole = all(strings) if isinstance(strings, (tuple, list)) else bool(strings)
        if not whole or (known is not None and known.fuzzy):
            faults.append(f"{file}:{line}: {message!r}")
    return faults


if __name__ == "__main__":
    print("\n".join(missing()) or "all translated")
