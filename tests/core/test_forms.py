"""Numbers as people here write them, and nothing that only looks like one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from shop.core.forms import (
    Form,
    MoneyField,
    RadioField,
    SelectField,
    SelectMultipleField,
    as_choices,
)

RED = [("red", "Merah")]


class Priced(Form):
    """A form with one sum."""

    price = MoneyField("Harga")


def read(app: Flask, text: str) -> tuple[int | None, list[str]]:
    with app.test_request_context(method="POST"):
        form = Priced(MultiDict({"price": text}))
        form.validate()
        return form.price.data, [str(fault) for fault in form.price.errors]


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [("15000", 15_000), ("15.000", 15_000), ("Rp 1.500.000", 1_500_000), ("15 000", 15_000)],
)
def test_dots_stand_between_thousands(app: Flask, text: str, rupiah: int):
    assert read(app, text) == (rupiah, [])


@pytest.mark.parametrize("text", ["15000.50", "15.00", "1.5", "15,5", "1.0000", "1e3", "٣", "--1"])
def test_anything_else_is_refused_and_never_guessed(app: Flask, text: str):
    value, faults = read(app, text)
    assert value is None
    assert faults == ["Tulis angka saja, misalnya 15000."]


@pytest.mark.parametrize("kind", [SelectField, RadioField, SelectMultipleField])
@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "Pilih salah satu dari daftar."), ("en", "Choose one from the list.")],
)
def test_what_is_not_on_the_list_is_refused_in_the_pages_language(
    app: Flask, kind: Any, language: str, words: str
):
    form_of: Any = type("Choosing", (Form,), {"colour": kind("Warna", choices=as_choices(RED))})
    with app.test_request_context(method="POST", environ_base={"shop.language": language}):
        form = form_of(MultiDict({"colour": "blue"}))
        form.validate()
        assert [str(fault) for fault in form.colour.errors] == [words]
