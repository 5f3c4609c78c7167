"""Joined styles, hashed names, content codings, and the icons a page carries."""

import gzip
import shutil
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from shop.core import assets
from shop.core.assets import DOORS, STATIC, Assets, squeeze


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("assets-only", static_folder=None)
    assets.init_app(app)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def house() -> Assets:
    return Assets()


def test_every_door_names_real_files() -> None:
    named = {name for files in DOORS.values() for name in files}
    assert [name for name in named if not (STATIC / f"css/{name}.css").is_file()] == []


def test_every_style_file_is_used() -> None:
    folder = STATIC / "css"
    written = {p.relative_to(folder).with_suffix("").as_posix() for p in folder.rglob("*.css")}
    assert written == {name for files in DOORS.values() for name in files}


def test_buyer_styles_fit_the_budget(house: Assets) -> None:
    packed = house.by_name[house.stylesheet("buyer").rpartition("/")[2]].packed
    assert len(packed["gzip"]) <= 8000
    assert len(packed["br"]) < len(packed["gzip"])


def test_layers_are_declared_first(house: Assets) -> None:
    for door in DOORS:
        body = house.by_name[house.stylesheet(door).rpartition("/")[2]].body
        assert body.startswith(b"@layer tokens,base,components,pages;")


def test_squeeze_keeps_meaningful_spaces() -> None:
    css = "/* why */ a :hover { margin: calc(1px + 2px) 0; }\n@media (min-width: 1px) and (x) { }"
    assert squeeze(css) == "a :hover{margin: calc(1px + 2px) 0}@media (min-width: 1px) and (x){}"


def test_name_changes_with_content(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(STATIC, tmp_path / "static"))
    before = Assets(folder).stylesheet("buyer")
    with (folder / "css/base.css").open("a") as base:
        base.write("@layer base { p { orphans: 3; } }")
    assert Assets(folder).stylesheet("buyer") != before
    assert Assets(STATIC).stylesheet("buyer") == before


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("", None),
    ],
)
def test_body_is_packed_as_accepted(
    client: FlaskClient, house: Assets, accepts: str, coding: str | None
) -> None:
    url = house.stylesheet("buyer")
    answer = client.get(url, headers={"Accept-Encoding": accepts})
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert answer.headers.get("Content-Encoding") == coding
    assert unpack(answer.data) == house.by_name[url.rpartition("/")[2]].body
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_file_is_kept_for_a_year(client: FlaskClient, house: Assets) -> None:
    answer = client.get(house.asset("icon.svg"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type.startswith("image/svg+xml")


def test_unknown_name_is_not_found(client: FlaskClient) -> None:
    assert client.get("/assets/buyer.000000000000.css").status_code == 404


def test_address_ignores_the_english_mount(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/en"}):
        assert render_template_string("{{ stylesheet('buyer') }}").startswith("/assets/buyer.")


def test_sprite_holds_only_used_icons(app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string("{{ icon('cart') }}{{ icon('cart') }}{{ icon_sprite() }}")
    assert page.count("<symbol") == 1
    assert 'id="i-cart"' in page


def test_icons_do_not_leak_between_pages(app: Flask) -> None:
    with app.test_request_context("/"):
        render_template_string("{{ icon('cart') }}{{ icon_sprite() }}")
        assert "<symbol" not in render_template_string("{{ icon_sprite() }}")


def test_spoken_name_of_icon_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string("{{ icon('cart', '\"><b>') }}")
    assert 'aria-label="&#34;&gt;&lt;b&gt;"' in page


def test_unknown_icon_raises_at_render(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(KeyError, match="no icon named 'boot'"):
        render_template_string("{{ icon('boot') }}")
