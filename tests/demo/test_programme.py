"""The demo's QRIS can be read, and nobody can pay with it."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.core.images import master_key
from shop.core.settings import load_settings
from shop.demo.programme import open_programme
from shop.payments.qris import check_offered, read, read_picture
from tests.factories.people import make_person

pytestmark = pytest.mark.both


def test_the_demos_qris_is_a_sample_and_says_so(app: Flask, session: Session):
    storage = app.extensions["storage"]
    open_programme(session, storage, make_person(session, Role.ADMIN, name="Bu Lurah").id)
    settings = load_settings(session)
    code = read(settings.qris_text)
    check_offered(code)
    assert code.is_sample
    assert settings.qris_holder == code.name == "PROGRAM PELANTAR"
    picture = storage.get(master_key(settings.qris_sha256))
    assert read_picture(picture).text == settings.qris_text
    middle = Image.open(io.BytesIO(picture)).convert("RGB")
    middle = middle.crop((middle.width // 4, middle.height * 4 // 9, middle.width * 3 // 4,
                          middle.height * 5 // 9))  # fmt: skip
    inked = sum(n for n, (r, _g, b) in middle.getcolors(100_000) or [] if r - b > 60)
    assert inked > middle.width * middle.height // 10
