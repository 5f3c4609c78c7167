"""Whatever form is sent empty: the shop itself says beside each field what is missing."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.contracts.role_cast import make_cast
from tests.contracts.route_table import routes_of

MARKED = re.compile(r'<(?:input|select|textarea)\b[^>]*aria-invalid="true"[^>]*>')
TOLD = re.compile(r'aria-describedby="[^"]*?(\S*fault\S*)"')
ELSEWHERE = {
    "accounts.language", "catalog_studio.photos",  # of a whole group of ticks or photos
    "complaints_phone.report_problem",  # the first of its fields is a group of kinds
    "payouts_staff.keep_columns", "fees_staff.end",  # ticks; a button that says of what
    "paying_studio.save_paying",  # the same: two groups to choose from
    "training_staff.finish",  # nobody ticked: told above the list
    "stray_staff.sent",  # this money does not wait to be sent, so its form is not on the page
    "catalog_staff.decline",  # this product does not wait, so its form is not on the page
}  # fmt: skip


@pytest.mark.slow
def test_an_empty_form_comes_back_with_words_beside_its_fields(app: Flask, session: Session):
    cast = make_cast(app, session)
    posts = [route for route in routes_of(app) if route.method == "POST"]
    asked = set()
    for route, who in ((route, who) for route in posts for who in ("anonymous", "owner", "admin")):
        answer = cast.ask(who, route)
        if answer.status_code != 422:
            continue
        asked.add(route.endpoint)
        marked = MARKED.findall(answer.text)
        assert marked or route.endpoint in ELSEWHERE, route.name
        for control in marked:
            told = TOLD.search(control)
            assert told, (route.name, control)
            assert re.search(rf'class="fault" id="{told[1]}"><[^>]*>.*\w', answer.text), control
    assert len(asked) > 25
