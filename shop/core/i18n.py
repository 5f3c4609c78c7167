"""Two languages: Indonesian in the source and without a prefix, English under `/en`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import phonenumbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext

from shop.core import clock, ids, money

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = ("id", "en")
PREFIX = "/en"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
babel = Babel()


class EnglishDoor:
    """WSGI middleware: moves a leading `/en` from the path into the script name.

    Every address built inside then carries the prefix by itself, and no route is written twice.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == PREFIX or path.startswith(PREFIX + "/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = path.removeprefix(PREFIX) or "/"
            environ["shop.language"] = "en"
        return self.app(environ, start)


def init_i18n(app: Flask, person_language: Callable[[], str | None]) -> None:
    """Set up translation. `person_language` gives the signed-in person's own setting, if any."""

    def select() -> str:
        if not has_request_context():  # a job or a command
            return "id"
        if request.path.startswith(("/sell", "/staff", "/account")):
            return person_language() or "id"
        return str(request.environ.get("shop.language", "id"))

    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Jakarta"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    babel.init_app(app, locale_selector=select)
    app.wsgi_app = EnglishDoor(app.wsgi_app)  # type: ignore[method-assign, assignment]
    app.jinja_env.filters.update(
        rupiah=money.rupiah, day=day, day_time=day_time, time=time_of_day, phone=phone
    )
    app.jinja_env.globals.update(
        switch_language_url=switch_language_url, page_url=page_url, month_name=month_name
    )
    app.context_processor(lambda: {"language": language()})


def language() -> str:
    """The language of the page being made: `id` or `en`."""
    locale = get_locale()
    return locale.language if locale else "id"


def page_url(code: str) -> str:
    """The address of the present page in language `code`, query included."""
    query = urlencode(list(request.args.items(multi=True)))
    return (PREFIX if code == "en" else "") + request.path + (f"?{query}" if query else "")


def switch_language_url() -> str:
    """The address of the present page in the other language."""
    return page_url("id" if language() == "en" else "en")


def chosen(record: Any, field: str) -> str:
    """`record.field` in the page's language, falling back to Indonesian where English is empty."""
    if language() == "en":
        english: str = getattr(record, f"{field}_en")
        if english:
            return english
    own: str = getattr(record, field)
    return own


def day(when: date | datetime) -> str:
    """`Sel 24 Nov 2026`."""
    if isinstance(when, datetime):
        when = clock.local_day(when)
    said: str = format_date(when, "EEE d MMM y")
    return said


def month_name(month: date, pattern: str = "MMMM y") -> str:
    """`November 2026`."""
    said: str = format_date(month, pattern)
    return said


def day_time(when: datetime) -> str:
    """`Sel 24 Nov 2026, 13.05 WIB`."""
    return f"{day(when)}, {time_of_day(when)}"


def time_of_day(when: datetime) -> str:
    """`13.05 WIB` in Indonesian, `13:05 WIB` in English."""
    pattern = "HH:mm 'WIB'" if language() == "en" else "HH.mm 'WIB'"
    said: str = format_datetime(when, pattern)
    return said


def phone(number: str) -> str:
    """An E.164 number as people here write it: `0812-3456-7890`."""
    try:
        parsed = phonenumbers.parse(number, "ID")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def parse_phone(text: str) -> str:
    """Any usual way to write a number, as E.164. Raises `ValueError` with words for the person."""
    try:
        parsed = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise ValueError(gettext("Nomor HP belum benar. Tulis seperti 0812-3456-7890."))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def read_catalogues(code: str) -> Catalog:
    """All rooms' translations into `code`, in one catalogue. Raises `ValueError` on a conflict."""
    merged = Catalog(locale=code)
    for path in sorted((TRANSLATIONS / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if not message.id:
                    continue
                known = merged.get(message.id, message.context)
                if known and known.string != message.string:
                    raise ValueError(f"{path.name}: two translations of {message.id!r}")
                merged[message.id] = message
    return merged


def compile_catalogues() -> None:
    """Write the compiled catalogue that gettext reads, where a source is newer than it."""
    for code in LANGUAGES[1:]:
        sources = list((TRANSLATIONS / code).glob("*.po"))
        target = TRANSLATIONS / code / "LC_MESSAGES" / "messages.mo"
        newest = max((s.stat().st_mtime for s in sources), default=0.0)
        if sources and (not target.exists() or target.stat().st_mtime < newest):
            target.parent.mkdir(exist_ok=True)
            # A name of its own: several processes of a shop start at the same moment.
            fresh = target.with_suffix(f".{ids.new_token()}")
            with fresh.open("wb") as file:
                write_mo(file, read_catalogues(code))
            fresh.replace(target)
